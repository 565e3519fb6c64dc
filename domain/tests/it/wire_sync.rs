//! The calls of the sync, frozen like the entries: what was written once reads for ever, and what
//! came later is left out where it is not set.

use crate::sample;
use crate::wire::frozen;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use xunhe_domain::entry::{DeviceKey, LogHead};
use xunhe_domain::feed::{BLOCK_ROWS, Block, BlockHash};
use xunhe_domain::hash::Sha256;
use xunhe_domain::ids::{DeviceId, LogId, ServerId};
use xunhe_domain::json;
use xunhe_domain::receipt::{HeldEntry, Receipt, ReceiptKey, Statement};
use xunhe_domain::record::VettingRuling;
use xunhe_domain::time::WallMs;
use xunhe_domain::wire::{
    Announce, AnnounceAnswer, BlockDigest, BlockRows, CloseLog, ClosedLog, Digest, Gap, Hello,
    Limits, LogList, LogReadiness, LogView, PersonReadiness, PhoneReadiness, PhoneSaid, PullAnswer,
    Readiness, Room, Run, Seen, ShardDigest, SignIn, Vet,
};

fn key() -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[9; 32])
}

fn device() -> SigningKey {
    SigningKey::from_slice(&[7; 32]).unwrap()
}

fn device_key() -> DeviceKey {
    let point = device().verifying_key().to_sec1_point(false);
    DeviceKey::new(point.as_bytes().try_into().unwrap()).unwrap()
}

fn receipt() -> Receipt {
    let statement = Statement {
        v: 1,
        key_id: ReceiptKey::of(&key()).key_id,
        server_id: ServerId::new([0x44; 16]),
        entries: vec![HeldEntry {
            hash: Sha256::of(b"entry"),
            received_ms: WallMs(1_779_580_900_000),
            epoch: 1,
        }],
        blobs: vec![],
    };
    Receipt::sign(&statement, &key()).unwrap()
}

fn announce(seen: Option<Seen>) -> Announce {
    Announce {
        heads: vec![LogHead {
            log_id: LogId::new([0x11; 16]),
            seq: 3,
            hash: Some(Sha256::of(b"head")),
        }],
        unsent: 1,
        unsent_bytes: 1_200,
        oldest_age_ms: 60_000,
        blobs: 2,
        blob_bytes: 3_000_000,
        parked: 0,
        app_version: "0.1.0".to_owned(),
        persisted: true,
        seen,
        room: None,
    }
}

fn hello(backed_up_ms: Option<WallMs>, submit_only: bool) -> Hello {
    Hello {
        service: "xunhe".to_owned(),
        server_id: ServerId::new([0x44; 16]),
        epoch: 1,
        time_ms: WallMs(1_779_580_900_000),
        limits: Limits::default(),
        scope_version: 77,
        registers_version: 5,
        receipt_keys: vec![ReceiptKey::of(&key())],
        signed_in: true,
        backed_up_ms,
        submit_only,
    }
}

fn pulled(epoch: Option<u64>) -> PullAnswer {
    PullAnswer {
        rows: vec![],
        cursor: "c".to_owned(),
        more: false,
        reset: true,
        registers_version: Some(5),
        epoch,
    }
}

fn frozen_both<T>(name: &str, value: &T)
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let text = frozen(name, &serde_json::to_string_pretty(value).unwrap());
    assert_eq!(&json::read::<T>(&text).unwrap(), value);
}

#[test]
fn the_calls_as_they_were_first() {
    frozen_both("announce.1.json", &announce(None));
    let gaps = vec![Gap {
        log_id: LogId::new([0x11; 16]),
        from: 2,
        to: 3,
    }];
    let answer = AnnounceAnswer { gaps, epoch: None };
    frozen_both("announced.1.json", &answer);
    frozen_both("hello.1.json", &hello(None, false));
    frozen_both("pulled.1.json", &pulled(None));
}

#[test]
fn what_the_calls_may_also_say() {
    let seen = Seen {
        epoch: 1,
        cursor: Some("opaque".to_owned()),
        receipt: Some(receipt()),
    };
    frozen_both("announce.2.json", &announce(Some(seen)));
    let answer = AnnounceAnswer {
        gaps: vec![],
        epoch: Some(2),
    };
    frozen_both("announced.2.json", &answer);
    frozen_both(
        "hello.2.json",
        &hello(Some(WallMs(1_779_500_000_000)), true),
    );
    frozen_both("pulled.2.json", &pulled(Some(2)));
    let sign_in = SignIn {
        account: "wgy".to_owned(),
        password: "secret".to_owned(),
        device_id: DeviceId::new([0x55; 16]),
        device_key: Some(device_key()),
    };
    frozen_both("sign-in.2.json", &sign_in);
}

#[test]
fn how_full_a_phone_is_came_later() {
    let room = Room {
        used: 3_221_225_472,
        allowed: 4_294_967_296,
    };
    let announce = Announce {
        room: Some(room),
        ..announce(None)
    };
    frozen_both("announce.3.json", &announce);
    let said = PhoneSaid {
        heard_ms: WallMs(1_779_580_900_000),
        unsent: 0,
        unsent_bytes: 0,
        oldest_ms: WallMs(1_779_580_900_000),
        blob_bytes: 0,
        parked: 0,
        app_version: "0.1.0".to_owned(),
        persisted: false,
        room: Some(room),
    };
    frozen_both("phone-said.2.json", &said);
    let full = |used| Room { used, allowed: 100 }.nearly_full();
    assert_eq!((full(79), full(80), full(101)), (None, Some(80), Some(101)));
    let none = Room {
        used: 1,
        allowed: 0,
    };
    assert_eq!(none.nearly_full(), Some(100));
}

