//! Sorting and gathering in little code.
//!
//! For the same reason a phone's maps are [`LiteMap`]s, sorted lists.
//!
//! The standard sort is made anew for each type of row, four kilobytes a time, and gathering into
//! a map begins with one: seventeen of them were a fortieth of what a phone downloads first. A
//! phone sorts dozens of rows, so here one sort of positions serves every type.

use litemap::LiteMap;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use std::cmp::Ordering;
use std::fmt;
use std::marker::PhantomData;

/// A set of what a phone holds few of.
pub type Set<T> = LiteMap<T, ()>;

/// Gathers into a set.
pub fn set_of<T: Ord>(items: impl IntoIterator<Item = T>) -> Set<T> {
    gather(items.into_iter().map(|item| (item, ())))
}

/// Each once, in the order of the first; for few.
pub fn distinct<T: PartialEq>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut all = Vec::new();
    for item in items {
        if !all.contains(&item) {
            all.push(item);
        }
    }
    all
}

/// Sorts stably by `compare`.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let order = positions(items.len(), &|a, b| compare(&items[a], &items[b]));
    for at in 0..order.len() {
        // What stood there was swapped away already: follow it to where it is now.
        let mut from = order[at];
        while from < at {
            from = order[from];
        }
        items.swap(at, from);
    }
}

/// Sorts stably by a key.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// The positions `0..len` in the order of what stands there.
fn positions(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

/// Gathers into a map; of equal keys the last counts, as with `collect`.
pub fn gather<K: Ord, V>(items: impl IntoIterator<Item = (K, V)>) -> LiteMap<K, V> {
    let mut all = LiteMap::new();
    add(&mut all, items);
    all
}

/// Adds to a map one by one: `extend` would begin with a sort.
pub fn add<K: Ord, V>(all: &mut LiteMap<K, V>, items: impl IntoIterator<Item = (K, V)>) {
    for (key, value) in items {
        all.insert(key, value);
    }
}

/// Adds to a set.
pub fn add_to<T: Ord>(all: &mut Set<T>, items: impl IntoIterator<Item = T>) {
    add(all, items.into_iter().map(|item| (item, ())));
}

/// Reads a map one by one; for `#[serde(deserialize_with)]`.
pub fn read<'de, D, K, V>(reader: D) -> Result<LiteMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: Ord + Deserialize<'de>,
    V: Deserialize<'de>,
{
    reader.deserialize_map(Entries(PhantomData))
}

struct Entries<K, V>(PhantomData<(K, V)>);

impl<'de, K: Ord + Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for Entries<K, V> {
    type Value = LiteMap<K, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut all = LiteMap::new();
        while let Some((key, value)) = entries.next_entry()? {
            all.insert(key, value);
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(items: Vec<(u8, u16)>) {
            let (mut ours, mut theirs) = (items.clone(), items);
            sort_by_key(&mut ours, |item| item.0);
            theirs.sort_by_key(|item| item.0);
            prop_assert_eq!(ours, theirs);
        }

        #[test]
        fn gathers_as_collect_does(items: Vec<(u8, u16)>) {
            let theirs: BTreeMap<_, _> = items.iter().copied().collect();
            let ours: BTreeMap<_, _> = gather(items).into_iter().collect();
            prop_assert_eq!(ours, theirs);
        }
    }
}
