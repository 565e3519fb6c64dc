//! Drafts: saved after every change, gone only with their entry or by the person's own word.

use super::super::StoreError;
use super::super::disk::{Durability, Read, Write};
use super::super::schema::Table;
use super::{LocalStore, rows};
use domain::ids::DraftId;
use domain::order::sort_by_key;
use domain::record::{Draft, ProblemCode, Subject};
use domain::time::WallMs;
use serde::{Deserialize, Serialize};

/// A draft with the instant of its last change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct DraftRow {
    draft: Draft,
    changed_ms: WallMs,
}

/// A draft in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftSummary {
    /// The draft.
    pub id: DraftId,
    /// What it is about.
    pub subject: Subject,
    /// The problem, once chosen.
    pub problem: Option<ProblemCode>,
    /// Photos so far.
    pub photos: usize,
    /// When it was last changed, by the device.
    pub changed_ms: WallMs,
}

impl LocalStore {
    /// Saves a draft. `Relaxed` is enough while somebody types; before the camera opens and
    /// after a photo it must be `Strict` (a phone short of memory kills the page then).
    pub async fn save_draft(
        &self,
        draft: &Draft,
        now: WallMs,
        durability: Durability,
    ) -> Result<(), StoreError> {
        let value = DraftRow {
            draft: draft.clone(),
            changed_ms: now,
        };
        let row = rows::row(draft.id.to_string(), &value, Vec::new())?;
        // A draft that has become an entry must not come back by a late autosave.
        let submitted = [Read::one(Table::Outbox, draft.id.to_string())];
        let tables = [Table::Draft, Table::Outbox];
        self.disk
            .change(durability, &tables, &submitted, &|found| {
                if found[0].rows.is_empty() {
                    Ok(vec![Write::Put(Table::Draft, row.clone())])
                } else {
                    Ok(Vec::new())
                }
            })
            .await
    }

    /// The draft, if it is still one.
    pub async fn draft(&self, id: DraftId) -> Result<Option<Draft>, StoreError> {
        let found = self.look(Read::one(Table::Draft, id.to_string())).await?;
        let row: Option<DraftRow> = rows::read_first(Table::Draft, &found)?;
        Ok(row.map(|r| r.draft))
    }

    /// All drafts, the last changed first.
    pub async fn drafts(&self) -> Result<Vec<DraftSummary>, StoreError> {
        let found = self.look(Read::all(Table::Draft)).await?;
        let mut all: Vec<DraftSummary> = rows::read_all::<DraftRow>(Table::Draft, &found)?
            .into_iter()
            .map(|row| DraftSummary {
                id: row.draft.id,
                subject: row.draft.subject,
                problem: row.draft.problem,
                photos: row.draft.photos.len(),
                changed_ms: row.changed_ms,
            })
            .collect();
        sort_by_key(&mut all, |d| std::cmp::Reverse(d.changed_ms));
        Ok(all)
    }

    /// Deletes a draft at the person's word. Its photos go with the next clean-up.
    pub async fn delete_draft(&self, id: DraftId) -> Result<(), StoreError> {
        self.strictly(&[Table::Draft], &[], &|_| {
            Ok(vec![Write::Delete(Table::Draft, id.to_string())])
        })
        .await
    }
}
