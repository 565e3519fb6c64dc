//! Identifiers made on devices and servers. Register ids (divisions, posts, …) live in
//! [`crate::register`].

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// Why a text is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind}: {text:?}")]
pub struct BadId {
    /// The type that was wanted.
    pub kind: &'static str,
    /// The text as it came, cut to 64 characters.
    pub text: String,
}

impl BadId {
    pub(crate) fn new(kind: &'static str, text: &str) -> Self {
        Self {
            kind,
            text: text.chars().take(64).collect(),
        }
    }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $inner:ty, $parse:expr, $show:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($inner);

        impl $name {
            /// Wraps the raw value; the caller took it from the right source (see the type).
            pub const fn new(raw: $inner) -> Self {
                Self(raw)
            }
            /// The raw value.
            pub const fn raw(self) -> $inner {
                self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let show: fn(&$inner) -> String = $show;
                f.write_str(&show(&self.0))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                let parse: fn(&str) -> Option<$inner> = $parse;
                parse(text).map(Self).ok_or_else(|| BadId::new(stringify!($name), text))
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                text.parse().map_err(D::Error::custom)
            }
        }
    };
}

// Only the 36-character lower-case form is accepted: one id must have one spelling, or the
// UNIQUE constraint that makes re-sending harmless could be walked around.
fn parse_uuid(text: &str) -> Option<Uuid> {
    let id = Uuid::try_parse(text).ok()?;
    (id.as_hyphenated().to_string() == text).then_some(id)
}

fn parse_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != N * 2 || text.bytes().any(|b| b.is_ascii_uppercase()) {
        return None;
    }
    let mut raw = [0; N];
    hex::decode_to_slice(text, &mut raw).ok()?;
    Some(raw)
}

text_id!(
    /// One immutable entry. `UUIDv7` made on the device; never used for ordering.
    EntryId, Uuid, parse_uuid, |id| id.as_hyphenated().to_string()
);
text_id!(
    /// The record (or case) an entry belongs to: the id of its first entry.
    RecordId, Uuid, parse_uuid, |id| id.as_hyphenated().to_string()
);
text_id!(
    /// A draft on the phone. Never leaves it.
    DraftId, Uuid, parse_uuid, |id| id.as_hyphenated().to_string()
);
text_id!(
    /// One person's store on one installation: 128 random bits, 32 hex digits.
    LogId, [u8; 16], parse_hex::<16>, |raw| hex::encode(raw)
);
text_id!(
    /// One installation of the app: 128 random bits, 32 hex digits.
    DeviceId, [u8; 16], parse_hex::<16>, |raw| hex::encode(raw)
);
text_id!(
    /// One start of the page, so that monotonic times of different starts are never compared.
    BootId, [u8; 8], parse_hex::<8>, |raw| hex::encode(raw)
);
text_id!(
    /// One resumable upload, chosen by the server: 128 random bits, 32 hex digits.
    UploadId, [u8; 16], parse_hex::<16>, |raw| hex::encode(raw)
);
text_id!(
    /// One server installation: 128 random bits, 32 hex digits.
    ServerId, [u8; 16], parse_hex::<16>, |raw| hex::encode(raw)
);

impl EntryId {
    /// The record that this entry begins.
    pub const fn as_record(self) -> RecordId {
        RecordId(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_exactly_one_spelling() {
        let good = "0192f0c1-2b3c-7def-8123-456789abcdef";
        assert_eq!(good.parse::<EntryId>().unwrap().to_string(), good);
        for bad in [
            "0192F0C1-2B3C-7DEF-8123-456789ABCDEF",
            "0192f0c12b3c7def8123456789abcdef",
            "{0192f0c1-2b3c-7def-8123-456789abcdef}",
            "",
        ] {
            assert!(bad.parse::<EntryId>().is_err(), "{bad} was accepted");
        }
        assert!("00112233445566778899AABBCCDDEEFF".parse::<LogId>().is_err());
        assert!("00112233445566778899aabbccddeeff".parse::<LogId>().is_ok());
    }
}
