//! The registers' own form on the wire: what a phone stored must be readable by a later version,
//! and what a later version wrote must survive an earlier one.

use crate::sample::{day, id, registers};
use serde_json::{Value, json};
use xunhe_domain::register::{Division, Grant, PhoneRegisters, Post};

/// As first frozen, before units, outfalls and the units that a person works for.
const PHONE_1: &str = include_str!("../wire/phone-registers.1.json");
const PHONE_2: &str = include_str!("../wire/phone-registers.2.json");

#[test]
fn the_phone_registers_keep_their_form() {
    let phone = registers()
        .for_person(&id("ann"), day("2026-03-15"))
        .unwrap();
    let frozen: Value = serde_json::from_str(PHONE_2).unwrap();
    assert_eq!(serde_json::to_value(&phone).unwrap(), frozen);
    let read: PhoneRegisters = serde_json::from_str(PHONE_2).unwrap();
    assert_eq!(read, phone);
    let kept: PhoneRegisters = serde_json::from_str(PHONE_1).unwrap();
    let units = Vec::new();
    assert_eq!(kept, PhoneRegisters { units, ..phone });
}

#[test]
fn words_of_a_later_version_are_kept() {
    let division = json!({"id": "g", "name": "三组", "level": "group", "ordinal": 0});
    let read: Division = serde_json::from_value(division.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), division);
    let post = json!({"id": "p", "kind": "护渠员", "division": "g", "name": "护渠员"});
    let read: Post = serde_json::from_value(post.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), post);
}

#[test]
fn a_scope_that_nobody_knows_is_no_grant() {
    let grant = json!({
        "id": "g", "person": "p", "role": "auditor", "from": "2026-01-01",
        "scope": {"kind": "everything", "id": "x"},
    });
    assert!(serde_json::from_value::<Grant>(grant).is_err());
}
