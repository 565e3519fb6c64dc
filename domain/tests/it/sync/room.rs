//! Making room: nothing leaves a phone but what the server just proved to hold, and has a newer
//! backup of.

use super::phone::Phone;
use super::server::Server;
use xunhe_domain::sync::{Call, Cause, Event, Removal, RemovalWhy};

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

/// A phone whose photos are received.
fn delivered(photos: usize) -> (Phone, Server) {
    let (mut phone, mut server) = (Phone::new(5), Server::new());
    for _ in 0..photos {
        phone.save(&[40_000]);
    }
    phone.settle(&mut server);
    assert_eq!(server.data.blobs.len(), photos);
    (phone, server)
}

/// So much later; hello is said again, as at every start.
fn later(phone: &mut Phone, server: &mut Server, ms: u64) {
    phone.pass(ms, server);
    phone.tell(Event::Woken(Cause::SignedIn));
    phone.settle(server);
}

fn gone(phone: &Phone) -> usize {
    phone.kept.borrow().let_go.len()
}

#[test]
fn a_photo_stays_thirty_days_though_there_is_a_backup() {
    let (mut phone, mut server) = delivered(2);
    later(&mut phone, &mut server, 2 * HOUR_MS);
    server.back_up();
    later(&mut phone, &mut server, 29 * DAY_MS);
    assert_eq!(gone(&phone), 0);
    later(&mut phone, &mut server, DAY_MS);
    assert_eq!(gone(&phone), 2);
    let verified = server.log.iter().any(|c| matches!(c, Call::Verify { .. }));
    assert!(verified, "and only after it was proved");
    assert_eq!(phone.engine.status().received, 2, "its text stays");
}

#[test]
fn a_backup_counts_from_an_hour_after_the_receipt() {
    for (minutes, goes) in [(59, 0), (61, 1)] {
        let (mut phone, mut server) = delivered(1);
        later(&mut phone, &mut server, minutes * 60_000);
        server.back_up();
        later(&mut phone, &mut server, 31 * DAY_MS);
        assert_eq!(gone(&phone), goes, "{minutes} minutes");
    }
}

#[test]
fn without_a_backup_nothing_goes_however_old_and_however_full() {
    let (mut phone, mut server) = delivered(2);
    phone.tell(Event::Woken(Cause::Crowded));
    later(&mut phone, &mut server, 400 * DAY_MS);
    assert_eq!(gone(&phone), 0);
    // Nor by one that is older than the receipts.
    server.data.backed_up = Some(xunhe_domain::time::WallMs(1));
    phone.tell(Event::Woken(Cause::Crowded));
    later(&mut phone, &mut server, DAY_MS);
    assert_eq!(gone(&phone), 0);
}

#[test]
fn when_room_is_short_photos_go_early_but_only_from_a_backup() {
    let (mut phone, mut server) = delivered(2);
    later(&mut phone, &mut server, 2 * HOUR_MS);
    server.back_up();
    later(&mut phone, &mut server, 2 * HOUR_MS);
    let fresh = phone.save(&[40_000]);
    phone.settle(&mut server);
    assert_eq!(gone(&phone), 0);
    phone.tell(Event::Woken(Cause::Crowded));
    later(&mut phone, &mut server, HOUR_MS);
    let went = phone.kept.borrow().let_go.clone();
    assert_eq!(went.len(), 2);
    assert!(went.iter().all(|key| key.entry_id != fresh));
}

#[test]
fn the_devices_clock_has_no_say() {
    let (mut phone, mut server) = delivered(1);
    later(&mut phone, &mut server, 2 * HOUR_MS);
    server.back_up();
    phone.wall.0 = 10 * 365 * 86_400_000;
    later(&mut phone, &mut server, 20 * DAY_MS);
    assert_eq!(
        gone(&phone),
        0,
        "ten years by its own clock are twenty days"
    );
    phone.wall.0 = -10 * 365 * 86_400_000;
    later(&mut phone, &mut server, 11 * DAY_MS);
    assert_eq!(gone(&phone), 1);
}

#[test]
fn what_the_server_cannot_prove_is_offered_again_instead() {
    let (mut phone, mut server) = delivered(3);
    later(&mut phone, &mut server, 2 * HOUR_MS);
    server.back_up();
    // A photo and the text of another are lost on the server; no epoch tells.
    let photo = *server.data.blobs.keys().next().unwrap();
    server.data.blobs.remove(&photo);
    phone.tell(Event::Woken(Cause::Crowded));
    later(&mut phone, &mut server, 31 * DAY_MS);
    assert!(server.data.blobs.contains_key(&photo));
    let went = phone.kept.borrow().let_go.clone();
    assert!(went.iter().all(|key| key.sha256 != photo));
    assert_eq!(went.len(), 2);
}

#[test]
fn more_than_a_hundred_go_only_at_the_persons_word() {
    let (mut phone, mut server) = delivered(101);
    later(&mut phone, &mut server, 2 * HOUR_MS);
    server.back_up();
    later(&mut phone, &mut server, 31 * DAY_MS);
    assert_eq!(gone(&phone), 0);
    let asks = Removal {
        why: RemovalWhy::Room,
        count: 101,
    };
    assert_eq!(phone.engine.status().removal, Some(asks));
    // Other work goes on while it waits.
    phone.save(&[]);
    phone.settle(&mut server);
    assert_eq!(phone.engine.status().unsent, 0);
    phone.tell(Event::Allowed(RemovalWhy::Room));
    phone.settle(&mut server);
    assert_eq!(gone(&phone), 101);
    assert_eq!(phone.engine.status().removal, None);
}

#[test]
fn what_went_is_known_by_its_receipt_to_a_server_restored_from_the_backup() {
    let (mut phone, mut server) = delivered(2);
    later(&mut phone, &mut server, 2 * HOUR_MS);
    server.back_up();
    later(&mut phone, &mut server, 31 * DAY_MS);
    assert_eq!(gone(&phone), 2);
    server.restore();
    later(&mut phone, &mut server, HOUR_MS);
    let status = phone.engine.status();
    assert_eq!(
        (status.received, status.parked, status.unsent_blobs),
        (2, 0, 0)
    );
}
