use crate::http::{Caller, Failure};
use axum::Extension;
use axum::http::header;
use axum::response::IntoResponse;
use domain::access::Object;
use std::sync::Arc;
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};

/// The description as it is sent.
#[derive(Debug, Clone)]
pub(super) struct Document(Arc<str>);

impl Document {
    pub(super) fn new(api: &OpenApi) -> Self {
        // Made of static parts only; a failure would be seen by the first test that reads it.
        Self(serde_json::to_string(api).unwrap_or_default().into())
    }
}

pub(super) fn info() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Xunhe")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Sync between phones and server, and what desks read. PROTOCOL.md is the authority; \
             payload types are those of the crate xunhe-domain. Every call also works as POST \
             with X-HTTP-Method-Override.",
        ))
        .build();
    OpenApiBuilder::new().info(info).build()
}

/// This description.
#[utoipa::path(get, path = "/api/openapi.json", tag = "server",
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)))]
pub(super) async fn show(
    caller: Caller,
    Extension(document): Extension<Document>,
) -> Result<impl IntoResponse, Failure> {
    caller.may(&Object::Nothing)?;
    Ok((
        [(header::CONTENT_TYPE, "application/json")],
        document.0.to_string(),
    ))
}
