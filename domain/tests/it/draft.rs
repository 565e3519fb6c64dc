//! What keeps a draft from being saved, and what it becomes.

use crate::sample;
use xunhe_domain::entry::{BlobRole, Kind};
use xunhe_domain::record::{Cleanup, Draft, FieldError, Fields, Outcome, PhotoSide};

type Change = fn(&mut Draft);

#[test]
fn few_things_keep_a_draft_from_being_saved() {
    let cases: Vec<(Change, Vec<FieldError>)> = vec![
        (|_| {}, vec![]),
        (|d| d.problem = None, vec![FieldError::KindMissing]),
        (|d| d.photos.clear(), vec![FieldError::PhotoMissing]),
        (
            |d| {
                d.photos.clear();
                d.problem = None;
            },
            vec![FieldError::KindMissing, FieldError::PhotoMissing],
        ),
        (
            |d| {
                d.photos.clear();
                d.no_photo_reason = Some("天黑".into());
            },
            vec![],
        ),
        (
            |d| {
                d.photos.retain(|p| p.side == PhotoSide::Before);
                d.outcome = Some(Outcome::FixedOnSpot);
            },
            vec![FieldError::AfterPhotoMissing],
        ),
        (
            |d| d.note = "长".repeat(2_001),
            vec![FieldError::NoteTooLong],
        ),
        (
            |d| {
                if let Some(fix) = &mut d.place.fix {
                    fix.lat = f64::NAN;
                }
            },
            vec![FieldError::PlaceUnreadable],
        ),
        // No position, no words, no amount, no post: all may be missing.
        (
            |d| {
                d.place = xunhe_domain::entry::Place::default();
                d.amount = None;
                d.acting_post = None;
                d.note.clear();
            },
            vec![],
        ),
    ];
    for (i, (change, want)) in cases.into_iter().enumerate() {
        let mut draft = sample::cleanup_draft(sample::entry_id(1));
        change(&mut draft);
        assert_eq!(
            draft.finish(&sample::moment()).err().unwrap_or_default(),
            want,
            "case {i}"
        );
    }
}

fn cleanup(draft: &Draft) -> Cleanup {
    let unsealed = draft.finish(&sample::moment()).unwrap();
    match Fields::read(&Kind::Cleanup, &unsealed.body.fields).unwrap() {
        Fields::Cleanup(cleanup) => cleanup,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_outcome_follows_from_the_photos_unless_said() {
    let mut draft = sample::cleanup_draft(sample::entry_id(1));
    assert_eq!(cleanup(&draft).outcome, Outcome::FixedOnSpot);
    draft.photos.retain(|p| p.side == PhotoSide::Before);
    assert_eq!(cleanup(&draft).outcome, Outcome::ToFollow);
    draft.outcome = Some(Outcome::HandedUp);
    assert_eq!(cleanup(&draft).outcome, Outcome::HandedUp);
    let finding = sample::finding_draft(sample::entry_id(1));
    assert_eq!(finding.effective_outcome(), Outcome::HandedUp);
}

#[test]
fn one_picture_chosen_twice_is_one_blob() {
    let mut draft = sample::cleanup_draft(sample::entry_id(1));
    draft.photos[1] = sample::photo(b"before", PhotoSide::After);
    let unsealed = draft.finish(&sample::moment()).unwrap();
    let originals = unsealed
        .blobs
        .iter()
        .filter(|b| b.role == BlobRole::Photo)
        .count();
    assert_eq!(originals, 1);
    let fields = cleanup(&draft);
    assert_eq!(fields.before, fields.after);
    assert!(sample::sealed(&unsealed).body().is_ok());
}

#[test]
fn a_version_keeps_the_record_and_the_earlier_photos() {
    let first = sample::entry_id(1);
    let mut later = sample::cleanup_draft(sample::entry_id(2));
    let earlier = later.photos.remove(0).sha256;
    later.version_of = Some((first.as_record(), first));
    later.earlier.0.push(earlier);
    let unsealed = later.finish(&sample::moment()).unwrap();
    assert_eq!(
        (unsealed.record_id, unsealed.body.basis),
        (first.as_record(), Some(first))
    );
    assert_eq!(cleanup(&later).before, vec![earlier]);
    assert!(
        unsealed.blobs.iter().all(|b| b.sha256 != earlier),
        "sent already"
    );
}
