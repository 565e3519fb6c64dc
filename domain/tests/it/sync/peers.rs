//! What users of other products lost (docs of `research/peers.md`, §2), each by its number: here
//! it cannot happen. Cases of the browser, the camera or the map are tested where those live.

use super::phone::{Fate, Phone};
use super::server::Server;
use xunhe_domain::sync::{Call, Cause, Change, Event, ParkReason};
use xunhe_domain::wire::EntryStatus;

fn both() -> (Phone, Server) {
    let (mut phone, mut server) = (Phone::new(7), Server::new());
    phone.settle(&mut server);
    (phone, server)
}

/// Lets time pass for so long, in good weather but for what `fate` says.
fn live(phone: &mut Phone, server: &mut Server, ms: u64, fate: impl Fn(&Call) -> Fate) {
    let end = phone.now.plus(ms);
    for _ in 0..100_000 {
        if !phone.work.is_empty() {
            phone.record(0, true);
        } else if !phone.calls.is_empty() {
            phone.pass(40, server);
            let fate = fate(&phone.calls[0].1);
            phone.deliver(0, server, fate);
        } else if phone.wake.is_some_and(|at| at <= end) {
            phone.until_woken(server);
        } else {
            phone.pass(end.since(phone.now), server);
            return;
        }
    }
    panic!("it runs in a circle");
}

fn received(phone: &Phone) -> u32 {
    phone.engine.status().received
}

#[test]
fn peer_5_what_has_no_photo_here_says_so_and_its_text_arrives() {
    let (mut phone, mut server) = both();
    let id = phone.save(&[900, 200_000]);
    for blob in phone.kept.borrow_mut().blobs.values_mut() {
        blob.here = blob.blob.size == 900;
    }
    phone.settle(&mut server);
    assert!(server.data.entries.contains_key(&id));
    let kept = phone.kept.borrow();
    let lost = kept.blobs.values().find(|b| !b.here).unwrap();
    assert_eq!(lost.blob.parked, Some(ParkReason::MissingHere));
    assert_eq!(phone.engine.status().parked, 1);
}

#[test]
fn peer_7_an_answer_that_never_comes_leaves_nothing_stuck() {
    let (mut phone, mut server) = both();
    phone.save(&[]);
    // The server takes it each time, and three answers are lost.
    let lost = std::cell::Cell::new(0);
    live(&mut phone, &mut server, 3_600_000, |call| {
        let swallow = matches!(call, Call::Push(_)) && lost.get() < 3;
        lost.set(lost.get() + u32::from(swallow));
        if swallow {
            Fate::AnswerLost
        } else {
            Fate::Fine
        }
    });
    assert_eq!((lost.get(), received(&phone)), (3, 1));
    assert_eq!(server.data.entries.len(), 1);
}

#[test]
fn peer_7_a_missing_photo_blocks_no_other() {
    let (mut phone, mut server) = both();
    phone.save(&[200_000]);
    phone
        .kept
        .borrow_mut()
        .blobs
        .values_mut()
        .for_each(|b| b.here = false);
    phone.save(&[200_000]);
    phone.settle(&mut server);
    assert_eq!((received(&phone), server.data.blobs.len()), (1, 1));
}

#[test]
fn peer_8_after_an_outage_everything_goes_by_itself() {
    let (mut phone, mut server) = both();
    phone.save(&[200_000]);
    live(&mut phone, &mut server, 5 * 3_600_000, |_| {
        Fate::LostOnTheWay
    });
    assert_eq!(received(&phone), 0);
    // Nobody touches the phone; the longest pause is a quarter of an hour.
    live(&mut phone, &mut server, 15 * 60_000 + 1_000, |_| Fate::Fine);
    assert_eq!(received(&phone), 1);
}

