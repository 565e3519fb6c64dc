//! A record is a fold of its entries.

use crate::sample;
use proptest::prelude::*;
use xunhe_domain::case::{self, Told, Verdict};
use xunhe_domain::entry::{CheckedEntry, Kind, Unsealed};
use xunhe_domain::patrol::{PatrolStart, Ruling};
use xunhe_domain::record::{Fields, Record, fold};
use xunhe_domain::time::WallMs;

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

/// A patrol (or another record) and what was ruled about it, each with the server's verdict.
fn ruled(begun: &Unsealed, rulings: &[(bool, Option<Verdict>)]) -> Record {
    let first = sample::sealed(begun);
    let rulings: Vec<_> = (2..)
        .zip(rulings)
        .map(|(n, (counts, verdict))| {
            let mut entry = sample::comment(sample::entry_id(n), sample::entry_id(1), "x");
            entry.kind = Kind::Ruling;
            let fields = Fields::Ruling(Ruling::read(*counts, &format!("第{n}次")).unwrap());
            entry.body.fields = fields.write().unwrap();
            (sample::sealed(&entry), verdict.clone())
        })
        .collect();
    let told = |(entry, verdict)| Told {
        entry,
        verdict,
        received: Some(WallMs(0)),
    };
    let all = std::iter::once((&first, None));
    let all = all.chain(rulings.iter().map(|(e, v)| (e, v.as_ref())));
    case::fold(sample::entry_id(1).as_record(), all.map(told))
        .unwrap()
        .0
}

fn patrol() -> Unsealed {
    let mut start = version(1, "x");
    start.kind = Kind::PatrolStart;
    let fields = Fields::PatrolStart(PatrolStart::default());
    start.body.fields = fields.write().unwrap();
    start
}

#[test]
fn the_last_ruling_holds() {
    let (yes, stale) = (Some(Verdict::Applied), Some(Verdict::Stale));
    for (rulings, reason) in [
        (vec![], None),
        (vec![(false, yes.clone())], Some("第2次")),
        (vec![(false, yes.clone()), (true, yes.clone())], None),
        (
            vec![
                (false, yes.clone()),
                (true, yes.clone()),
                (false, yes.clone()),
            ],
            Some("第4次"),
        ),
        // Without effect, or not judged yet: what held before holds.
        (vec![(false, stale.clone())], None),
        (vec![(false, None)], None),
        (vec![(false, yes.clone()), (true, stale)], Some("第2次")),
        (vec![(false, yes.clone()), (true, None)], Some("第2次")),
    ] {
        let record = ruled(&patrol(), &rulings);
        let found = record.not_counted().map(|r| r.ruling.reason.as_str());
        assert_eq!(found, reason, "{rulings:?}");
    }
    // Only patrols count or do not.
    let cleanup = ruled(&version(1, "x"), &[(false, yes)]);
    assert_eq!((cleanup.rulings.len(), cleanup.not_counted()), (0, None));
}
