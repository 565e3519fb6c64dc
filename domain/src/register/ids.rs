//! Ids of registered things. They are opaque: official codes are attributes, so a re-coded
//! division keeps its id and its records.

use crate::ids::BadId;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};

macro_rules! register_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        ///
        /// 1 to 64 characters of `A–Z a–z 0–9 _ -`.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
                if (1..=64).contains(&text.len()) && text.bytes().all(plain) {
                    Ok(Self(text.into()))
                } else {
                    Err(BadId::new(stringify!($name), text))
                }
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&self.0)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(D::Error::custom)
            }
        }
    )+};
}

register_id! {
    /// A division (区划) in the operator's own tree.
    DivisionId,
    /// An outfall.
    OutfallId,
    /// A river, lake, canal or ditch.
    WaterId,
    /// A reach (河段).
    ReachId,
    /// A post (岗位).
    PostId,
    /// A person.
    PersonId,
    /// A department, town, zone or company (单位).
    UnitId,
    /// A monitoring section (断面).
    SectionId,
    /// A grant of rights.
    GrantId,
}
