use axum::extract::Request;
use axum::http::Method;
use domain::wire::upload_header;

/// Government-cloud firewalls let only GET and POST through: a POST may name the method it
/// stands for. Runs around the whole router, since a layer inside it comes after routing.
pub fn override_method(mut request: Request) -> Request {
    let named = request.headers().get(upload_header::METHOD_OVERRIDE);
    let wanted = named.map(|v| v.as_bytes().to_ascii_uppercase());
    if request.method() == Method::POST {
        match wanted.as_deref() {
            Some(b"GET") => *request.method_mut() = Method::GET,
            Some(b"HEAD") => *request.method_mut() = Method::HEAD,
            Some(b"PATCH") => *request.method_mut() = Method::PATCH,
            Some(b"DELETE") => *request.method_mut() = Method::DELETE,
            _ => {}
        }
    }
    request
}
