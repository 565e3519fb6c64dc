use super::chain;
use domain::entry::Entry;
use domain::hash::Sha256;
use domain::ids::{EntryId, LogId};
use domain::register::PersonId;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{ConnectOptions as _, Row as _, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Everything that a data folder holds, after looking whether it fits together.
#[derive(Debug, Default)]
pub struct Held {
    /// Entries, byte for byte.
    pub entries: BTreeMap<EntryId, Entry>,
    /// Blobs that are held, and who delivered them.
    pub blobs: BTreeSet<(PersonId, Sha256)>,
}

type Read<T> = Result<T, String>;

/// Where the bytes of a blob lie.
pub fn blob_path(folder: &Path, sha256: Sha256) -> PathBuf {
    let name = sha256.to_string();
    folder.join("blobs/blobs").join(&name[..2]).join(&name)
}

impl Held {
    /// Reads a folder; beside a running server too.
    ///
    /// # Errors
    /// Says what does not hold: a row that is not its hash (I-5), an entry twice (I-3), a broken
    /// chain (I-14), a blob without its bytes (I-4).
    pub async fn read(folder: &Path) -> Read<Self> {
        let mut db = open(folder).await?;
        let sound = all(&mut db, "PRAGMA quick_check").await?;
        let sound: String = sound[0].get(0);
        if sound != "ok" {
            return Err(format!("the database is damaged: {sound}"));
        }
        let mut held = Self::default();
        for row in all(
            &mut db,
            "SELECT entry_id, hash, header, body, sig FROM entry",
        )
        .await?
        {
            let (id, entry) = entry(&row)?;
            if held.entries.insert(id, entry).is_some() {
                return Err(format!("{id} is stored twice"));
            }
        }
        chain::check(&mut db).await?;
        for row in all(&mut db, "SELECT person, sha256, size FROM blob_held").await? {
            let (sha256, size) = (sha256(row.get("sha256"))?, row.get::<i64, _>("size"));
            let path = blob_path(folder, sha256);
            let bytes = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            if Sha256::of(&bytes) != sha256 || bytes.len() as u64 != size.cast_unsigned() {
                return Err(format!("{sha256} has other bytes"));
            }
            let person: String = row.get("person");
            let person = person
                .parse()
                .map_err(|_| format!("{person:?} is nobody"))?;
            held.blobs.insert((person, sha256));
        }
        Ok(held)
    }

    /// The places of a log that are explained: by an entry that is stored, or by a refusal.
    pub async fn places(folder: &Path, log: LogId) -> Read<BTreeSet<u64>> {
        let mut db = open(folder).await?;
        let rows = sqlx::query(
            "SELECT seq FROM entry WHERE log_id = ?1
             UNION SELECT seq FROM refused_entry WHERE log_id = ?1 AND seq IS NOT NULL",
        )
        .bind(log.raw().to_vec())
        .fetch_all(&mut db)
        .await
        .map_err(|e| e.to_string())?;
        let seqs = rows.iter().map(|row| row.get::<i64, _>(0).cast_unsigned());
        Ok(seqs.collect())
    }
}

/// An entry whose hash and body are those that it names.
fn entry(row: &SqliteRow) -> Read<(EntryId, Entry)> {
    let text = |name: &str| {
        let bytes: Vec<u8> = row.get(name);
        String::from_utf8(bytes).map_err(|_| format!("a {name} that is no text"))
    };
    let entry = Entry {
        header: text("header")?,
        body: text("body")?,
        sig: row.get("sig"),
    };
    if entry.hash() != sha256(row.get("hash"))? {
        return Err("an entry is stored under another hash".into());
    }
    let checked = entry.clone().check().map_err(|e| e.to_string())?;
    let id = checked.header().entry_id;
    let stored: Vec<u8> = row.get("entry_id");
    if stored != id.raw().as_bytes() {
        return Err(format!("{id} is stored under another id"));
    }
    Ok((id, entry))
}

pub(super) fn sha256(raw: &[u8]) -> Read<Sha256> {
    let raw = raw.try_into().map_err(|_| "a hash of another length")?;
    Ok(Sha256::new(raw))
}

pub(super) async fn all(db: &mut SqliteConnection, sql: &'static str) -> Read<Vec<SqliteRow>> {
    sqlx::query(sql)
        .fetch_all(db)
        .await
        .map_err(|e| format!("{sql}: {e}"))
}

/// Writable, because only then can a database whose server was killed be opened.
async fn open(folder: &Path) -> Read<SqliteConnection> {
    SqliteConnectOptions::new()
        .filename(folder.join("xunhe.sqlite"))
        .connect()
        .await
        .map_err(|e| e.to_string())
}
