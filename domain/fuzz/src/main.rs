//! Every parser of what comes over the wire against inputs that find new ways through it:
//! `XUNHE_PARSER` names one. It says no or it reads; whatever it reads can be used.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::str::from_utf8;
use std::sync::LazyLock;
use xunhe_domain::entry::{DeviceKey, Entry};
use xunhe_domain::json;
use xunhe_domain::patrol::{Tally, cut_part, read_track, stretches, write_track};
use xunhe_domain::receipt::Receipt;
use xunhe_domain::register::PhoneRegisters;
use xunhe_domain::rescue::{self, HEAD_BYTES, Manifest, read_head};
use xunhe_domain::wire::{
    Announce, AnnounceAnswer, BlobHeld, BlockRows, Digest, Fault, Hello, PullAnswer, Push,
    PushAnswer, SignIn, Verify, VerifyAnswer,
};

type Parser = fn(&[u8]);

const PARSERS: [(&str, Parser); 19] = [
    ("entry", |b| {
        text(b, |t| read::<Entry>(t).into_iter().for_each(entry))
    }),
    ("texts", texts),
    ("push", |b| {
        text(b, |t| {
            let push = again::<Push>(t);
            push.into_iter().flat_map(|p| p.entries).for_each(entry);
        });
    }),
    ("push-answer", |b| text(b, |t| drop(again::<PushAnswer>(t)))),
    ("pull-answer", |b| {
        text(b, |t| {
            let rows = again::<PullAnswer>(t).into_iter().flat_map(|a| a.rows);
            rows.filter_map(|row| row.entry).for_each(entry);
        });
    }),
    ("block-rows", |b| text(b, |t| drop(again::<BlockRows>(t)))),
    ("digest", |b| text(b, |t| drop(again::<Digest>(t)))),
    ("announce", |b| text(b, |t| drop(again::<Announce>(t)))),
    ("announced", |b| {
        text(b, |t| drop(again::<AnnounceAnswer>(t)))
    }),
    ("hello", |b| text(b, |t| drop(again::<Hello>(t)))),
    ("verify", |b| text(b, |t| drop(again::<Verify>(t)))),
    ("verified", |b| text(b, |t| drop(again::<VerifyAnswer>(t)))),
    ("blob-held", |b| text(b, |t| drop(again::<BlobHeld>(t)))),
    ("sign-in", |b| text(b, |t| drop(again::<SignIn>(t)))),
    ("fault", |b| text(b, |t| drop(again::<Fault>(t)))),
    ("receipt", |b| {
        text(b, |t| {
            if let Some(receipt) = again::<Receipt>(t) {
                assert!(receipt.verify(&[]).is_err(), "signed by nobody");
            }
        });
    }),
    ("registers", |b| {
        text(b, |t| drop(read::<PhoneRegisters>(t)))
    }),
    ("rescue", archive),
    ("track", track),
];

static PARSER: LazyLock<Parser> = LazyLock::new(|| {
    let name = std::env::var("XUNHE_PARSER").unwrap_or_default();
    let found = PARSERS.iter().find(|(n, _)| *n == name);
    let names: Vec<_> = PARSERS.iter().map(|(n, _)| *n).collect();
    found
        .unwrap_or_else(|| panic!("XUNHE_PARSER is one of {names:?}"))
        .1
});

fuzz_target!(|bytes: &[u8]| PARSER(bytes));

fn text(bytes: &[u8], parse: impl Fn(&str)) {
    if let Ok(text) = from_utf8(bytes) {
        parse(text);
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    json::read(text).ok()
}

/// What was read is written and reads as the same again.
fn again<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(text: &str) -> Option<T> {
    let once = read::<T>(text)?;
    let written = serde_json::to_string(&once).unwrap();
    assert_eq!(read::<T>(&written).as_ref(), Some(&once), "{written}");
    Some(once)
}

/// Whatever reads as an entry can be used as one.
fn entry(entry: Entry) {
    let hash = entry.hash();
    let _ = entry.clone().check_kept();
    let Ok(checked) = entry.check() else { return };
    assert_eq!(checked.raw().hash(), hash);
    if let Some(key) = DeviceKey::new([4; 65]).ok().as_ref() {
        let _ = key.signed(&checked.raw().header, "");
    }
    if let Ok((body, fields)) = checked.body() {
        let _ = (fields.before(), fields.after());
        serde_json::to_string(&body).unwrap();
    }
}

/// Header and body with a line between them. The body's hash is put right, or nothing would
/// ever come behind it.
fn texts(bytes: &[u8]) {
    let mut parts = bytes.splitn(2, |b| *b == b'\n');
    let (Some(header), Some(body)) = (parts.next(), parts.next()) else {
        return;
    };
    let (Ok(header), Ok(body)) = (from_utf8(header), from_utf8(body)) else {
        return;
    };
    let hash = xunhe_domain::hash::Sha256::of(body.as_bytes()).to_string();
    entry(Entry {
        header: header.replace("BODY", &hash),
        body: body.to_owned(),
        sig: None,
    });
}

/// A rescue file from its first byte on.
fn archive(mut bytes: &[u8]) {
    while bytes.len() >= HEAD_BYTES {
        let Ok(Some(read)) = read_head(bytes) else {
            return;
        };
        match read {
            rescue::Read::Need(more) => {
                assert!(more > bytes.len());
                return;
            }
            rescue::Read::Head { head, len } => {
                let size = usize::try_from(head.size).unwrap();
                let end = len.saturating_add(size).min(bytes.len());
                let content = &bytes[len.min(end)..end];
                match rescue::Name::read(&head.name) {
                    Some(rescue::Name::Manifest) => text(content, |t| drop(read_manifest(t))),
                    Some(rescue::Name::Entry(_)) => {
                        text(content, |t| {
                            self::read::<Entry>(t).into_iter().for_each(entry)
                        });
                    }
                    Some(name) => assert_eq!(rescue::Name::read(&name.text()), Some(name)),
                    None => {}
                }
                bytes = &bytes[end..];
            }
        }
    }
}

fn read_manifest(text: &str) -> Option<Manifest> {
    again(text)
}

fn track(bytes: &[u8]) {
    let Ok(fixes) = read_track(bytes) else { return };
    let mut tally = Tally::default();
    for fix in &fixes {
        tally.add(*fix);
    }
    let _ = (stretches(&fixes), cut_part(&fixes));
    let written = write_track(&fixes);
    assert_eq!(read_track(&written).map(|f| f.len()), Ok(fixes.len()));
}
