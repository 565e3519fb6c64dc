//! Looking into the store for the engine's upkeep; nothing changes.

use super::super::StoreError;
use super::{LocalStore, facts};
use domain::hash::Sha256;
use domain::ids::ServerId;
use domain::sync::{Finding, Inspection};
use domain::wire::Seen;

impl LocalStore {
    /// Answers a question of the engine.
    pub async fn inspect(&self, what: &Inspection) -> Result<Finding, StoreError> {
        Ok(match what {
            Inspection::Stale => Finding::Stale(self.stale().await?),
            Inspection::Differing(theirs) => Finding::Differing(self.differing(theirs).await?),
            Inspection::Removable(rule) => Finding::Removable(self.removable(*rule).await?),
        })
    }

    /// What this store has seen of the server, for the announcement; `None` before the first
    /// meeting.
    pub async fn seen(&self) -> Result<Option<Seen>, StoreError> {
        let reads = [
            facts::ask(facts::SERVER),
            facts::ask(facts::CURSOR),
            facts::ask(facts::WITNESS),
        ];
        let found = self.disk.look(&reads).await?;
        let Some((_, epoch)) = facts::told::<(ServerId, u64)>(&found[0])? else {
            return Ok(None);
        };
        let receipt = match facts::told::<Sha256>(&found[2])? {
            Some(name) => self.receipt(name).await?,
            None => None,
        };
        Ok(Some(Seen {
            epoch,
            cursor: facts::told(&found[1])?,
            receipt,
        }))
    }
}
