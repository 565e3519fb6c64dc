use crate::judge::Rules;
use crate::store::audit::Audit;
use crate::store::{Judge, StoreError};
use domain::register::{RegisterSet, Registers};
use std::sync::Arc;

/// The rules over the versions of the registers, the newest first; older ones are read when a
/// record needs them.
#[derive(Debug, Default)]
pub(crate) struct Versions {
    rules: Vec<Rules>,
    /// The oldest that was read.
    oldest: Option<u64>,
    complete: bool,
}

impl Versions {
    /// The newest version; empty registers if there are none.
    pub(crate) async fn newest(audit: &mut dyn Audit) -> Result<Self, StoreError> {
        let mut versions = Self::default();
        versions.more(audit).await?;
        if versions.rules.is_empty() {
            versions.rules.extend(rules(RegisterSet::default()));
        }
        Ok(versions)
    }

    /// Reads the next older version; `false` if there is none.
    pub(crate) async fn more(&mut self, audit: &mut dyn Audit) -> Result<bool, StoreError> {
        while !self.complete {
            let Some((version, set)) = audit.registers(self.oldest).await? else {
                self.complete = true;
                break;
            };
            self.oldest = Some(version);
            if let Some(rules) = rules(set) {
                self.rules.push(rules);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Reads all of them.
    pub(crate) async fn all(audit: &mut dyn Audit) -> Result<Self, StoreError> {
        let mut versions = Self::newest(audit).await?;
        while versions.more(audit).await? {}
        Ok(versions)
    }

    /// Those that were read.
    pub(crate) fn judges(&self) -> Vec<&dyn Judge> {
        self.rules.iter().map(|r| r as &dyn Judge).collect()
    }

    /// The newest of them.
    pub(crate) fn registers(&self) -> Option<&Registers> {
        self.rules.first().map(|r| r.0.as_ref())
    }
}

/// A version that contradicts itself was never in force.
fn rules(set: RegisterSet) -> Option<Rules> {
    Registers::build(set).ok().map(|r| Rules(Arc::new(r)))
}
