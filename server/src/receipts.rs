//! The key that signs receipts, and the only place that signs.

use crate::folder::RECEIPT_KEY;
use domain::ids::ServerId;
use domain::receipt::{HeldBlob, HeldEntry, Receipt, ReceiptKey, Statement};
use ed25519_dalek::SigningKey;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Signs what the store holds.
#[derive(Debug)]
pub struct Receipts {
    key: SigningKey,
    public: ReceiptKey,
    server_id: ServerId,
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file can neither be read nor made.
    #[error("the receipt key {} cannot be read or made: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file holds something else. Made anew it would break every receipt given out.
    #[error(
        "{} is not a receipt key (32 bytes); put the file of a backup in its place", .0.display()
    )]
    NotAKey(PathBuf),
}

impl Receipts {
    /// Reads the key in the data folder, or draws one at first start.
    pub fn open(data: &Path, server_id: ServerId) -> Result<Self, KeyError> {
        let path = data.join(RECEIPT_KEY);
        let seed = match read(&path) {
            Ok(raw) => raw.try_into().map_err(|_| KeyError::NotAKey(path))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let seed = crate::random::bytes::<32>();
                write(data, &path, &seed).map_err(|source| KeyError::Io { path, source })?;
                seed
            }
            Err(source) => return Err(KeyError::Io { path, source }),
        };
        let key = SigningKey::from_bytes(&seed);
        Ok(Self {
            public: ReceiptKey::of(&key),
            key,
            server_id,
        })
    }

    /// The key in the data folder, if there is one; draws none.
    pub fn kept(data: &Path, server_id: ServerId) -> Result<Option<Self>, KeyError> {
        match std::fs::exists(data.join(RECEIPT_KEY)) {
            Ok(false) => Ok(None),
            _ => Self::open(data, server_id).map(Some),
        }
    }

    /// The keys that clients may trust, newest first.
    pub fn keys(&self) -> Vec<ReceiptKey> {
        vec![self.public.clone()]
    }

    /// A receipt over committed rows, and over nothing else: the same rows give the same bytes.
    ///
    /// # Errors
    /// Only if the statement cannot be written as JSON.
    pub fn issue(
        &self,
        entries: Vec<HeldEntry>,
        blobs: Vec<HeldBlob>,
    ) -> Result<Receipt, serde_json::Error> {
        let statement = Statement {
            v: 1,
            key_id: self.public.key_id.clone(),
            server_id: self.server_id,
            entries,
            blobs,
        };
        Receipt::sign(&statement, &self.key)
    }

    /// A secret for something else than signing, from the same file: what it protects is valid
    /// as long as the receipts are.
    pub fn derived_secret(&self, purpose: &str) -> [u8; 32] {
        let mut stream = domain::hash::Sha256Stream::default();
        stream.update(purpose.as_bytes());
        stream.update(self.key.as_bytes());
        *stream.finish().bytes()
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut raw = Vec::new();
    File::open(path)?.take(64).read_to_end(&mut raw)?;
    Ok(raw)
}

/// Durable before the first receipt can be signed with it.
fn write(folder: &Path, path: &Path, seed: &[u8; 32]) -> io::Result<()> {
    let draft = path.with_extension("key.new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(seed)?;
    file.sync_all()?;
    std::fs::rename(&draft, path)?;
    File::open(folder)?.sync_all()
}
