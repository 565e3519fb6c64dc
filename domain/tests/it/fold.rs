//! A record is a fold of its entries.

use crate::sample;
use proptest::prelude::*;
use xunhe_domain::entry::{CheckedEntry, Unsealed};
use xunhe_domain::record::fold;

fn version(n: u8, note: &str) -> Unsealed {
    let first = sample::entry_id(1);
    let mut draft = sample::cleanup_draft(sample::entry_id(n));
    note.clone_into(&mut draft.note);
    if n != 1 {
        draft.version_of = Some((first.as_record(), first));
    }
    draft.finish(&sample::moment()).unwrap()
}

fn entries() -> Vec<CheckedEntry> {
    let by_another = Unsealed {
        author: "p-0009".parse().unwrap(),
        ..version(5, "伪造")
    };
    [
        version(1, "一"),
        version(2, "二"),
        sample::comment(sample::entry_id(3), sample::entry_id(1), "好"),
        by_another,
        sample::comment(sample::entry_id(6), sample::entry_id(7), "别的记录"),
    ]
    .iter()
    .map(sample::sealed)
    .collect()
}

#[test]
fn the_last_version_counts_and_nobody_elses() {
    let all = entries();
    let record = fold(sample::entry_id(1).as_record(), &all).unwrap();
    let notes: Vec<_> = record
        .versions
        .iter()
        .map(|v| v.fields.words().unwrap())
        .collect();
    assert_eq!(notes, ["一", "二"]);
    assert_eq!(record.current().unwrap().fields.words(), Some("二"));
    assert_eq!(record.remarks.len(), 1);
    assert!(
        fold(sample::entry_id(7).as_record(), &all).is_none(),
        "a comment begins no record"
    );
}

proptest! {
    #[test]
    fn the_first_entry_leads_in_whatever_order_they_arrive(order in Just((0..5).collect::<Vec<usize>>()).prop_shuffle()) {
        let all = entries();
        let shuffled: Vec<_> = order.iter().map(|i| all[*i].clone()).collect();
        let record = fold(sample::entry_id(1).as_record(), &shuffled).unwrap();
        prop_assert_eq!(record.versions[0].fields.words(), Some("一"));
        prop_assert_eq!(record.versions.len(), 2);
        prop_assert_eq!(record.remarks.len(), 1);
    }
}
