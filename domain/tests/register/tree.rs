//! The tree of divisions against naive climbing, and the shard rule in a table.

use crate::sample::{id, registers};
use proptest::prelude::*;
use std::collections::BTreeSet;
use xunhe_domain::register::{Division, DivisionId, DivisionLevel, DivisionTree, TreeError};

fn division(name: &str, parent: Option<&str>, level: DivisionLevel) -> Division {
    Division {
        id: id(name),
        parent: parent.map(id),
        name: name.into(),
        level,
        codes: vec![],
        ordinal: 0,
    }
}

#[test]
fn a_list_that_is_no_tree_is_named_in_full() {
    let village = |name, parent| division(name, parent, DivisionLevel::Village);
    let list = vec![
        village("a", None),
        village("a", None),
        village("b", Some("nowhere")),
        village("x", Some("y")),
        village("y", Some("x")),
        village("tail", Some("x")),
        village("self", Some("self")),
    ];
    let errors = DivisionTree::build(list).unwrap_err();
    let cycle = |name: &str| TreeError::Cycle(id(name));
    assert_eq!(
        errors,
        [
            TreeError::Duplicate(id("a")),
            TreeError::UnknownParent {
                id: id("b"),
                parent: id("nowhere")
            },
            cycle("self"),
            cycle("tail"),
            cycle("x"),
            cycle("y"),
        ]
    );
}

#[test]
fn a_shard_is_the_county_level_node() {
    let registers = registers();
    for (of, shard) in [
        ("sx", "sx"),
        ("yc", "yc"),
        ("yj", "yj"),
        ("cb", "yj"),
        ("ss", "yj"),
        ("kfq", "kfq"),
        ("park", "yj"),
    ] {
        assert_eq!(registers.tree().shard_of(&id(of)), Some(&id(shard)), "{of}");
    }
    assert_eq!(registers.tree().shard_of(&id("nowhere")), None);
}

#[test]
fn a_record_enters_every_county_that_its_reach_touches() {
    let registers = registers();
    for (division, reach, shards, unknown) in [
        (Some("cb"), None, vec!["yj"], false),
        (Some("cb"), Some("r-cb"), vec!["yj"], false),
        (Some("cb"), Some("r-border"), vec!["yh", "yj"], false),
        (None, Some("r-border"), vec!["yh", "yj"], false),
        (Some("nowhere"), Some("r-cb"), vec!["yj"], true),
        (Some("cb"), Some("nowhere"), vec!["yj"], true),
        (None, None, vec![], false),
    ] {
        let found = registers.belonging(division.map(id).as_ref(), reach.map(id).as_ref());
        let found_shards: Vec<_> = found.shards.iter().map(DivisionId::as_str).collect();
        assert_eq!(found_shards, shards, "{division:?} {reach:?}");
        assert_eq!(found.unknown, unknown, "{division:?} {reach:?}");
    }
}

/// Random lists, mostly with a parent further up in the list, sometimes anywhere or unknown.
fn list() -> impl Strategy<Value = Vec<Division>> {
    let parent = prop_oneof![
        8 => (0..100_usize).prop_map(|p| (false, p)),
        1 => (0..100_usize).prop_map(|p| (true, p)),
    ];
    let node = (prop::option::weighted(0.9, parent), 0..5_usize, 0..3_u32);
    prop::collection::vec(node, 1..20).prop_map(|nodes| {
        let words = ["province", "city", "county", "township", "zone"];
        let count = nodes.len();
        let mut list = Vec::new();
        for (i, (parent, level, ordinal)) in nodes.into_iter().enumerate() {
            let parent = parent.and_then(|(anywhere, p)| {
                let below = if anywhere { count + 1 } else { i };
                (below > 0).then(|| format!("n{}", p % below))
            });
            let level = DivisionLevel::from(words[level].to_owned());
            let mut one = division(&format!("n{i}"), parent.as_deref(), level);
            one.ordinal = ordinal;
            list.push(one);
        }
        list
    })
}

/// The ids from a division up, or nothing if climbing does not end at a root.
fn climb(list: &[Division], from: &DivisionId) -> Option<Vec<DivisionId>> {
    let mut trail = vec![from.clone()];
    loop {
        let last = trail.last()?;
        let division = list.iter().find(|d| d.id == *last)?;
        match &division.parent {
            None => return Some(trail),
            Some(parent) if trail.contains(parent) => return None,
            Some(parent) => trail.push(parent.clone()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_tree_agrees_with_climbing(list in list()) {
        let trails: Vec<_> = list.iter().map(|d| climb(&list, &d.id)).collect();
        let built = DivisionTree::build(list.clone());
        prop_assert_eq!(built.is_ok(), trails.iter().all(Option::is_some));
        let Ok(tree) = built else { return Ok(()) };

        for (division, trail) in list.iter().zip(trails) {
            let trail = trail.unwrap();
            let down: Vec<_> = trail.iter().rev().map(DivisionId::as_str).collect();
            let path = format!("/{}/", down.join("/"));
            prop_assert_eq!(tree.path(&division.id).unwrap().as_str(), path);
            let lineage: Vec<_> = tree.lineage(&division.id).map(|d| d.id.clone()).collect();
            prop_assert_eq!(&lineage, &trail);

            let below: BTreeSet<_> = list
                .iter()
                .filter(|d| tree.is_within(&d.id, &division.id))
                .map(|d| &d.id)
                .collect();
            let subtree = tree.subtree(&division.id);
            prop_assert_eq!(subtree.len(), below.len());
            prop_assert_eq!(subtree.iter().map(|d| &d.id).collect::<BTreeSet<_>>(), below);

            let shard = tree.shard_of(&division.id).unwrap();
            prop_assert!(trail.contains(shard));
            let above = tree.lineage(shard).skip(1);
            for d in above {
                prop_assert!(d.level.is_above_county(), "{} lies above its shard", d.id);
            }
            let is_county = !tree.get(shard).unwrap().level.is_above_county();
            prop_assert!(is_county || shard == &division.id);
        }
    }
}
