//! A request and its answer as values, and what the app makes of an answer.

use domain::sync::Failure;
use domain::wire::Fault;
use serde::de::DeserializeOwned;

/// A request to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// As the app names it; a firewall may let it through only as a POST.
    pub method: &'static str,
    /// Below `/api/v1`.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether it is one that may take long.
    pub heavy: bool,
}

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// To HEAD there is none.
    pub bodiless: bool,
}

impl Ask {
    /// A request without a body.
    pub fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            body: Vec::new(),
            heavy: false,
        }
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With a body.
    #[must_use]
    pub fn body(self, mime: &str, body: Vec<u8>) -> Self {
        Self {
            body,
            ..self.header("content-type", mime)
        }
    }
}

impl Reply {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A number in a header.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.header(name)?.parse().ok()
    }

    /// Whether it says that it is JSON.
    pub fn is_json(&self) -> bool {
        self.header("content-type")
            .is_some_and(|mime| mime.starts_with("application/json"))
    }

    /// Reads the body; what does not read is not ours.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let text = std::str::from_utf8(&self.body).map_err(|_| Failure::NotOurs)?;
        if !self.is_json() {
            return Err(Failure::NotOurs);
        }
        domain::json::read(text).map_err(|_| Failure::NotOurs)
    }

    /// Itself, if it is a success of our server. A page that something on the way redirects to
    /// is not our answer.
    pub fn judged(&self) -> Result<&Self, Failure> {
        match self.status {
            200..=299 => Ok(self),
            300..=399 => Err(Failure::NotOurs),
            401 => Err(Failure::SignedOut),
            status => match self.read::<Fault>() {
                Ok(fault) => Err(Failure::Fault { status, fault }),
                // Its status must do. Without a body, anything else is not our answer.
                Err(_) if self.bodiless => Err(Failure::Fault {
                    status,
                    fault: Fault::new("no_body"),
                }),
                Err(failure) => Err(failure),
            },
        }
    }
}
