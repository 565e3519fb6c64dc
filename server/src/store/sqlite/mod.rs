//! The store on `SQLite`: WAL, synced at every commit, one writer, readers that never wait.

mod accounts;
mod audit;
mod blobs;
mod codec;
mod copy;
mod desk;
mod devices;
mod digest;
mod erase;
mod feed;
mod ingest;
mod known;
mod logs;
mod map;
mod open;
mod own;
mod place;
mod purge;
mod quarantine;
mod rebuild;
mod record;
mod registers;
mod server;
mod uploads;
mod write;

pub use audit::SqliteAudit;
pub use copy::copy;

use super::refold::Judges;
use super::{
    Account, Announced, Appended, Batch, Chunk, Doubt, Doubts, FeedHead, FeedRow, Identity,
    Ingested, Judge, MapLayer, NamedBlob, NewSession, OpenLog, Page, PhoneScope, Purgeable,
    Rebuilt, ScopeRows, Search, Session, Store, StoreError, StoredRecord, Upload, Which,
};
use crate::auth::TokenHash;
use async_trait::async_trait;
use domain::access::Scope;
use domain::entry::{DeviceKey, LogHead};
use domain::feed::Block;
use domain::hash::{EntryHash, Sha256};
use domain::ids::{DeviceId, EntryId, LogId, RecordId, UploadId};
use domain::receipt::{HeldBlob, HeldEntry, ReceiptKey};
use domain::register::{DivisionId, DivisionTree, PersonId, RegisterSet};
use domain::time::WallMs;
use domain::wire::{ClosedLog, Gap, RecordFilter, RecordMap};
use sqlx::{SqliteConnection, SqlitePool};
use tokio::sync::Mutex;

/// An open database file.
#[derive(Debug)]
pub struct SqliteStore {
    writer: Mutex<SqliteConnection>,
    readers: SqlitePool,
}

#[async_trait]
impl Store for SqliteStore {
    async fn identity(&self) -> Result<Identity, StoreError> {
        server::identity(self).await
    }
    async fn raise_epoch(&self, floor: u64, why: &str, now: WallMs) -> Result<u64, StoreError> {
        server::raise_epoch(self, floor, why, now).await
    }
    async fn note_key(&self, key: &ReceiptKey, now: WallMs) -> Result<(), StoreError> {
        server::note_key(self, key, now).await
    }
    async fn keys(&self) -> Result<Vec<ReceiptKey>, StoreError> {
        let mut reader = self.readers.acquire().await?;
        server::keys(&mut reader).await
    }

    async fn put_registers(
        &self,
        set: &RegisterSet,
        tree: &DivisionTree,
    ) -> Result<u64, StoreError> {
        registers::put(self, set, tree).await
    }
    async fn registers(&self) -> Result<(u64, RegisterSet), StoreError> {
        registers::newest(self).await
    }
    async fn registers_version(&self) -> Result<u64, StoreError> {
        registers::version(self).await
    }

    async fn put_accounts(&self, accounts: &[Account]) -> Result<(), StoreError> {
        accounts::put(self, accounts).await
    }
    async fn account(&self, name: &str) -> Result<Option<Account>, StoreError> {
        accounts::by_name(self, name).await
    }
    async fn account_of(&self, person: &PersonId) -> Result<Option<Account>, StoreError> {
        accounts::of(self, person).await
    }
    async fn disable(&self, person: &PersonId, now: WallMs) -> Result<(), StoreError> {
        accounts::disable(self, person, now).await
    }
    async fn open_session(&self, session: &NewSession) -> Result<(), StoreError> {
        accounts::open_session(self, session).await
    }
    async fn session(&self, token: &TokenHash) -> Result<Option<Session>, StoreError> {
        accounts::session(self, token).await
    }
    async fn touch_session(&self, token: &TokenHash, now: WallMs) -> Result<(), StoreError> {
        accounts::touch_session(self, token, now).await
    }
    async fn close_session(&self, token: &TokenHash) -> Result<(), StoreError> {
        accounts::close_session(self, token).await
    }

    async fn bind_device(
        &self,
        device: DeviceId,
        person: &PersonId,
        key: &DeviceKey,
        now: WallMs,
    ) -> Result<(), StoreError> {
        devices::bind(self, device, person, key, now).await
    }
    async fn device_keys(
        &self,
        device: DeviceId,
        persons: [&PersonId; 2],
    ) -> Result<Vec<DeviceKey>, StoreError> {
        devices::shared(self, device, persons).await
    }

    async fn ingest(&self, batch: &Batch, judge: &dyn Judge) -> Result<Ingested, StoreError> {
        ingest::ingest(self, batch, judge).await
    }

    async fn gaps(&self, person: &PersonId, heads: &[LogHead]) -> Result<Vec<Gap>, StoreError> {
        place::gaps(self, person, heads).await
    }
    async fn announce(&self, what: &Announced) -> Result<(), StoreError> {
        logs::announce(self, what).await
    }
    async fn open_logs(&self, limit: u32) -> Result<Vec<OpenLog>, StoreError> {
        logs::open(self, limit).await
    }
    async fn all_logs(&self, limit: u32) -> Result<Vec<OpenLog>, StoreError> {
        logs::all(self, limit).await
    }
    async fn log(&self, id: LogId) -> Result<Option<OpenLog>, StoreError> {
        logs::one(self, id).await
    }
    async fn close_log(&self, id: LogId, closed: &ClosedLog) -> Result<(), StoreError> {
        logs::close(self, id, closed).await
    }
    async fn held_entries(
        &self,
        person: &PersonId,
        hashes: &[EntryHash],
    ) -> Result<Vec<HeldEntry>, StoreError> {
        place::held(self, person, hashes).await
    }
    async fn held_blobs(
        &self,
        person: &PersonId,
        blobs: &[Sha256],
    ) -> Result<Vec<HeldBlob>, StoreError> {
        blobs::of_person(self, person, blobs).await
    }

