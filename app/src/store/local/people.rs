//! What everybody who uses this phone shares: who has a store here, and the installation's id.

use super::super::StoreError;
use super::super::disk::{Disk, Durability, Read, Write};
use super::super::schema::Table;
use super::{facts, rows};
use domain::ids::DeviceId;
use domain::order::sort_by_key;
use domain::register::PersonId;
use domain::time::WallMs;
use serde::{Deserialize, Serialize};
use std::rc::Rc;

const DEVICE: &str = "device";

/// A person who has a store on this phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPerson {
    /// Who.
    pub person: PersonId,
    /// The account's name, to sign in again.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// Device clock when last active here: the latest is whom the app opens for.
    pub seen_ms: WallMs,
}

/// The store that everybody on this phone shares.
#[derive(Clone)]
pub struct PhoneStore {
    disk: Rc<dyn Disk>,
}

impl std::fmt::Debug for PhoneStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PhoneStore").finish_non_exhaustive()
    }
}

impl PhoneStore {
    /// A store over an opened disk.
    pub fn new(disk: Rc<dyn Disk>) -> Self {
        Self { disk }
    }

    /// The installation's id; `fresh` is random and taken only on the first start.
    pub async fn device_id(&self, fresh: DeviceId) -> Result<DeviceId, StoreError> {
        let found = self.disk.look(&[facts::ask(DEVICE)]).await?;
        if let Some(known) = facts::told(&found[0])? {
            return Ok(known);
        }
        let ask = [facts::ask(DEVICE)];
        self.disk
            .change(
                Durability::Strict,
                &[Table::Meta],
                &ask,
                &|found| match facts::told::<DeviceId>(&found[0])? {
                    Some(_) => Ok(Vec::new()),
                    None => Ok(vec![facts::set(DEVICE, &fresh)?]),
                },
            )
            .await?;
        let found = self.disk.look(&ask).await?;
        facts::told(&found[0])?.ok_or(StoreError::Contended)
    }

    /// Everybody who has a store here, the last active first.
    pub async fn people(&self) -> Result<Vec<KnownPerson>, StoreError> {
        let found = self.disk.look(&[Read::all(Table::Person)]).await?;
        let mut people: Vec<KnownPerson> = rows::read_all(Table::Person, &found[0])?;
        sort_by_key(&mut people, |p| std::cmp::Reverse(p.seen_ms));
        Ok(people)
    }

    /// Remembers a person who signed in.
    pub async fn remember(&self, person: &KnownPerson) -> Result<(), StoreError> {
        let row = rows::row(person.person.as_str(), person, Vec::new())?;
        self.disk
            .change(Durability::Strict, &[Table::Person], &[], &|_| {
                Ok(vec![Write::Put(Table::Person, row.clone())])
            })
            .await
    }
}
