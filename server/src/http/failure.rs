use crate::blobs::VaultError;
use crate::ingest::IngestError;
use crate::store::StoreError;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::wire::Fault;

/// An answer that is not a success: a status and a [`Fault`] with a stable code.
#[derive(Debug)]
pub struct Failure(Box<Answer>);

#[derive(Debug)]
struct Answer {
    status: StatusCode,
    fault: Fault,
    headers: HeaderMap,
}

impl Failure {
    /// With its code alone.
    pub fn new(status: StatusCode, code: &str) -> Self {
        let (fault, headers) = (Fault::new(code), HeaderMap::new());
        Self(Box::new(Answer {
            status,
            fault,
            headers,
        }))
    }

    /// Not there, or not visible: the caller must not be able to tell which.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found")
    }

    /// The request is wrong in itself.
    pub fn bad(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code).because(detail)
    }

    /// Says more, in English, for logs and developers.
    #[must_use]
    pub fn because(mut self, detail: impl Into<String>) -> Self {
        self.0.fault.detail = Some(detail.into());
        self
    }

    /// Says when another try makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.fault.retry_after_s = Some(seconds);
        self.0
            .headers
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }

    fn full(detail: String) -> Self {
        Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk_full")
            .because(detail)
            .retry_after(300)
    }

    /// Something of the server's own went wrong; logged here.
    pub fn broken(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(%error, "a call failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "server_failed").retry_after(30)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let Answer {
            status,
            fault,
            headers,
        } = *self.0;
        (status, headers, axum::Json(fault)).into_response()
    }
}

/// A panic in one call: the others go on.
pub fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a call panicked");
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    Failure::new(status, "server_failed")
        .retry_after(30)
        .into_response()
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DiskFull => Self::full(error.to_string()),
            StoreError::BadPageMark => Self::bad("bad_page_mark", error.to_string()),
            _ => Self::broken(&error),
        }
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::DiskFull => Self::full(error.to_string()),
            _ => Self::broken(&error),
        }
    }
}

impl From<IngestError> for Failure {
    fn from(error: IngestError) -> Self {
        let detail = error.to_string();
        match error {
            IngestError::DiskFull => Self::full(detail),
            IngestError::Store => Self::new(StatusCode::INTERNAL_SERVER_ERROR, "server_failed")
                .because(detail)
                .retry_after(30),
            IngestError::Stopping => Self::new(StatusCode::SERVICE_UNAVAILABLE, "stopping")
                .because(detail)
                .retry_after(5),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::broken(&error)
    }
}

impl From<tokio::task::JoinError> for Failure {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::broken(&error)
    }
}
