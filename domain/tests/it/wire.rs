//! The wire is frozen by files: a file once written is never edited. A test writes a file only
//! if there is none (a new kind or version); everything else must match byte for byte.

use crate::sample;
use std::{fs, path::PathBuf};
use xunhe_domain::case::{self, Step};
use xunhe_domain::entry::{Entry, Kind};
use xunhe_domain::feed;
use xunhe_domain::hash::Sha256;
use xunhe_domain::ids::ServerId;
use xunhe_domain::patrol::Ruling;
use xunhe_domain::receipt::{HeldBlob, HeldEntry, Receipt, ReceiptKey, Statement};
use xunhe_domain::record::{Colour, Fields, Flow, Foam, Signs, Smell, StepDraft, Subject};
use xunhe_domain::register::{Calendar, DeadlineClass};
use xunhe_domain::time::WallMs;
use xunhe_domain::{json, wire};

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/wire")
        .join(name)
}

pub(crate) fn frozen(name: &str, made_now: &str) -> String {
    let path = file(name);
    if !path.exists() {
        assert!(
            std::env::var_os("CI").is_none(),
            "{name} is missing: wire files are committed"
        );
        fs::write(&path, made_now).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap();
    assert_eq!(
        kept, made_now,
        "{name}: the wire changed; see docs/adr before touching it"
    );
    kept
}

fn frozen_entry(name: &str, entry: &Entry) {
    let text = frozen(name, &serde_json::to_string_pretty(entry).unwrap());
    let read: Entry = json::read(&text).unwrap();
    assert_eq!(&read, entry);
    let checked = read.check().unwrap();
    let (body, fields) = checked.body().unwrap();
    // What is read and written again is the same text: phones of one version agree.
    assert_eq!(serde_json::to_string(&body).unwrap(), entry.body);
    assert_eq!(fields.write().unwrap(), body.fields);
    frozen(
        &name.replace(".json", ".sha256"),
        &format!("{}\n", checked.hash()),
    );
}

#[test]
fn the_three_kinds_are_frozen() {
    let head = sample::head();
    let cleanup = sample::cleanup_draft(sample::entry_id(1))
        .finish(&sample::moment())
        .unwrap();
    let (first, head) = cleanup.seal(&head).unwrap();
    frozen_entry("cleanup.1.json", &first);
    let finding = sample::finding_draft(sample::entry_id(2))
        .finish(&sample::moment())
        .unwrap();
    let (second, head) = finding.seal(&head).unwrap();
    frozen_entry("finding.1.json", &second);
    let remark = sample::comment(
        sample::entry_id(3),
        sample::entry_id(1),
        "看过了，请补拍桥上",
    );
    let (third, head) = remark.seal(&head).unwrap();
    frozen_entry("comment.1.json", &third);
    assert_eq!((head.seq, head.hash), (3, Some(third.hash())));
}

#[test]
fn a_discharge_and_a_step_are_frozen() {
    let mut draft = sample::finding_draft(sample::entry_id(5));
    draft.subject = Subject::Discharge;
    draft.signs = Signs {
        outfall: "outfall-0001".parse().ok(),
        colour: Some(Colour::Black),
        smell: Some(Smell::Foul),
        foam: Some(Foam::Some),
        flow: Some(Flow::Steady),
    };
    let discharge = draft.finish(&sample::moment()).unwrap();
    let (entry, _) = discharge.seal(&sample::head()).unwrap();
    frozen_entry("discharge.1.json", &entry);

    let mut draft = sample::cleanup_draft(sample::entry_id(6));
    draft.subject = Subject::Closure;
    draft.problem = None;
    draft.photos.remove(0);
    draft.step = Some(StepDraft {
        case: sample::entry_id(5).as_record(),
        basis: sample::entry_id(7),
        unit: "unit-0001".parse().unwrap(),
    });
    let closure = draft.finish(&sample::moment()).unwrap();
    let (entry, _) = closure.seal(&sample::head()).unwrap();
    frozen_entry("step.1.json", &entry);
}

#[test]
fn a_purge_is_frozen() {
    let mut purge = sample::purge(sample::entry_id(8), &[sample::entry_id(1)]);
    let (entry, _) = purge.seal(&sample::head()).unwrap();
    frozen_entry("purge.1.json", &entry);
    // Of a record that named an outfall.
    let Fields::Purge(mut fields) = entry.check().unwrap().body().unwrap().1 else {
        panic!("no purge");
    };
    fields.outfall = "outfall-0001".parse().ok();
    purge.body.fields = Fields::Purge(fields).write().unwrap();
    let (entry, _) = purge.seal(&sample::head()).unwrap();
    frozen_entry("purge.2.json", &entry);
}

#[test]
fn every_step_of_a_case_is_frozen() {
    let unit = || "unit-0001".parse().unwrap();
    let text = || "话".to_owned();
    let day = || "2026-05-31".parse().unwrap();
    let steps = vec![
        Step::Accept {
            class: DeadlineClass::SevenDays,
            note: None,
        },
        Step::Reject { reason: text() },
        Step::HandOver {
            lead: unit(),
            assisting: vec!["unit-0002".parse().unwrap()],
            assignee: "p-0002".parse().ok(),
            due: day(),
            demand: Some(text()),
        },
        Step::Sign { unit: unit() },
        Step::Return {
            unit: unit(),
            reason: text(),
        },
        Step::Progress {
            unit: unit(),
            text: text(),
            photos: vec![Sha256::of(b"photo")],
        },
        Step::ApplyClosure {
            unit: unit(),
            text: text(),
            after: vec![Sha256::of(b"photo")],
        },
        Step::Close { note: Some(text()) },
        Step::Redo {
            reason: text(),
            due: Some(day()),
        },
        Step::Escalate {
            to: "div-0001".parse().unwrap(),
            reason: text(),
        },
        Step::Urge {
            unit: unit(),
            text: text(),
        },
        Step::Answer {
            urge: sample::entry_id(9),
            unit: unit(),
            text: text(),
        },
        Step::AskExtension {
            unit: unit(),
            due: day(),
            reason: text(),
        },
        Step::DecideExtension {
            of: sample::entry_id(9),
            granted: true,
            note: None,
        },
        Step::Ladder {
            on: true,
            approver: "p-0001".parse().unwrap(),
            rungs: Vec::new(),
            note: None,
        },
        Step::Withdraw { reason: text() },
    ];
    let text = frozen(
        "steps.1.json",
        &serde_json::to_string_pretty(&steps).unwrap(),
    );
    let read: Vec<Step> = json::read(&text).unwrap();
    assert_eq!(read, steps);
    for bad in [
        r#"{"step":"dance"}"#,
        r#"{"step":"sign"}"#,
        r#"{"unit":"u"}"#,
    ] {
        assert!(serde_json::from_str::<Step>(bad).is_err(), "{bad} was read");
    }
}

#[test]
fn a_ladder_with_its_days_is_frozen() {
    let from = "2026-05-24".parse().unwrap();
    let step = Step::Ladder {
        on: true,
        approver: "p-0001".parse().unwrap(),
        rungs: case::ladder(from, &Calendar::default()),
        note: Some("重大事项".to_owned()),
    };
    let text = frozen(
        "ladder.2.json",
        &serde_json::to_string_pretty(&step).unwrap(),
    );
    assert_eq!(json::read::<Step>(&text).unwrap(), step);
}

#[test]
fn a_ruling_is_frozen() {
    let ruling = Ruling::read(false, " 轨迹是乘车的 ").unwrap();
    let mut entry = sample::comment(sample::entry_id(8), sample::entry_id(1), "x");
    entry.kind = Kind::Ruling;
    entry.acting_post = "post-0002".parse().ok();
    entry.body.fields = Fields::Ruling(ruling).write().unwrap();
    let (entry, _) = entry.seal(&sample::head()).unwrap();
    frozen_entry("ruling.1.json", &entry);
    for bad in [r#"{"counts":false}"#, r#"{"counts":false,"reason":" "}"#] {
        assert!(
            serde_json::from_str::<Ruling>(bad).is_err(),
            "{bad} was read"
        );
    }
    assert_eq!(Ruling::read(true, "  "), None);
    assert_eq!(Ruling::read(true, &"长".repeat(501)), None);
}

#[test]
fn a_smallest_entry_is_frozen() {
    // No post, no place, no photo: what the optional parts look like when they are not there.
    let mut draft = sample::finding_draft(sample::entry_id(4));
    (draft.acting_post, draft.reach, draft.division) = (None, None, None);
    draft.photos.clear();
    draft.note.clear();
    draft.no_photo_reason = Some("天黑".to_owned());
    draft.place = xunhe_domain::entry::Place::default();
    let mut moment = sample::moment();
    (moment.clock.server, moment.clock.gps_ms) = (None, None);
    let (entry, _) = draft
        .finish(&moment)
        .unwrap()
        .seal(&sample::head())
        .unwrap();
    frozen_entry("finding-smallest.1.json", &entry);
}

#[test]
fn statements_and_feed_rows_are_frozen() {
    let key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let statement = Statement {
        v: 1,
        key_id: ReceiptKey::of(&key).key_id,
        server_id: ServerId::new([0x44; 16]),
        entries: vec![HeldEntry {
            hash: Sha256::of(b"entry"),
            received_ms: WallMs(1_779_580_900_000),
            epoch: 1,
        }],
        blobs: vec![HeldBlob {
            sha256: Sha256::of(b"blob"),
            size: 4,
            received_ms: WallMs(1_779_580_950_000),
        }],
    };
    let receipt = Receipt::sign(&statement, &key).unwrap();
    frozen(
        "receipt.1.json",
        &serde_json::to_string_pretty(&receipt).unwrap(),
    );
    let first = feed::row_hash(None, &Sha256::of(b"one"));
    let second = feed::row_hash(Some(&first), &Sha256::of(b"two"));
    frozen("feed-rows.1.txt", &format!("{first}\n{second}\n"));
}

#[test]
fn a_newer_programs_words_are_kept() {
    let text = fs::read_to_string(file("from-the-future.json")).unwrap();
    let entry: Entry = json::read(&text).unwrap();
    let checked = entry.clone().check().unwrap();
    assert_eq!(checked.header().kind.as_str(), "patrol_finish");
    assert_eq!(checked.header().blobs[0].role.as_str(), "panorama");
    assert!(checked.body().is_err(), "an unknown kind is not understood");
    let relayed = wire::Push {
        entries: vec![checked.into_raw()],
    };
    assert_eq!(relayed.entries[0], entry, "but relayed byte for byte");
}
