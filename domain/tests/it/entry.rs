//! What is an entry and what is not.

use crate::sample;
use proptest::prelude::*;
use xunhe_domain::entry::{BodyError, Entry, NotAnEntry, limits};
use xunhe_domain::hash::Sha256;

fn good() -> Entry {
    let draft = sample::cleanup_draft(sample::entry_id(1));
    draft
        .finish(&sample::moment())
        .unwrap()
        .seal(&sample::head())
        .unwrap()
        .0
}

/// The entry with its header text changed and, where wanted, the body hash put right again.
fn with_header(change: impl Fn(&mut serde_json::Value)) -> Entry {
    let entry = good();
    let mut header: serde_json::Value = serde_json::from_str(&entry.header).unwrap();
    change(&mut header);
    Entry {
        header: header.to_string(),
        ..entry
    }
}

#[test]
fn only_what_is_not_an_entry_is_refused() {
    let blob = serde_json::to_value(sample::blob(b"x")).unwrap();
    let cases: Vec<(Entry, &str)> = vec![
        (
            Entry {
                header: "{".into(),
                ..good()
            },
            "header_unreadable",
        ),
        (
            Entry {
                header: good().header.replacen('{', "{\"v\":1,", 1),
                ..good()
            },
            "header_unreadable",
        ),
        (with_header(|h| h["v"] = 2.into()), "header_form_unknown"),
        (
            Entry {
                body: good().body.replace("LJ-01", "LJ-02"),
                ..good()
            },
            "body_hash_mismatch",
        ),
        (with_header(|h| h["seq"] = 0.into()), "chain_contradiction"),
        (with_header(|h| h["seq"] = 2.into()), "chain_contradiction"),
        (
            with_header(|h| h["blobs"][0]["size"] = 0.into()),
            "empty_blob",
        ),
        (
            with_header(|h| h["blobs"][0]["size"] = (limits::BLOB_BYTES + 1).into()),
            "too_large",
        ),
        (
            with_header(|h| h["blobs"] = serde_json::json!([blob, blob])),
            "repeated_blob",
        ),
        (
            with_header(|h| h["blobs"] = vec![blob.clone(); limits::BLOBS + 1].into()),
            "too_large",
        ),
        (
            with_header(|h| h["pad"] = "x".repeat(limits::HEADER_BYTES).into()),
            "too_large",
        ),
        (
            Entry {
                body: "x".repeat(limits::BODY_BYTES + 1),
                ..good()
            },
            "too_large",
        ),
        (
            with_header(|h| h["entry_id"] = "0192F0C1-2B3C-7DEF-8123-456789000001".into()),
            "header_unreadable",
        ),
    ];
    for (entry, code) in cases {
        let header: String = entry.header.chars().take(80).collect();
        assert_eq!(
            entry.check().map_err(|e| e.code()).unwrap_err(),
            code,
            "{header}"
        );
    }
}

#[test]
fn a_body_that_is_not_json_is_refused_even_if_its_hash_holds() {
    let body = "{\"a\":1,\"a\":2}".to_owned();
    let hash = Sha256::of(body.as_bytes()).to_string();
    let entry = Entry {
        body,
        ..with_header(|h| h["body_sha256"] = hash.clone().into())
    };
    assert!(matches!(entry.check(), Err(NotAnEntry::Body(_))));
}

#[test]
fn what_is_not_understood_is_kept() {
    for (change, want) in [
        (("kind", serde_json::json!("from_the_future")), "unknown"),
        (("schema", serde_json::json!(9)), "unknown"),
        (("kind", serde_json::json!("comment")), "fields"),
    ] {
        let checked = with_header(|h| h[change.0] = change.1.clone())
            .check()
            .unwrap();
        let got = match checked.body() {
            Err(BodyError::Unknown { .. }) => "unknown",
            Err(BodyError::Fields { .. }) => "fields",
            other => panic!("{other:?}"),
        };
        assert_eq!(got, want);
    }
}

proptest! {
    #[test]
    fn any_single_changed_byte_is_noticed(at in any::<prop::sample::Index>(), to in any::<u8>(), in_body: bool) {
        let entry = good();
        let text = if in_body { &entry.body } else { &entry.header };
        let mut bytes = text.clone().into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        let Ok(text) = String::from_utf8(bytes) else { return Ok(()) };
        let hash = entry.hash();
        if in_body {
            let refused = Entry { body: text, ..entry }.check().is_err();
            prop_assert!(refused, "a changed body passed");
        } else {
            // A changed header is at best another entry with another hash.
            let changed = Entry { header: text, ..entry };
            prop_assert_ne!(changed.hash(), hash);
        }
    }

    #[test]
    fn nothing_from_outside_panics(header in ".{0,300}", body in ".{0,300}") {
        let _ = Entry { header, body, sig: None }.check();
    }

    #[test]
    fn a_chain_of_any_length_is_gapless(n in 1usize..20) {
        let mut head = sample::head();
        for i in 0..n {
            let draft = sample::cleanup_draft(sample::entry_id(u8::try_from(i).unwrap()));
            let (entry, next) = draft.finish(&sample::moment()).unwrap().seal(&head).unwrap();
            let checked = entry.check().unwrap();
            prop_assert_eq!(checked.header().seq, head.seq + 1);
            prop_assert_eq!(checked.header().prev_hash, head.hash);
            prop_assert_eq!(next.hash, Some(checked.hash()));
            head = next;
        }
    }
}