#[test]
fn an_announcement_is_small() {
    // Thirteen counties, as Yuncheng has; the longest receipt that goes along.
    let statement = "x".repeat(Seen::RECEIPT_BYTES);
    let seen = Seen {
        epoch: 1_779_580_900,
        cursor: Some("c".repeat(560)),
        receipt: Some(Receipt {
            statement,
            signature: "s".repeat(88),
        }),
    };
    let most = Room {
        used: u64::from(u32::MAX) * 1_000,
        allowed: u64::from(u32::MAX) * 1_000,
    };
    let announce = Announce {
        room: Some(most),
        ..announce(Some(seen))
    };
    let text = serde_json::to_string(&announce).unwrap();
    assert!(text.len() <= 2_048, "{} bytes", text.len());
}

#[test]
fn the_digest_is_frozen() {
    let mut block = BlockHash::default();
    block.row(1, &Sha256::of(b"one"));
    block.row(256, &Sha256::of(b"two"));
    let (count, hash) = block.finish();
    frozen("block-hash.1.txt", &format!("{count} {hash}\n"));
    let digest = Digest {
        epoch: 1,
        shards: vec![ShardDigest {
            shard: "div-0001".parse().unwrap(),
            through: 300,
            blocks: vec![BlockDigest { no: 0, count, hash }],
        }],
    };
    frozen_both("digest.1.json", &digest);
    let rows = BlockRows {
        epoch: 1,
        through: 300,
        rows: vec![],
    };
    frozen_both("block-rows.1.json", &rows);
}

#[test]
fn every_number_lies_in_the_block_that_it_is_said_to() {
    for seq in [1, 2, 255, 256, 257, 512, 513, 1_000_000] {
        let no = Block::number_of(seq);
        let shard = "div-0001".parse().unwrap();
        let block = Block { shard, no };
        assert!((block.first()..=block.last()).contains(&seq), "{seq}");
        assert_eq!(block.last() - block.first() + 1, BLOCK_ROWS);
    }
}

#[test]
fn what_is_missing_of_logs_is_frozen() {
    let close = CloseLog {
        reason: "手机丢失".to_owned(),
    };
    frozen_both("close-log.1.json", &close);
    let list = LogList {
        logs: vec![LogView {
            log_id: LogId::new([0x11; 16]),
            person: "p-0001".parse().unwrap(),
            name: "演示".to_owned(),
            device: DeviceId::new([0x55; 16]),
            announced: 7,
            missing: 2,
            blobs: 1,
            heard_ms: Some(WallMs(1_779_580_900_000)),
            forked: true,
            closed: Some(ClosedLog {
                by: "p-0002".parse().unwrap(),
                at_ms: WallMs(1_779_590_000_000),
                reason: "手机丢失".to_owned(),
                through: 7,
            }),
        }],
    };
    frozen_both("logs.1.json", &list);
}

#[test]
fn what_is_ruled_about_what_was_to_be_checked_is_frozen() {
    let vet = Vet {
        ruling: VettingRuling::SetAside,
        reason: "重复填报".to_owned(),
    };
    frozen_both("vet.1.json", &vet);
}

#[test]
fn who_was_silent_is_frozen() {
    let at = WallMs(1_779_580_900_000);
    let log = LogReadiness {
        log_id: LogId::new([0x11; 16]),
        announced: 7,
        missing: 2,
        gaps: vec![Run { from: 3, to: 4 }],
        forked: true,
        closed: Some(ClosedLog {
            by: "p-0002".parse().unwrap(),
            at_ms: at,
            reason: "手机丢失".to_owned(),
            through: 1,
        }),
        closed_by: Some("演示".to_owned()),
    };
    let phone = PhoneReadiness {
        device: DeviceId::new([0x55; 16]),
        missing: 2,
        blobs: 1,
        said: Some(PhoneSaid {
            heard_ms: at,
            unsent: 2,
            unsent_bytes: 900,
            oldest_ms: WallMs(at.0 - 60_000),
            blob_bytes: 300_000,
            parked: 1,
            app_version: "0.1.0".to_owned(),
            persisted: true,
            room: None,
        }),
        logs: vec![log],
    };
    let answer = Readiness {
        now_ms: at,
        today: "2026-05-24".parse().unwrap(),
        closes: "2026-05-25".parse().unwrap(),
        all: 30,
        total: 12,
        waiting: 1,
        never: 4,
        skip: 0,
        people: vec![PersonReadiness {
            person: "p-0001".parse().unwrap(),
            name: "演示".to_owned(),
            posts: vec!["城北街道网格员".to_owned()],
            unit: Some("城北街道办事处".to_owned()),
            silent_since: Some(at),
            waiting: true,
            phones: vec![phone],
        }],
    };
    frozen_both("readiness.1.json", &answer);
}

#[test]
fn a_device_signature_is_frozen() {
    let cleanup = sample::cleanup_draft(sample::entry_id(1));
    let unsealed = cleanup.finish(&sample::moment()).unwrap();
    let (mut entry, _) = unsealed.seal(&sample::head()).unwrap();
    // Browsers draw a number for each signature; this one is drawn by RFC 6979.
    let signature: Signature = device().sign(entry.header.as_bytes());
    entry.sig = Some(BASE64.encode(signature.to_bytes()));
    let text = frozen(
        "signed.1.json",
        &serde_json::to_string_pretty(&entry).unwrap(),
    );
    let read: xunhe_domain::entry::Entry = json::read(&text).unwrap();
    assert!(device_key().signed(&read.header, read.sig.as_deref().unwrap()));
    frozen("device-key.1.txt", &format!("{}\n", device_key()));
}
