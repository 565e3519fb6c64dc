//! The operations of the phone's store, the same over every disk.

mod changes;
mod clean;
mod drafts;
mod erase;
mod facts;
mod inspect;
mod news;
mod patrol;
mod people;
mod photos;
mod queue;
mod records;
mod rescue;
mod reserve;
mod room;
mod rows;
mod submit;
mod view;

pub use clean::Usage;
pub use drafts::DraftSummary;
pub use patrol::{ActivePatrol, OpenFixes};
pub use people::{KnownPerson, PhoneStore};
pub use photos::{CHUNK_BYTES, Found, Intake, StoredPhoto};
pub use records::{Delivery, DeliveryBlob, FeedFacts, LocalEntry, RecordEntries, RecordPage};
pub use rescue::{Rescue, RescueBlob};
pub use submit::Saved;

use super::StoreError;
use super::disk::{Disk, Durability, Plan, Read, Rows};
use super::schema::Table;
use domain::ids::LogId;
use domain::register::PersonId;
use std::fmt;
use std::rc::Rc;

/// One person's store on this phone. Cheap to clone; two tabs have two of them over one disk.
#[derive(Clone)]
pub struct LocalStore {
    disk: Rc<dyn Disk>,
    person: PersonId,
    log_id: LogId,
}

impl fmt::Debug for LocalStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalStore")
            .field("person", &self.person)
            .field("log_id", &self.log_id)
            .finish_non_exhaustive()
    }
}

impl LocalStore {
    /// Opens a person's store. `log_id` is random and taken only if the store is new: a log
    /// belongs to one store for as long as it lives.
    pub async fn open(
        disk: Rc<dyn Disk>,
        person: PersonId,
        log_id: LogId,
    ) -> Result<Self, StoreError> {
        let head = facts::head_or_new(&*disk, log_id).await?;
        Ok(Self {
            disk,
            person,
            log_id: head.log_id,
        })
    }

    /// Whose store this is.
    pub const fn person(&self) -> &PersonId {
        &self.person
    }

    /// The log that entries saved here are chained in.
    pub const fn log_id(&self) -> LogId {
        self.log_id
    }

    /// Lets go of the database, for example before another person signs in.
    pub fn close(&self) {
        self.disk.close();
    }

    /// One read of one question.
    async fn look(&self, read: Read) -> Result<Rows, StoreError> {
        let mut found = self.disk.look(&[read]).await?;
        Ok(found.pop().unwrap_or_default())
    }

    async fn strictly(
        &self,
        tables: &[Table],
        reads: &[Read],
        plan: Plan<'_>,
    ) -> Result<(), StoreError> {
        self.disk
            .change(Durability::Strict, tables, reads, plan)
            .await
    }
}
