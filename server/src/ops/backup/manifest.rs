use crate::clock;
use crate::ops::stamp;
use crate::store::StoreError;
use crate::store::audit::Audit;
use domain::hash::Sha256;
use domain::ids::ServerId;
use domain::register::DivisionId;
use domain::time::WallMs;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The manifest in a set and in an archive.
pub(crate) const MANIFEST: &str = "manifest.json";
/// Its hash, in the form that `sha256sum -c` reads.
pub(crate) const SEAL: &str = "manifest.json.sha256";
/// Every blob of a set with its size.
pub(crate) const BLOB_LIST: &str = "blobs.txt";
const FORMAT: &str = "xunhe-backup";
const VERSION: u16 = 1;

/// What a backup says of itself. It is written last: without it nothing is a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    format: String,
    v: u16,
    /// The program that made it.
    pub(crate) program: String,
    /// Whose data.
    pub(crate) server_id: ServerId,
    /// In which epoch.
    pub(crate) epoch: u64,
    /// When.
    pub(crate) made_ms: WallMs,
    /// The same for people, by China's clock.
    pub(crate) made: String,
    /// Rows of every table.
    pub(crate) tables: BTreeMap<String, u64>,
    /// The end of every shard's chain.
    pub(crate) shards: BTreeMap<DivisionId, (u64, Option<Sha256>)>,
    /// The files beside it.
    pub(crate) files: Vec<Listed>,
    /// How many blobs it holds.
    pub(crate) blobs: u64,
    /// Their bytes.
    pub(crate) blob_bytes: u64,
    /// Blobs that the database counts as held and that are not in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) lost: Vec<Lost>,
    /// What was wrong with the data, if it was backed up all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) damage: Vec<String>,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) size: u64,
    pub(crate) sha256: Sha256,
}

/// A blob that could not be copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lost {
    pub(crate) sha256: Sha256,
    pub(crate) why: Why,
}

/// Why a blob is not in a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Why {
    /// It was purged while the backup was made.
    Erased,
    /// Its file is not there.
    Missing,
    /// Its file does not hash to its name.
    Damaged,
}

/// Why a text is no manifest.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoManifest {
    /// It does not read.
    #[error("it does not read: {0}")]
    Json(#[from] serde_json::Error),
    /// It is of something else, or newer than this program.
    #[error("it is {0:?} version {1}, which this program does not read")]
    Form(String, u16),
    /// Its hash is another than beside it.
    #[error("it was changed: its hash is not the one beside it")]
    Seal,
}

impl Manifest {
    /// Of a copy of the database; files and blobs are added when they are there.
    pub(super) async fn of(copy: &mut dyn Audit) -> Result<Self, StoreError> {
        let identity = copy.identity().await?;
        let made_ms = clock::now();
        let heads = copy.heads().await?.into_iter();
        Ok(Self {
            format: FORMAT.to_owned(),
            v: VERSION,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            server_id: identity.server_id,
            epoch: identity.epoch,
            made_ms,
            made: stamp::readable(made_ms),
            tables: copy.tables().await?.into_iter().collect(),
            shards: heads.map(|h| (h.shard, (h.seq, h.row_hash))).collect(),
            files: Vec::new(),
            blobs: 0,
            blob_bytes: 0,
            lost: Vec::new(),
            damage: Vec::new(),
        })
    }

    /// Whether everything that counts as held is in it, and nothing of it is damaged.
    pub(super) fn is_whole(&self) -> bool {
        self.damage.is_empty() && self.lost.iter().all(|l| l.why == Why::Erased)
    }

    /// The text, and its seal.
    pub(super) fn write(&self) -> Result<(Vec<u8>, String), serde_json::Error> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        let seal = format!("{}  {MANIFEST}\n", Sha256::of(&text));
        Ok((text, seal))
    }

    /// Reads a text whose seal holds.
    pub(crate) fn read(text: &[u8], seal: &[u8]) -> Result<Self, NoManifest> {
        let sealed = String::from_utf8_lossy(seal);
        let sealed = sealed.split_whitespace().next().map(str::parse::<Sha256>);
        if sealed != Some(Ok(Sha256::of(text))) {
            return Err(NoManifest::Seal);
        }
        let manifest: Self = serde_json::from_slice(text)?;
        if manifest.format != FORMAT || manifest.v != VERSION {
            return Err(NoManifest::Form(manifest.format, manifest.v));
        }
        Ok(manifest)
    }

    /// Rows of a table.
    pub(crate) fn rows(&self, table: &str) -> u64 {
        self.tables.get(table).copied().unwrap_or(0)
    }
}

/// A line of the list of blobs.
pub(super) fn blob_line(sha256: Sha256, size: u64) -> String {
    format!("{sha256} {size}\n")
}

/// Reads a line of the list of blobs.
pub(crate) fn read_blob_line(line: &str) -> Option<(Sha256, u64)> {
    let (sha256, size) = line.split_once(' ')?;
    Some((sha256.parse().ok()?, size.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            format: FORMAT.to_owned(),
            v: VERSION,
            program: "0".to_owned(),
            server_id: ServerId::new([1; 16]),
            epoch: 1,
            made_ms: WallMs(0),
            made: String::new(),
            tables: BTreeMap::new(),
            shards: BTreeMap::new(),
            files: Vec::new(),
            blobs: 0,
            blob_bytes: 0,
            lost: Vec::new(),
            damage: Vec::new(),
        }
    }

    #[test]
    fn a_manifest_counts_only_as_it_was_sealed() {
        let (text, seal) = manifest().write().unwrap();
        assert_eq!(Manifest::read(&text, seal.as_bytes()).unwrap(), manifest());
        let changed = String::from_utf8(text.clone())
            .unwrap()
            .replace("\"epoch\": 1", "\"epoch\": 2");
        assert!(matches!(
            Manifest::read(changed.as_bytes(), seal.as_bytes()),
            Err(NoManifest::Seal)
        ));
        assert!(Manifest::read(&text[..text.len() / 2], seal.as_bytes()).is_err());
        let (newer, seal) = Manifest { v: 2, ..manifest() }.write().unwrap();
        assert!(matches!(
            Manifest::read(&newer, seal.as_bytes()),
            Err(NoManifest::Form(_, 2))
        ));
    }
}
