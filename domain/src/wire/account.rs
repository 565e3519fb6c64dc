use crate::entry::DeviceKey;
use crate::ids::DeviceId;
use crate::register::PersonId;
use serde::{Deserialize, Serialize};

/// Header in which a phone says whose store is asking. Tabs of one browser share the session: a
/// call made for another person than the signed-in one counts as signed out, so that nobody's
/// records are sent, and nobody's news is taken in, under another name. Only where the device's
/// key vouches for both may the call submit what that person made there.
pub const AS_PERSON: &str = "xunhe-person";

/// `POST /session`: signing in with a password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// The account's name.
    pub account: String,
    /// The password; never logged.
    pub password: String,
    /// The installation, so that its sessions and logs belong together.
    pub device_id: DeviceId,
    /// The installation's public key: with it the device may later submit what this person made
    /// on it, while somebody else is signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_key: Option<DeviceKey>,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

/// `GET /session` and the answer to signing in: who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The person.
    pub person: PersonId,
    /// The account's name.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// Whether the console opens for this person.
    pub desk: bool,
}
