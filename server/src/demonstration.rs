//! The demonstration at first start: registers, accounts and their one password.

use crate::app::Shared;
use crate::auth::{HashFailed, hash_password};
use crate::demo::{self, DemoAccount, DemoError};
use crate::registry::BadRegisters;
use crate::store::{Account, StoreError};

/// What was loaded; the password is stored nowhere in the clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demonstration {
    /// Accounts in the order in which they are worth showing.
    pub accounts: Vec<DemoAccount>,
    /// Theirs, drawn anew for each installation: a known one would be found by the first scan.
    pub password: String,
}

/// Why the demonstration was not loaded.
#[derive(Debug, thiserror::Error)]
pub enum DemonstrationError {
    /// Its files.
    #[error(transparent)]
    Files(#[from] DemoError),
    /// Its registers.
    #[error(transparent)]
    Registers(#[from] BadRegisters),
    /// Its accounts.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its password.
    #[error(transparent)]
    Password(#[from] HashFailed),
}

/// Loads it if there are no registers at all; `None` if there are.
pub(crate) async fn load(app: &Shared) -> Result<Option<Demonstration>, DemonstrationError> {
    if app.registry.version() > 0 {
        return Ok(None);
    }
    let demo = demo::load()?;
    let password = draw_password();
    let hash = hash_password(&password)?;
    let accounts: Vec<Account> = demo
        .accounts
        .iter()
        .map(|a| Account {
            account: a.account.clone(),
            person: a.person.clone(),
            password: hash.clone(),
            disabled_ms: None,
        })
        .collect();
    app.store.put_map_layers(&demo::map_layers()?).await?;
    // Accounts first: if the power fails in between, the next start does both again.
    app.store.put_accounts(&accounts).await?;
    app.registry
        .replace(app.store.as_ref(), demo.registers)
        .await?;
    Ok(Some(Demonstration {
        accounts: demo.accounts,
        password,
    }))
}

/// Twelve characters that are told apart on paper and over the telephone: about 58 bits.
fn draw_password() -> String {
    const ALPHABET: &[u8; 29] = b"abcdefghjkmnpqrstuvwxyz346789";
    let mut password = String::with_capacity(12);
    while password.len() < 12 {
        let [byte] = crate::random::bytes::<1>();
        // Taken anew where a remainder would favour the first letters.
        if byte < 232 {
            password.push(char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
        }
    }
    password
}