#[test]
fn peer_8_a_server_that_is_down_is_not_besieged() {
    let (mut phone, mut server) = both();
    phone.save(&[]);
    let before = server.log.len();
    let tried = std::cell::Cell::new(0);
    live(&mut phone, &mut server, 24 * 3_600_000, |_| {
        tried.set(tried.get() + 1);
        Fate::LostOnTheWay
    });
    assert_eq!(server.log.len(), before);
    assert!(
        (90..400).contains(&tried.get()),
        "{} tries a day",
        tried.get()
    );
}

#[test]
fn peer_9_a_poison_record_goes_to_the_tray_alone_and_comes_back_when_asked() {
    let (mut phone, mut server) = both();
    let ids = [phone.save(&[]), phone.save(&[900]), phone.save(&[])];
    server.poison.insert(ids[1]);
    phone.settle(&mut server);
    assert_eq!(received(&phone), 2);
    assert_eq!(
        phone.parked(),
        [(ids[1], ParkReason::Refused("poison".into()))]
    );
    // Somebody puts the server right, and the person offers it again.
    server.poison.clear();
    phone.tell(Event::OfferAgain(ids[1]));
    phone.settle(&mut server);
    assert_eq!((received(&phone), phone.parked().len()), (3, 0));
    assert!(server.data.entries.contains_key(&ids[1]));
}

#[test]
fn peer_18_what_was_refused_is_shown_with_its_reason_and_never_counted() {
    let (mut phone, mut server) = both();
    let (good, bad) = (phone.save(&[]), phone.save(&[]));
    let said = (EntryStatus::Refused, "author_mismatch".to_owned());
    server.says.insert(bad, said);
    phone.settle(&mut server);
    let status = phone.engine.status();
    assert_eq!((status.received, status.parked, status.unsent), (1, 1, 0));
    let reason = ParkReason::Refused("author_mismatch".into());
    assert_eq!(phone.parked(), [(bad, reason)]);
    assert!(server.data.entries.contains_key(&good));
    // And it is still there after the page was opened again.
    phone.crash();
    phone.settle(&mut server);
    assert_eq!(phone.engine.status().parked, 1);
}

#[test]
fn peer_19_an_edit_without_the_right_to_it_arrives_and_waits_for_a_look() {
    let (mut phone, mut server) = both();
    let id = phone.save(&[]);
    let said = (EntryStatus::Quarantined, "not_permitted".to_owned());
    server.says.insert(id, said);
    while !phone.calls.iter().any(|(_, c)| matches!(c, Call::Push(_))) {
        phone.record(0, true);
    }
    phone.deliver(0, &mut server, Fate::Fine);
    let told = phone.work.iter().any(|work| {
        match work {
        super::phone::Work::Record(_, _, changes) => changes.iter().any(|c| {
            matches!(c, Change::EntryHeld { quarantined: Some(why), .. } if why == "not_permitted")
        }),
        super::phone::Work::Inspect(..) => false,
    }
    });
    assert!(told, "the reason is recorded: 平台已收·待核实");
    phone.settle(&mut server);
    assert_eq!(received(&phone), 1);
}

#[test]
fn peer_20_in_order_is_read_from_the_outbox_not_from_the_last_run() {
    let (mut phone, mut server) = both();
    let in_order = phone.engine.status().last_sync;
    assert!(in_order.is_some());
    phone.save(&[900]);
    let status = phone.engine.status();
    assert_eq!((status.unsent, status.unsent_blobs), (1, 1));
    live(&mut phone, &mut server, 3_600_000, |_| Fate::LostOnTheWay);
    let status = phone.engine.status();
    assert_eq!((status.unsent, status.last_sync), (1, in_order));
}

#[test]
fn peer_21_a_server_restored_from_a_backup_is_offered_everything_again() {
    let (mut phone, mut server) = both();
    let id = phone.save(&[200_000]);
    phone.settle(&mut server);
    server.restore();
    assert!(server.data.entries.is_empty());
    phone.tell(Event::Woken(Cause::SignedIn));
    phone.settle(&mut server);
    assert!(server.data.entries.contains_key(&id));
    assert_eq!((received(&phone), server.data.blobs.len()), (1, 1));
}

