use super::DivisionId;
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// Where a division hangs: the ids from the root down, `/sx/yc/yongji/`.
///
/// The slash at the end is what keeps `/12/` from containing `/123/`. Paths are compared and
/// stored as bytes; a database needs a binary collation for [`DivisionPath::range`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct DivisionPath(String);

/// A text that is not a path of divisions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a path of division ids: {0:?}")]
pub struct BadPath(String);

impl DivisionPath {
    /// The path of a root.
    pub fn root(id: &DivisionId) -> Self {
        Self(format!("/{id}/"))
    }

    /// The path of a child.
    #[must_use]
    pub fn child(&self, id: &DivisionId) -> Self {
        Self(format!("{}{id}/", self.0))
    }

    /// Reads a stored path.
    pub fn read(text: &str) -> Result<Self, BadPath> {
        let ids = text.strip_prefix('/').and_then(|t| t.strip_suffix('/'));
        match ids {
            Some(ids) if ids.split('/').all(|id| id.parse::<DivisionId>().is_ok()) => {
                Ok(Self(text.to_owned()))
            }
            _ => Err(BadPath(text.chars().take(80).collect())),
        }
    }

    /// As stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is `ancestor` or lies below it.
    pub fn is_within(&self, ancestor: &Self) -> bool {
        self.0.starts_with(&ancestor.0)
    }

    /// Whether this lies below `ancestor` and is not it.
    pub fn is_below(&self, ancestor: &Self) -> bool {
        self.is_within(ancestor) && self != ancestor
    }

    /// The same rule for an index: every path within this one, and no other, is `>=` the first
    /// and `<` the second text, compared as bytes.
    pub fn range(&self) -> (&str, String) {
        // '0' follows '/' in ASCII, so this is the first text that no longer starts with the path.
        let mut end = self.0.clone();
        end.pop();
        end.push('0');
        (&self.0, end)
    }
}

impl fmt::Display for DivisionPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for DivisionPath {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::read(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_of_an_id_is_no_ancestor() {
        let p = |t| DivisionPath::read(t).unwrap();
        for (path, ancestor, within) in [
            ("/1/12/", "/1/12/", true),
            ("/1/12/5/", "/1/12/", true),
            ("/1/123/", "/1/12/", false),
            ("/1/12-3/", "/1/12/", false),
            ("/1/12_3/", "/1/12/", false),
            ("/1/", "/1/12/", false),
            ("/12/1/", "/1/", false),
        ] {
            let (path, ancestor) = (p(path), p(ancestor));
            assert_eq!(path.is_within(&ancestor), within, "{path} {ancestor}");
            let (from, to) = ancestor.range();
            let in_range = path.as_str() >= from && path.as_str() < to.as_str();
            assert_eq!(in_range, within, "range of {ancestor} and {path}");
        }
    }

    #[test]
    fn stored_paths_are_checked() {
        for bad in ["", "/", "//", "1/2/", "/1/2", "/1//2/", "/1/ü/"] {
            assert!(DivisionPath::read(bad).is_err(), "{bad}");
        }
    }
}
