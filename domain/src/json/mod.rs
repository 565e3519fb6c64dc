//! JSON from outside, read strictly.
//!
//! serde rejects a duplicate key in a struct but keeps the last one in a map, and two readers
//! that disagree about a duplicate key have made an administrator out of a user before
//! (CVE-2017-12635). So every text from outside is walked once for duplicates, at any depth,
//! before it is read as a type.

mod objects;

use self::objects::Objects;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::{collections::HashSet, fmt};

/// Why a text is not JSON that we read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Not JSON, or nested deeper than 128.
    #[error("not JSON: {0}")]
    Syntax(String),
    /// An object names one key twice.
    #[error("the key {0:?} stands twice in one object")]
    DuplicateKey(String),
    /// JSON, but not of the wanted form.
    #[error("not of the wanted form: {0}")]
    Shape(String),
}

/// Reads `text` as a `T`; duplicate keys anywhere, trailing text and wrong shapes are errors.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
    check(text)?;
    read_own(text).map_err(|e| JsonError::Shape(e.to_string()))
}

/// Reads what was checked before, or what this program wrote itself.
pub fn read_own<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = T::deserialize(Objects(&mut reader))?;
    reader.end()?;
    Ok(value)
}

/// Checks that `text` is one JSON value without duplicate keys.
pub fn check(text: &str) -> Result<(), JsonError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let mut duplicate = None;
    let walked = Walk(&mut duplicate)
        .deserialize(&mut reader)
        .and_then(|()| reader.end());
    match (duplicate, walked) {
        (Some(key), _) => Err(JsonError::DuplicateKey(key)),
        (None, Err(e)) => Err(JsonError::Syntax(e.to_string())),
        (None, Ok(())) => Ok(()),
    }
}

struct Walk<'a>(&'a mut Option<String>);

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_any(self)
    }
}

macro_rules! accept {
    ($($name:ident: $type:ty),*) => {
        $(fn $name<E>(self, _: $type) -> Result<(), E> { Ok(()) })*
    };
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    accept!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Walk(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            if seen.contains(&key) {
                *self.0 = Some(key);
                return Err(serde::de::Error::custom("duplicate key"));
            }
            seen.insert(key);
            map.next_value_seed(Walk(self.0))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicates_are_found_at_any_depth() {
        for text in [
            r#"{"a":1,"a":2}"#,
            r#"[{"x":{"b":1,"b":1}}]"#,
            r#"{"a":1,"\u0061":2}"#,
        ] {
            assert!(
                matches!(check(text), Err(JsonError::DuplicateKey(_))),
                "{text}"
            );
        }
        assert_eq!(check(r#"[{"a":1},{"a":1}]"#), Ok(()));
    }

    #[test]
    fn a_struct_is_no_array() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Point {
            x: u8,
            deep: Option<Box<Self>>,
        }
        let point = |text| read::<Point>(text).ok();
        let inner = Point { x: 2, deep: None };
        let deep = Some(Box::new(inner));
        assert_eq!(
            point(r#"{"x":1,"deep":{"x":2}}"#),
            Some(Point { x: 1, deep })
        );
        assert_eq!(point("[1,null]"), None);
        assert_eq!(point(r#"{"x":1,"deep":[2,null]}"#), None);
        assert_eq!(read::<Vec<(u8, String)>>(r#"[[1,"a"]]"#).unwrap().len(), 1);
    }

    #[test]
    fn what_is_not_json_is_said_to_be_so() {
        let deep = "[".repeat(4000);
        for text in ["", "{", "[1] 2", "nul", deep.as_str(), "{\"a\":1e999999}"] {
            assert!(
                matches!(check(text), Err(JsonError::Syntax(_))),
                "{text:.20}"
            );
        }
    }
}