#[test]
fn peer_21_a_server_put_back_unannounced_is_found_out_by_a_receipt() {
    let (mut phone, mut server) = both();
    phone.save(&[]);
    phone.settle(&mut server);
    server.snapshot();
    let lost = phone.save(&[200_000]);
    phone.settle(&mut server);
    let epoch = server.data.epoch;
    server.rewind();
    assert!(!server.data.entries.contains_key(&lost));
    phone.tell(Event::Woken(Cause::SignedIn));
    phone.settle(&mut server);
    assert!(server.data.epoch > epoch, "the server noticed by itself");
    assert!(server.data.entries.contains_key(&lost));
    assert_eq!((received(&phone), server.data.blobs.len()), (2, 1));
}

#[test]
fn peer_21_a_gap_in_the_own_log_is_filled_whatever_the_server_believes() {
    let (mut phone, mut server) = both();
    let lost = phone.save(&[]);
    phone.settle(&mut server);
    phone.save(&[]);
    phone.settle(&mut server);
    // Damage that no receipt betrays: the newest one is of a later entry.
    server.data.entries.remove(&lost);
    phone.tell(Event::Woken(Cause::SignedIn));
    phone.settle(&mut server);
    assert!(server.data.entries.contains_key(&lost));
    assert_eq!(received(&phone), 2);
}

#[test]
fn peer_22_accepted_without_a_receipt_is_not_received() {
    let (mut phone, mut server) = both();
    phone.save(&[]);
    live(&mut phone, &mut server, 3_600_000, |_| Fate::NoReceipt);
    let status = phone.engine.status();
    assert_eq!((status.unsent, status.received), (1, 0));
    phone.settle(&mut server);
    assert_eq!(received(&phone), 1);
}

#[test]
fn peer_23_news_never_touch_what_is_not_confirmed() {
    let (mut phone, mut server) = both();
    server.grants.insert(1, 0b1111);
    let ids = [phone.save(&[]), phone.save(&[900])];
    // Rights change, and the snapshot comes while nothing of it could be sent.
    live(&mut phone, &mut server, 3_600_000, |call| match call {
        Call::Push(_) => Fate::ServerError,
        _ => Fate::Fine,
    });
    let queue = phone.kept.borrow().queue();
    let waiting: Vec<_> = queue.entries.iter().map(|e| e.entry_id).collect();
    assert_eq!((waiting, queue.blobs.len()), (ids.to_vec(), 1));
}

#[test]
fn peer_24_the_same_bytes_again_are_a_success() {
    let (mut phone, mut server) = both();
    let id = phone.save(&[]);
    live(&mut phone, &mut server, 60_000, |call| match call {
        Call::Push(_) => Fate::Twice,
        _ => Fate::Fine,
    });
    assert_eq!((received(&phone), server.data.entries.len()), (1, 1));
    assert!(server.data.entries.contains_key(&id));
}

#[test]
fn peer_25_an_entry_over_which_the_server_stumbles_keeps_no_other_back() {
    let (mut phone, mut server) = both();
    let ids: Vec<_> = (0..9).map(|_| phone.save(&[])).collect();
    server.stumbles.insert(ids[4]);
    live(&mut phone, &mut server, 3_600_000, |_| Fate::Fine);
    assert_eq!(server.data.entries.len(), 8);
    // It may be the server's fault: it waits and is no tray's.
    let status = phone.engine.status();
    assert_eq!((status.unsent, status.parked, status.received), (1, 0, 8));
    server.stumbles.clear();
    live(&mut phone, &mut server, 16 * 60_000, |_| Fate::Fine);
    assert_eq!(received(&phone), 9);
}