    async fn count_blobs(&self) -> Result<u64, StoreError> {
        blobs::count_all(self).await
    }

    async fn feed_heads(&self) -> Result<Vec<FeedHead>, StoreError> {
        feed::heads(self).await
    }
    async fn since(
        &self,
        scope: &PhoneScope,
        shard: &DivisionId,
        seq: u64,
        limit: u32,
    ) -> Result<(Vec<FeedRow>, u64), StoreError> {
        feed::since(self, scope, shard, seq, limit).await
    }
    async fn scope_rows(&self, scope: &PhoneScope) -> Result<Vec<ScopeRows>, StoreError> {
        digest::rows(self, scope).await
    }
    async fn scope_block(
        &self,
        scope: &PhoneScope,
        block: &Block,
    ) -> Result<(Vec<FeedRow>, u64), StoreError> {
        digest::block(self, scope, block).await
    }
    async fn chain(
        &self,
        shard: &DivisionId,
        seq: u64,
        limit: u32,
    ) -> Result<Vec<(u64, EntryHash, Sha256)>, StoreError> {
        feed::chain(self, shard, seq, limit).await
    }

    async fn named_blob(
        &self,
        person: &PersonId,
        entry: EntryId,
        sha256: Sha256,
    ) -> Result<Option<NamedBlob>, StoreError> {
        uploads::named(self, person, entry, sha256).await
    }
    async fn open_upload(&self, upload: &Upload) -> Result<Upload, StoreError> {
        uploads::open(self, upload).await
    }
    async fn upload(&self, person: &PersonId, id: UploadId) -> Result<Option<Upload>, StoreError> {
        uploads::get_one(self, person, id).await
    }
    async fn append_chunk(
        &self,
        id: UploadId,
        chunk: &Chunk,
        now: WallMs,
    ) -> Result<Appended, StoreError> {
        uploads::append(self, id, chunk, now).await
    }
    async fn chunks(&self, id: UploadId) -> Result<Vec<Chunk>, StoreError> {
        uploads::chunks(self, id).await
    }
    async fn drop_upload(&self, id: UploadId) -> Result<(), StoreError> {
        uploads::drop(self, id).await
    }
    async fn stale_uploads(&self, before: WallMs) -> Result<Vec<UploadId>, StoreError> {
        uploads::stale(self, before).await
    }

    async fn records(
        &self,
        scope: &Scope,
        filter: &RecordFilter,
        search: &Search,
    ) -> Result<Page, StoreError> {
        desk::page(self, scope, filter, search).await
    }
    async fn map(
        &self,
        scope: &Scope,
        filter: &RecordFilter,
        search: &Search,
    ) -> Result<RecordMap, StoreError> {
        map::records(self, scope, filter, search).await
    }
    async fn put_map_layers(&self, layers: &[MapLayer]) -> Result<(), StoreError> {
        map::put_layers(self, layers).await
    }
    async fn map_layers(&self) -> Result<Vec<MapLayer>, StoreError> {
        map::layers(self).await
    }
    async fn made_on(
        &self,
        patrol: RecordId,
        author: &PersonId,
        limit: u32,
    ) -> Result<Vec<RecordId>, StoreError> {
        record::made_on(self, patrol, author, limit).await
    }
    async fn record(&self, id: RecordId) -> Result<Option<StoredRecord>, StoreError> {
        record::read(self, id).await
    }

    async fn doubts(
        &self,
        scope: &Scope,
        me: &PersonId,
        after: u64,
        limit: u32,
    ) -> Result<Doubts, StoreError> {
        quarantine::waiting(self, scope, me, after, limit).await
    }
    async fn doubt(&self, entry: EntryId) -> Result<Option<Doubt>, StoreError> {
        quarantine::one(self, entry).await
    }

    async fn purgeable(&self, which: &Which, limit: u32) -> Result<Vec<Purgeable>, StoreError> {
        purge::purgeable(self, which, limit).await
    }
    async fn erase_refused(&self, sender: &PersonId) -> Result<u64, StoreError> {
        purge::erase_refused(self, sender).await
    }
    async fn is_erased(&self, person: &PersonId, entry: EntryId) -> Result<bool, StoreError> {
        erase::is_erased(self, person, entry).await
    }
    async fn blobs_to_erase(&self) -> Result<Vec<Sha256>, StoreError> {
        erase::to_erase(self).await
    }
    async fn blob_erased(&self, blob: Sha256) -> Result<(), StoreError> {
        erase::done(self, blob).await
    }
    async fn erasures(&self) -> Result<u64, StoreError> {
        erase::count_done(self).await
    }
    async fn lose_blobs(&self, blobs: &[Sha256]) -> Result<(), StoreError> {
        blobs::lose(self, blobs).await
    }
    async fn unknown_uploads(&self, ids: &[UploadId]) -> Result<Vec<UploadId>, StoreError> {
        uploads::unknown(self, ids).await
    }

    async fn rebuild(
        &self,
        tree: &DivisionTree,
        judges: Judges<'_>,
        told: &(dyn Fn(u64) + Sync),
    ) -> Result<Rebuilt, StoreError> {
        rebuild::rebuild(self, tree, judges, told).await
    }

    async fn settle(&self) -> Result<(), StoreError> {
        open::settle(self).await
    }

    async fn close(&self) -> Result<(), StoreError> {
        open::close(self).await
    }
}
