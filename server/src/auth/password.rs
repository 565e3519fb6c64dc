use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use std::sync::{Arc, OnceLock};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Checks passwords: argon2id with the crate's defaults (19 MiB, t = 2, p = 1; OWASP Password
/// Storage Cheat Sheet), never more at once than there are processors.
#[derive(Debug, Clone)]
pub struct Passwords {
    slots: Arc<Semaphore>,
    nobody: Arc<str>,
}

/// Why a password cannot be hashed.
#[derive(Debug, thiserror::Error)]
#[error("the password cannot be hashed: {0}")]
pub struct HashFailed(String);

/// The PHC text of a password: what an account stores. Takes tens of milliseconds.
pub fn hash_password(password: &str) -> Result<String, HashFailed> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|e| HashFailed(e.to_string()))
}

/// What is compared where there is no account: hashed once, however many servers a process has.
static NOBODY: OnceLock<Arc<str>> = OnceLock::new();

impl Passwords {
    /// Ready to check. Takes tens of milliseconds the first time.
    pub fn new() -> Result<Self, HashFailed> {
        let nobody = if let Some(nobody) = NOBODY.get() {
            Arc::clone(nobody)
        } else {
            let hashed = hash_password("nobody has this password")?;
            Arc::clone(NOBODY.get_or_init(|| hashed.into()))
        };
        let slots = std::thread::available_parallelism().map_or(2, usize::from);
        Ok(Self {
            slots: Arc::new(Semaphore::new(slots)),
            nobody,
        })
    }

    /// Whether the password is the one of `stored`. Without an account it takes as long and is
    /// false, so that timing does not tell which accounts exist.
    pub async fn matches(&self, password: String, stored: Option<String>) -> bool {
        let Ok(_slot) = self.slots.acquire().await else {
            return false;
        };
        let known = stored.is_some();
        let hash = stored.unwrap_or_else(|| self.nobody.to_string());
        let checked = spawn_blocking(move || {
            PasswordHash::new(&hash).is_ok_and(|hash| {
                Argon2::default()
                    .verify_password(password.as_bytes(), &hash)
                    .is_ok()
            })
        });
        checked.await.unwrap_or(false) && known
    }
}
