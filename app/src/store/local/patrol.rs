//! A patrol under way: its fixes are kept as they come, so that a killed page loses at most the
//! last one.

use super::super::StoreError;
use super::super::disk::{Durability, Read, Row, Write};
use super::super::schema::Table;
use super::submit::Also;
use super::{LocalStore, Saved, facts, rows};
use domain::entry::Unsealed;
use domain::hash::Sha256;
use domain::ids::RecordId;
use domain::patrol::{TrackFix, ValidityRule, cut_part, read_track, write_track};
use domain::register::{DivisionId, PostId, ReachId};
use domain::time::WallMs;
use serde::{Deserialize, Serialize};

const PATROL: &str = "patrol";
const FIXES: &str = "fix/";

/// A patrol that was begun and not finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivePatrol {
    /// Its record: the entry that began it.
    pub record: RecordId,
    /// When, by the device.
    pub started_ms: WallMs,
    /// The post acted under.
    pub post: PostId,
    /// Its division.
    pub division: DivisionId,
    /// The reach.
    pub reach: Option<ReachId>,
    /// The rule in force when it began.
    pub rule: Option<ValidityRule>,
    /// The tracks of the parts that are closed, in order.
    pub parts: Vec<Sha256>,
}

/// Fixes that no part holds yet, with the keys of their rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OpenFixes {
    /// Each with how many fixes there are up to it: a row that does not read adds none.
    keys: Vec<(String, usize)>,
    /// The fixes, in order.
    pub fixes: Vec<TrackFix>,
}

impl OpenFixes {
    /// The fixes of the next part with their rows.
    #[must_use]
    pub fn next_part(&self) -> Self {
        let (part, _) = cut_part(&self.fixes);
        let rows = self.keys.iter().filter(|(_, upto)| *upto <= part.len());
        Self {
            keys: rows.cloned().collect(),
            fixes: part.to_vec(),
        }
    }

    /// Whether the next part can grow no more.
    pub fn is_full(&self) -> bool {
        !cut_part(&self.fixes).1.is_empty()
    }
}

impl LocalStore {
    /// The patrol under way, if there is one.
    pub async fn active_patrol(&self) -> Result<Option<ActivePatrol>, StoreError> {
        self.fact(PATROL).await
    }

    /// 开始巡河: the entry that begins it, and that it is under way, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::UnderWay`] if one is: it goes on, and nothing was written.
    pub async fn begin_patrol(
        &self,
        start: &Unsealed,
        active: &ActivePatrol,
        now: WallMs,
    ) -> Result<Saved, StoreError> {
        let also = Also {
            writes: vec![facts::set(PATROL, active)?],
            only_without: Some(PATROL),
        };
        self.submit_with(start, None, now, also).await
    }

    /// Keeps one fix; `number` grows with each.
    pub async fn keep_fix(&self, number: u64, fix: TrackFix) -> Result<(), StoreError> {
        let row = Row {
            key: format!("{FIXES}{}", rows::ordinal(number)),
            value: write_track(&[fix]),
            marks: Vec::new(),
        };
        self.disk
            .change(Durability::Relaxed, &[Table::Chunk], &[], &|_| {
                Ok(vec![Write::Put(Table::Chunk, row.clone())])
            })
            .await
    }

    /// The fixes that no part holds yet. A row that does not read is left out: one fix less.
    pub async fn open_fixes(&self) -> Result<OpenFixes, StoreError> {
        let found = self.look(Read::all(Table::Chunk).starting(FIXES)).await?;
        let mut open = OpenFixes::default();
        for row in found.rows {
            open.fixes
                .extend(read_track(&row.value).unwrap_or_default());
            open.keys.push((row.key, open.fixes.len()));
        }
        Ok(open)
    }

    /// The fixes of a closed part.
    pub async fn part_fixes(&self, track: Sha256) -> Result<Vec<TrackFix>, StoreError> {
        let bytes = self.whole_photo(track).await?;
        Ok(bytes.and_then(|b| read_track(&b).ok()).unwrap_or_default())
    }

    /// Closes a part: its entry goes in and its open fixes go out together.
    pub async fn close_part(
        &self,
        part: &Unsealed,
        active: &ActivePatrol,
        fixes: &OpenFixes,
        now: WallMs,
    ) -> Result<Saved, StoreError> {
        let gone = fixes.keys.iter();
        let mut also: Vec<_> = gone
            .map(|(key, _)| Write::Delete(Table::Chunk, key.clone()))
            .collect();
        also.push(facts::set(PATROL, active)?);
        self.submit_with(part, None, now, Also::of(also)).await
    }

    /// 结束巡河: from now on none is under way.
    pub async fn finish_patrol(&self, finish: &Unsealed, now: WallMs) -> Result<Saved, StoreError> {
        let also = vec![Write::Delete(Table::Meta, PATROL.to_owned())];
        self.submit_with(finish, None, now, Also::of(also)).await
    }
}
