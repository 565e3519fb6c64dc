//! Erased by law: the header stays, and everything that rests on it.

use crate::sample;
use xunhe_domain::case::{self, Stage, Step, Told, Verdict};
use xunhe_domain::entry::{BodyError, CheckedEntry, Entry, Kind, NotAnEntry, Unsealed};
use xunhe_domain::ids::EntryId;
use xunhe_domain::record::{Fields, Outcome, Purge};
use xunhe_domain::register::DeadlineClass;
use xunhe_domain::time::WallMs;

fn report() -> CheckedEntry {
    let mut draft = sample::finding_draft(sample::entry_id(1));
    draft.outcome = Some(Outcome::HandedUp);
    draft.no_photo_reason = Some("天黑".to_owned());
    sample::sealed(&draft.finish(&sample::moment()).unwrap())
}

fn accept(n: u8, basis: EntryId) -> CheckedEntry {
    let step = Step::Accept {
        class: DeadlineClass::SevenDays,
        note: None,
    };
    let mut unsealed = Unsealed {
        kind: Kind::Step,
        ..sample::comment(sample::entry_id(n), sample::entry_id(1), "-")
    };
    unsealed.body.basis = Some(basis);
    unsealed.body.fields = Fields::Step(step).write().unwrap();
    sample::sealed(&unsealed)
}

#[test]
fn what_remains_has_the_same_hash_and_no_content() {
    let whole = report();
    let erased = whole.clone().erased();
    assert_eq!(
        (erased.hash(), erased.header()),
        (whole.hash(), whole.header())
    );
    assert!(erased.is_erased() && !whole.is_erased());
    assert_eq!(erased.body(), Err(BodyError::Erased));
    let raw = erased.clone().into_raw();
    assert_eq!(raw.clone().check_kept(), Ok(erased));
    assert_eq!(
        raw.check(),
        Err(NotAnEntry::BodyHash),
        "nobody can send an entry without its body"
    );
}

#[test]
fn reading_what_was_kept_is_no_way_around_the_body_s_hash() {
    let mut changed = report().into_raw();
    changed.body = changed.body.replace("两袋", "三袋");
    assert_eq!(changed.check_kept(), Err(NotAnEntry::BodyHash));
    let nonsense = Entry {
        header: "{}".to_owned(),
        body: String::new(),
        sig: None,
    };
    assert!(matches!(nonsense.check_kept(), Err(NotAnEntry::Header(_))));
}

#[test]
fn a_case_goes_on_when_its_report_is_erased() {
    let first = report().erased();
    let accepted = accept(2, sample::entry_id(1));
    let told = [
        Told {
            entry: &first,
            verdict: None,
            received: Some(WallMs(0)),
        },
        Told {
            entry: &accepted,
            verdict: Some(&Verdict::Applied),
            received: Some(WallMs(0)),
        },
    ];
    let (record, case) = case::fold(sample::entry_id(1).as_record(), told).unwrap();
    assert!(record.versions.is_empty(), "nothing of the content is left");
    assert_eq!(case.stage, Stage::Accepted);
    let progress = Step::Escalate {
        to: "div-0001".parse().unwrap(),
        reason: "跨县".to_owned(),
    };
    assert_eq!(
        case.judge(&progress, Some(sample::entry_id(2)), WallMs(0)),
        Verdict::Applied
    );
    assert_ne!(
        case.judge(&progress, Some(sample::entry_id(1)), WallMs(0)),
        Verdict::Waiting,
        "the erased report is known, it is only without content"
    );
}

#[test]
fn a_step_may_follow_an_erased_one() {
    let (first, accepted) = (report(), accept(2, sample::entry_id(1)).erased());
    let told = [(&first, None), (&accepted, Some(&Verdict::Applied))];
    let told = told.map(|(entry, verdict)| Told {
        entry,
        verdict,
        received: Some(WallMs(0)),
    });
    let (_, case) = case::fold(sample::entry_id(1).as_record(), told).unwrap();
    assert_eq!(case.stage, Stage::Registered, "what it did is not known");
    let again = Step::Accept {
        class: DeadlineClass::SevenDays,
        note: None,
    };
    let knew = Some(sample::entry_id(2));
    assert_eq!(case.judge(&again, knew, WallMs(0)), Verdict::Applied);
}

#[test]
fn only_the_server_erases_and_never_a_purge() {
    let (victim, purge_id) = (report(), sample::entry_id(8));
    let unsealed = sample::purge(purge_id, &[sample::entry_id(1), purge_id]);
    let entry = sample::sealed(&unsealed);
    let purge = Purge::of(&entry).unwrap();
    assert!(purge.erases(&victim));
    assert!(!purge.erases(&entry), "its own trace must stay");
    let impostor = Unsealed {
        author: "p-0001".parse().unwrap(),
        ..unsealed
    };
    assert_eq!(Purge::of(&sample::sealed(&impostor)), None);
    assert_eq!(Purge::of(&entry.erased()), None);
}