#[test]
fn peer_26_the_counts_are_those_of_the_store() {
    let (mut phone, mut server) = both();
    for n in 0..5 {
        phone.save(&[900][..n % 2]);
    }
    let before = phone.engine.status();
    phone.crash();
    let after = phone.engine.status();
    assert_eq!((before.unsent, before.unsent_blobs), (5, 2));
    assert_eq!((after.unsent, after.unsent_blobs), (5, 2));
    phone.settle(&mut server);
    phone.crash();
    assert_eq!(received(&phone), 5);
}

#[test]
fn peer_27_news_that_cannot_be_stored_move_no_cursor() {
    let (mut phone, mut server) = both();
    server.grants.insert(1, 0b1111);
    phone.settle(&mut server);
    let cursor = phone.kept.borrow().cursor.clone();
    for n in 0..3 {
        server.others_write(n, 0);
    }
    phone.tell(Event::Woken(Cause::Asked));
    for _ in 0..20 {
        if !phone.work.is_empty() {
            // The phone is full.
            phone.record(0, false);
        } else if !phone.calls.is_empty() {
            phone.deliver(0, &mut server, Fate::Fine);
        }
    }
    assert_eq!(phone.kept.borrow().cursor, cursor);
    phone.settle(&mut server);
    assert_eq!(phone.kept.borrow().view(), server.view(1));
}

#[test]
fn peer_28_while_something_waits_there_is_always_a_next_try() {
    let fates = [
        Fate::LostOnTheWay,
        Fate::AnswerLost,
        Fate::Portal,
        Fate::ServerError,
        Fate::NoReceipt,
    ];
    for fate in fates {
        let (mut phone, mut server) = both();
        phone.save(&[900]);
        for _ in 0..200 {
            if !phone.work.is_empty() {
                phone.record(0, true);
            } else if !phone.calls.is_empty() {
                phone.deliver(0, &mut server, fate);
            } else if phone.idle() {
                break;
            } else {
                let wake = phone
                    .wake
                    .unwrap_or_else(|| panic!("{fate:?}: no alarm is set"));
                assert!(wake.since(phone.now) <= 15 * 60_000, "{fate:?}");
                phone.until_woken(&mut server);
            }
        }
    }
}

#[test]
fn peer_29_what_left_the_scope_does_not_come_back_with_an_old_answer() {
    let (mut phone, mut server) = both();
    server.grants.insert(1, 0b0001);
    let mut slow = phone.beside(3);
    let record = server.others_write(1, 0);
    slow.tell(Event::Woken(Cause::Asked));
    // The slow tab's answer is from before the record left.
    while !slow
        .calls
        .iter()
        .any(|(_, c)| matches!(c, Call::Pull { .. }))
    {
        slow.deliver(0, &mut server, Fate::Fine);
    }
    let pull = slow
        .calls
        .iter()
        .position(|(_, c)| matches!(c, Call::Pull { .. }));
    slow.deliver(pull.unwrap(), &mut server, Fate::Fine);
    server.others_move(0, 3);
    phone.settle(&mut server);
    assert!(!phone.kept.borrow().view().contains(&record));
    while !slow.work.is_empty() {
        slow.record(0, true);
    }
    assert_eq!(phone.kept.borrow().view(), server.view(1));
    slow.settle(&mut server);
    assert_eq!(phone.kept.borrow().view(), server.view(1));
}

#[test]
fn peer_30_each_photo_is_acknowledged_for_itself_and_none_twice() {
    let (mut phone, mut server) = both();
    phone.save(&[900, 200_000, 600_000]);
    let turn = std::cell::Cell::new(0_u32);
    live(&mut phone, &mut server, 3_600_000, |call| {
        turn.set(turn.get() + 1);
        let photo = matches!(call, Call::BeginUpload { .. } | Call::SendChunk { .. });
        if photo && turn.get().is_multiple_of(2) {
            Fate::AnswerLost
        } else {
            Fate::Fine
        }
    });
    let status = phone.engine.status();
    assert_eq!((status.received, status.unsent_blobs), (1, 0));
    assert_eq!(server.data.blobs.len(), 3);
}
