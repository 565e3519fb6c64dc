//! Every parser of the wire against damaged files of the corpus (the frozen files): it says no,
//! or it reads what is not the same; it never fails otherwise.

use proptest::prelude::*;
use serde::de::DeserializeOwned;
use std::path::PathBuf;
use std::sync::LazyLock;
use xunhe_domain::entry::Entry;
use xunhe_domain::json;
use xunhe_domain::receipt::Receipt;
use xunhe_domain::record::Fields;
use xunhe_domain::register::PhoneRegisters;
use xunhe_domain::wire::{
    Announce, AnnounceAnswer, BlockRows, Digest, Fault, Hello, PullAnswer, Push, PushAnswer,
    SignIn, Verify, VerifyAnswer,
};

static CORPUS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/wire");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
});

#[derive(Debug, Clone)]
enum Damage {
    Flip(usize, u8),
    Cut(usize, usize),
    Double(usize, usize),
    /// Something that parsers have stumbled over before.
    Put(usize, &'static str),
}

const NASTY: [&str; 10] = [
    "null",
    "\\u0000",
    "\\ud800",
    "1e400",
    "-0",
    "9223372036854775808",
    "{\"a\":{\"a\":",
    "[[[[[[[[",
    "\u{feff}",
    "\"v\":1,\"v\":2",
];

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    let at = any::<usize>;
    let one = prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, bits)| Damage::Flip(at, bits)),
        (at(), 0..40_usize).prop_map(|(at, len)| Damage::Cut(at, len)),
        (at(), 0..40_usize).prop_map(|(at, len)| Damage::Double(at, len)),
        (at(), prop::sample::select(&NASTY[..])).prop_map(|(at, text)| Damage::Put(at, text)),
    ];
    prop::collection::vec(one, 1..4)
}

fn damaged(text: &str, damages: &[Damage]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for damage in damages {
        let len = bytes.len().max(1);
        match damage {
            Damage::Flip(at, bits) => {
                if let Some(byte) = bytes.get_mut(at % len) {
                    *byte ^= bits;
                }
            }
            Damage::Cut(at, run) => {
                let (from, to) = (at % len, (at % len + run).min(bytes.len()));
                bytes.drain(from..to);
            }
            Damage::Double(at, run) => {
                let (from, to) = (at % len, (at % len + run).min(bytes.len()));
                let run = bytes[from..to].to_vec();
                bytes.splice(from..from, run);
            }
            Damage::Put(at, text) => {
                let at = (at % len).min(bytes.len());
                bytes.splice(at..at, text.bytes());
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    json::read(text).ok()
}

/// Everything that reads an entry, and what must hold of whatever does read.
fn take_entry(entry: Entry, original: Option<&Entry>) {
    let Ok(checked) = entry.clone().check() else {
        let _ = entry.check_kept();
        return;
    };
    if let Some(original) = original.filter(|o| o.hash() == entry.hash()) {
        assert_eq!(entry.body, original.body, "one hash, two contents");
    }
    if let Ok((body, fields)) = checked.body() {
        let _ = Fields::write(&fields);
        let _ = serde_json::to_string(&body).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn no_parser_of_the_wire_fails_on_what_is_damaged(file in any::<usize>(), how in damages()) {
        let text = &CORPUS[file % CORPUS.len()];
        let text = damaged(text, &how);
        if let Some(entry) = read::<Entry>(&text) {
            take_entry(entry, None);
        }
        if let Some(receipt) = read::<Receipt>(&text) {
            prop_assert!(receipt.verify(&[]).is_err());
        }
        let _ = read::<Push>(&text);
        let _ = read::<PushAnswer>(&text);
        let _ = read::<PullAnswer>(&text);
        let _ = read::<Announce>(&text);
        let _ = read::<AnnounceAnswer>(&text);
        let _ = read::<Hello>(&text);
        let _ = read::<Digest>(&text);
        let _ = read::<BlockRows>(&text);
        let _ = read::<Verify>(&text);
        let _ = read::<VerifyAnswer>(&text);
        let _ = read::<SignIn>(&text);
        let _ = read::<Fault>(&text);
        let _ = read::<PhoneRegisters>(&text);
    }

    #[test]
    fn an_entry_that_was_changed_is_refused_or_is_another(
        file in any::<usize>(),
        (header, body) in (damages(), damages()),
        which in 0..3_u8,
    ) {
        let entries: Vec<Entry> = CORPUS.iter().filter_map(|text| read(text)).collect();
        let original = &entries[file % entries.len()];
        let mut entry = original.clone();
        if which != 1 {
            entry.header = damaged(&entry.header, &header);
        }
        if which != 0 {
            entry.body = damaged(&entry.body, &body);
        }
        take_entry(entry, Some(original));
    }
}
