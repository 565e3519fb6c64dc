//! Receipts: what "平台已收" rests on. A bare 200 is not one: captive portals answer 200.

use crate::hash::{EntryHash, Sha256};
use crate::ids::ServerId;
use crate::json::{self, JsonError};
use crate::time::WallMs;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

/// A signed statement. The text is kept exactly: it is what the signature covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The exact text of a [`Statement`].
    pub statement: String,
    /// Ed25519 over the text's bytes, base64.
    pub signature: String,
}

/// What the server states it holds durably. A pure function of committed rows: asked again, it
/// says the same of each. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Form of the statement; 1.
    pub v: u16,
    /// The key it is signed with.
    pub key_id: String,
    /// Which server.
    pub server_id: ServerId,
    /// Entries held.
    pub entries: Vec<HeldEntry>,
    /// Blobs held, verified byte for byte.
    pub blobs: Vec<HeldBlob>,
}

/// One entry held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldEntry {
    /// Its hash.
    pub hash: EntryHash,
    /// The server's clock when it was first received.
    pub received_ms: WallMs,
    /// The epoch in which it was received.
    pub epoch: u64,
}

/// One blob held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldBlob {
    /// Its hash.
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
    /// The server's clock when it was complete.
    pub received_ms: WallMs,
}

/// A public key that signs receipts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptKey {
    /// First 16 hex digits of the SHA-256 of the key.
    pub key_id: String,
    /// 32 bytes, base64.
    pub public_key: String,
}

/// Why something that came as a receipt is none. What was sent stays 待上传.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadReceipt {
    /// The statement does not read.
    #[error("the statement does not read: {0}")]
    Statement(JsonError),
    /// Signed with a key that the server never showed.
    #[error("signed with the unknown key {0:?}")]
    UnknownKey(String),
    /// The signature does not hold.
    #[error("the signature does not hold")]
    Signature,
}

/// The name of a key: first 16 hex digits of its SHA-256.
pub fn key_id(public: &[u8; 32]) -> String {
    hex::encode(&Sha256::of(public).bytes()[..8])
}

impl ReceiptKey {
    /// The public half of `key`, as shown to clients.
    pub fn of(key: &SigningKey) -> Self {
        let public = key.verifying_key().to_bytes();
        Self {
            key_id: key_id(&public),
            public_key: BASE64.encode(public),
        }
    }

    fn verifying(&self) -> Option<VerifyingKey> {
        let raw: [u8; 32] = BASE64.decode(&self.public_key).ok()?.try_into().ok()?;
        VerifyingKey::from_bytes(&raw).ok()
    }
}

impl Receipt {
    /// Signs a statement.
    ///
    /// # Errors
    /// Only if the statement cannot be written as JSON.
    pub fn sign(statement: &Statement, key: &SigningKey) -> Result<Self, serde_json::Error> {
        let text = serde_json::to_string(statement)?;
        let signature = BASE64.encode(key.sign(text.as_bytes()).to_bytes());
        Ok(Self {
            statement: text,
            signature,
        })
    }

    /// Checks the signature against the keys that the server showed, and reads the statement.
    pub fn verify(&self, keys: &[ReceiptKey]) -> Result<Statement, BadReceipt> {
        let statement: Statement = json::read(&self.statement).map_err(BadReceipt::Statement)?;
        let key = keys
            .iter()
            .find(|k| k.key_id == statement.key_id)
            .and_then(ReceiptKey::verifying)
            .ok_or_else(|| BadReceipt::UnknownKey(statement.key_id.clone()))?;
        let raw = BASE64
            .decode(&self.signature)
            .map_err(|_| BadReceipt::Signature)?;
        let signature = Signature::from_slice(&raw).map_err(|_| BadReceipt::Signature)?;
        key.verify_strict(self.statement.as_bytes(), &signature)
            .map_err(|_| BadReceipt::Signature)?;
        Ok(statement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(key: &SigningKey) -> Statement {
        Statement {
            v: 1,
            key_id: ReceiptKey::of(key).key_id,
            server_id: ServerId::new([7; 16]),
            entries: vec![HeldEntry {
                hash: Sha256::of(b"e"),
                received_ms: WallMs(5),
                epoch: 1,
            }],
            blobs: vec![],
        }
    }

    #[test]
    fn only_the_exact_text_under_a_known_key_counts() {
        let key = SigningKey::from_bytes(&[1; 32]);
        let stranger = SigningKey::from_bytes(&[2; 32]);
        let receipt = Receipt::sign(&statement(&key), &key).unwrap();
        let keys = [ReceiptKey::of(&key)];
        assert_eq!(receipt.verify(&keys).unwrap(), statement(&key));

        assert!(matches!(
            receipt.verify(&[]),
            Err(BadReceipt::UnknownKey(_))
        ));
        let other = [ReceiptKey {
            key_id: keys[0].key_id.clone(),
            ..ReceiptKey::of(&stranger)
        }];
        assert_eq!(receipt.verify(&other), Err(BadReceipt::Signature));
        let edited = Receipt {
            statement: receipt.statement.replace(":5", ":6"),
            ..receipt
        };
        assert_eq!(edited.verify(&keys), Err(BadReceipt::Signature));
    }
}
