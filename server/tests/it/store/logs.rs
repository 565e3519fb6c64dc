use super::kit::{DEVICE, Kit};
use crate::support::Pen;
use crate::support::pen::{now, photo};
use domain::entry::{DeviceKey, LogHead};
use domain::ids::DeviceId;
use domain::time::WallMs;
use domain::wire::{ClosedLog, Room};
use xunhe_server::store::Announced;

fn announced(pen: &Pen, seq: u64, blobs: u32) -> Announced {
    Announced {
        person: pen.person.clone(),
        device: DEVICE,
        heads: vec![LogHead { seq, ..pen.head }],
        unsent: 1,
        unsent_bytes: 500,
        oldest_age_ms: 9,
        blobs,
        blob_bytes: 7,
        parked: 0,
        app_version: "test".into(),
        persisted: false,
        room: Some(Room {
            used: 7,
            allowed: 8,
        }),
        now: now(),
    }
}

pub(super) async fn an_announcement_shows_what_is_missing(kit: Kit) {
    let mut pen = Pen::new("wgy-yongji").on(&kit.two_places()[0].0);
    let entries = [
        pen.cleanup(vec![]),
        pen.cleanup(vec![]),
        pen.cleanup(vec![]),
    ];
    kit.take(&[&entries[0], &entries[2]]).await;
    let open = kit.store.open_logs(10).await.unwrap();
    assert_eq!(
        (open[0].seq, open[0].missing, open[0].heard_ms),
        (3, 1, None)
    );
    kit.store.announce(&announced(&pen, 5, 0)).await.unwrap();
    let open = kit.store.open_logs(10).await.unwrap();
    assert_eq!((open.len(), open[0].seq, open[0].missing), (1, 5, 3));
    // A phone set back to an older state does not take back what it said.
    kit.store.announce(&announced(&pen, 2, 0)).await.unwrap();
    let log = kit.store.log(pen.head.log_id).await.unwrap().unwrap();
    assert_eq!((log.seq, log.missing), (5, 3));
    // One that names a log twice is taken at its farthest word.
    let mut twice = announced(&pen, 6, 0);
    twice.heads.push(LogHead { seq: 7, ..pen.head });
    twice.app_version = "te\0st".into();
    kit.store.announce(&twice).await.unwrap();
    let log = kit.store.log(pen.head.log_id).await.unwrap().unwrap();
    assert_eq!(log.seq, 7);
    let room = Room {
        used: 7,
        allowed: 8,
    };
    assert_eq!(log.said.and_then(|said| said.room), Some(room));
}

pub(super) async fn a_closed_log_alarms_only_beyond_its_end(kit: Kit) {
    let pen = Pen::new("wgy-yongji");
    let id = pen.head.log_id;
    kit.store.announce(&announced(&pen, 4, 2)).await.unwrap();
    let closed = |reason: &str| ClosedLog {
        by: "hzb-yongji".parse().unwrap(),
        at_ms: WallMs(now().0 + 1),
        reason: reason.into(),
        through: 4,
    };
    kit.store.close_log(id, &closed("手机丢失")).await.unwrap();
    kit.store.close_log(id, &closed("又说一次")).await.unwrap();
    assert_eq!(kit.store.open_logs(10).await.unwrap(), []);
    kit.store.announce(&announced(&pen, 6, 2)).await.unwrap();
    let log = kit.store.log(id).await.unwrap().unwrap();
    assert_eq!(log.missing, 2);
    assert_eq!(log.closed.unwrap().reason, "手机丢失", "the first stays");
}

/// A phone announces before it sends, and does not speak again only because everything came.
pub(super) async fn photos_that_came_after_the_announcement_are_not_waited_for(kit: Kit) {
    let mut pen = Pen::new("wgy-yongji").on(&kit.two_places()[0].0);
    let (one, two) = (b"first photo".as_slice(), b"second photo".as_slice());
    let report = pen.cleanup(vec![photo(one), photo(two)]);
    kit.store.announce(&announced(&pen, 1, 2)).await.unwrap();
    kit.take(&[&report]).await;
    let waited = async || {
        let log = kit.store.log(pen.head.log_id).await.unwrap().unwrap();
        (log.blobs, log.is_open())
    };
    assert_eq!(waited().await, (2, true));
    kit.deliver(&pen, one, 0).await;
    assert_eq!(waited().await, (1, true));
    kit.deliver(&pen, two, 0).await;
    assert_eq!(waited().await, (0, false));
    let all = kit.store.all_logs(10).await.unwrap();
    let said = all[0].said.as_ref().unwrap();
    assert_eq!(
        (all.len(), said.unsent, said.app_version.as_str()),
        (1, 1, "test")
    );
    assert_eq!(kit.store.open_logs(10).await.unwrap(), []);
}

pub(super) async fn a_key_vouches_for_two_who_showed_it_on_one_device(kit: Kit) {
    let mut raw = [5; 65];
    raw[0] = 4;
    let key = DeviceKey::new(raw).unwrap();
    let [one, two, three] = ["p-1", "p-2", "p-3"].map(|p| p.parse().unwrap());
    let bind = async |device, person| {
        let bound = kit.store.bind_device(device, person, &key, now()).await;
        bound.unwrap();
    };
    bind(DEVICE, &one).await;
    bind(DEVICE, &two).await;
    bind(DEVICE, &two).await;
    bind(DeviceId::new([8; 16]), &three).await;
    let shared = async |a, b| kit.store.device_keys(DEVICE, [a, b]).await.unwrap();
    assert_eq!(shared(&one, &two).await, [key]);
    assert_eq!(shared(&one, &three).await, []);
}
