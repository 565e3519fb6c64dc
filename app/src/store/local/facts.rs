//! Single facts by name: the log's head, where the last pull ended, registers, settings.

use super::super::StoreError;
use super::super::disk::{Disk, Durability, Read, Rows, Write};
use super::super::schema::Table;
use super::{LocalStore, rows};
use domain::entry::LogHead;
use domain::ids::LogId;
use domain::register::PhoneRegisters;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub(super) const HEAD: &str = "head";
pub(super) const ARRIVALS: &str = "arrivals";
pub(super) const SERVER: &str = "server";
pub(super) const CURSOR: &str = "cursor";
pub(super) const LAST_SYNC: &str = "last_sync";
/// When the view was last compared with the server's.
pub(super) const CHECKED: &str = "checked";
/// The view may hold what left the scope.
pub(super) const SWEEP_OWED: &str = "sweep_owed";
/// How many snapshots of the scope began.
pub(super) const SNAPSHOT: &str = "snapshot";
/// The newest receipt that is short enough to travel with an announcement.
pub(super) const WITNESS: &str = "witness";
const REGISTERS: &str = "registers";

/// The question for a fact.
pub(super) fn ask(name: &str) -> Read {
    Read::one(Table::Meta, name)
}

/// The answer, if the fact is known.
pub(super) fn told<T: DeserializeOwned>(rows: &Rows) -> Result<Option<T>, StoreError> {
    rows::read_first(Table::Meta, rows)
}

/// Sets a fact.
pub(super) fn set<T: Serialize>(name: &str, value: &T) -> Result<Write, StoreError> {
    Ok(Write::Put(Table::Meta, rows::row(name, value, Vec::new())?))
}

/// The registers as last fetched, and the server's number for that state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct CachedRegisters {
    version: u64,
    registers: PhoneRegisters,
}

/// The head of the store's log; a new store begins the log `fresh`.
pub(super) async fn head_or_new(disk: &dyn Disk, fresh: LogId) -> Result<LogHead, StoreError> {
    let look = || async {
        let found = disk.look(&[ask(HEAD)]).await?;
        told::<LogHead>(&found[0])
    };
    if let Some(head) = look().await? {
        return Ok(head);
    }
    disk.change(Durability::Strict, &[Table::Meta], &[ask(HEAD)], &|found| {
        // Another tab may have been faster: its log stays.
        match told::<LogHead>(&found[0])? {
            Some(_) => Ok(Vec::new()),
            None => Ok(vec![set(HEAD, &LogHead::empty(fresh))?]),
        }
    })
    .await?;
    look().await?.ok_or(StoreError::Contended)
}

impl LocalStore {
    /// The end of the log.
    pub async fn log_head(&self) -> Result<LogHead, StoreError> {
        let head = self.fact(HEAD).await?;
        Ok(head.unwrap_or_else(|| LogHead::empty(self.log_id)))
    }

    /// The registers as last fetched, with the server's number for that state.
    pub async fn registers(&self) -> Result<Option<(u64, PhoneRegisters)>, StoreError> {
        let cached: Option<CachedRegisters> = self.fact(REGISTERS).await?;
        Ok(cached.map(|c| (c.version, c.registers)))
    }

    /// Keeps the registers for the time without a network.
    pub async fn save_registers(
        &self,
        version: u64,
        registers: &PhoneRegisters,
    ) -> Result<(), StoreError> {
        let registers = registers.clone();
        self.save_fact(REGISTERS, &CachedRegisters { version, registers })
            .await
    }

    /// A setting of this person, by name (ASCII).
    pub async fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        self.fact(&format!("setting/{name}")).await
    }

    /// Sets a setting of this person.
    pub async fn save_setting<T: Serialize>(
        &self,
        name: &str,
        value: &T,
    ) -> Result<(), StoreError> {
        self.save_fact(&format!("setting/{name}"), value).await
    }

    pub(super) async fn fact<T: DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Option<T>, StoreError> {
        told(&self.look(ask(name)).await?)
    }

    async fn save_fact<T: Serialize>(&self, name: &str, value: &T) -> Result<(), StoreError> {
        let write = set(name, value)?;
        self.strictly(&[Table::Meta], &[], &|_| Ok(vec![write.clone()]))
            .await
    }
}
