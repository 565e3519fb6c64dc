use crate::auth::{SessionClass, TokenHash};
use domain::ids::DeviceId;
use domain::register::PersonId;
use domain::time::WallMs;

/// Who may sign in by name and password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The name typed at sign-in.
    pub account: String,
    /// Whose.
    pub person: PersonId,
    /// Argon2id in PHC form.
    pub password: String,
    /// Since when nobody may sign in with it.
    pub disabled_ms: Option<WallMs>,
}

/// A session to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// SHA-256 of the token; the token itself is never stored.
    pub token: TokenHash,
    /// Whose.
    pub person: PersonId,
    /// On which installation.
    pub device: DeviceId,
    /// Decides the limits.
    pub class: SessionClass,
    /// Now.
    pub opened_ms: WallMs,
}

/// An open session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub person: PersonId,
    /// On which installation.
    pub device: DeviceId,
    /// Decides the limits.
    pub class: SessionClass,
    /// When it was opened.
    pub opened_ms: WallMs,
    /// When it was last used.
    pub seen_ms: WallMs,
}
