//! What the way to the server can do: order, cuts, slow links, portals.

use super::phone::{Fate, Phone};
use super::server::Server;
use xunhe_domain::sync::{
    AnnounceCounts, Answer, Call, Cause, Event, Failure, LinkState, SessionState, Ticket,
};
use xunhe_domain::time::WallMs;
use xunhe_domain::wire::{EntryStatus, Fault, Limits};

/// Works until a call of the wanted sort is under way.
fn until(phone: &mut Phone, server: &mut Server, wanted: impl Fn(&Call) -> bool) {
    for _ in 0..1_000 {
        if phone.calls.iter().any(|(_, call)| wanted(call)) {
            return;
        }
        if phone.work.is_empty() {
            phone.deliver(0, server, Fate::Fine);
        } else {
            phone.record(0, true);
        }
    }
    panic!("it never came to that");
}

fn position(server: &Server, wanted: impl Fn(&Call) -> bool) -> usize {
    server.log.iter().position(wanted).unwrap()
}

#[test]
fn a_new_text_goes_before_the_rest_of_a_photo() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    phone.save(&[3_000_000]);
    until(&mut phone, &mut server, |c| {
        matches!(c, Call::SendChunk { .. })
    });
    let text = phone.save(&[]);
    assert!(
        !phone.aborts.is_empty(),
        "the chunk under way was not given up"
    );
    phone.settle(&mut server);
    let sent = position(
        &server,
        |c| matches!(c, Call::Push(ids) if ids.contains(&text)),
    );
    let chunk = |c: &Call| matches!(c, Call::SendChunk { .. });
    let chunks = server.log.iter().rposition(chunk).unwrap();
    assert!(sent < chunks, "the photo was finished before the text went");
}

#[test]
fn announce_then_texts_then_small_copies_then_originals() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    // The first picture of an entry is its small copy.
    let ids = [phone.save(&[900, 300_000]), phone.save(&[900])];
    phone.settle(&mut server);
    let begun = |call: &Call| match call {
        Call::BeginUpload { size, .. } => Some(*size),
        _ => None,
    };
    let sizes: Vec<u64> = server.log.iter().filter_map(begun).collect();
    assert_eq!(sizes, [900, 900, 300_000]);
    let announced = position(&server, |c| matches!(c, Call::Announce(_)));
    let pushed = position(&server, |c| matches!(c, Call::Push(p) if p[..] == ids));
    let uploaded = position(&server, |c| begun(c).is_some());
    assert!(announced < pushed && pushed < uploaded);
}

#[test]
fn nothing_is_sent_before_the_server_was_asked_what_it_lost() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    phone.save(&[900]);
    until(&mut phone, &mut server, |c| {
        matches!(c, Call::BeginUpload { .. })
    });
    server.snapshot();
    phone.settle(&mut server);
    assert_eq!(server.data.blobs.len(), 1);
    // The machine is put back without a word. The first the phone does is lost, and then
    // something new goes, with a receipt that says nothing of the old.
    server.rewind();
    phone.crash();
    phone.save(&[]);
    until(&mut phone, &mut server, |c| matches!(c, Call::Announce(_)));
    let sends = |c: &Call| matches!(c, Call::Push(_) | Call::BeginUpload { .. });
    assert!(!phone.calls.iter().any(|(_, call)| sends(call)));
    let announce = |(_, c): &(Ticket, Call)| matches!(c, Call::Announce(_));
    let at = phone.calls.iter().position(announce).unwrap();
    phone.deliver(at, &mut server, Fate::LostOnTheWay);
    phone.settle(&mut server);
    assert_eq!(server.data.blobs.len(), 1, "a photo is lost");
}

#[test]
fn what_lies_in_the_tray_does_not_hide_what_the_server_lost() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    let refused = phone.save(&[]);
    let why = (EntryStatus::Refused, "author_mismatch".to_owned());
    server.says.insert(refused, why);
    let lost = phone.save(&[]);
    phone.settle(&mut server);
    server.data.entries.remove(&lost).unwrap();
    // The newest receipt is of something else.
    phone.save(&[]);
    phone.settle(&mut server);
    phone.crash();
    phone.settle(&mut server);
    phone.until_woken(&mut server);
    phone.settle(&mut server);
    assert!(server.data.entries.contains_key(&lost));
    assert_eq!(phone.parked().len(), 1);
}

#[test]
fn a_text_goes_again_soon_although_its_photos_wait() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    phone.save(&[900]);
    let push = |(_, c): &(Ticket, Call)| matches!(c, Call::Push(_));
    until(&mut phone, &mut server, |c| matches!(c, Call::Push(_)));
    let at = phone.calls.iter().position(push).unwrap();
    phone.deliver(at, &mut server, Fate::NoReceipt);
    while !phone.work.is_empty() || !phone.calls.is_empty() {
        assert!(!phone.calls.iter().any(push), "without a pause");
        if phone.work.is_empty() {
            phone.deliver(0, &mut server, Fate::Fine);
        } else {
            phone.record(0, true);
        }
    }
    let pause = phone.wake.unwrap().since(phone.now);
    assert!(pause <= 1_000, "{pause} ms");
}

#[test]
fn a_server_that_does_not_want_to_hear_of_it_is_sent_to_all_the_same() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    phone.save(&[]);
    until(&mut phone, &mut server, |c| matches!(c, Call::Announce(_)));
    let announce = |(_, c): &(Ticket, Call)| matches!(c, Call::Announce(_));
    let at = phone.calls.iter().position(announce).unwrap();
    let (ticket, _) = phone.calls.remove(at);
    let fault = Fault::new("server_failed");
    let result = Err(Failure::Fault { status: 500, fault });
    phone.tell(Event::Answered { ticket, result });
    until(&mut phone, &mut server, |c| matches!(c, Call::Push(_)));
}

#[test]
fn no_finished_chunk_is_sent_again_after_a_cut() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    phone.save(&[2_000_000]);
    let mut cuts = 0;
    for _ in 0..400 {
        if !phone.work.is_empty() {
            phone.record(0, true);
        } else if phone.calls.is_empty() {
            if cuts == 3 && phone.idle() {
                break;
            }
            phone.until_woken(&mut server);
        } else if matches!(phone.calls[0].1, Call::SendChunk { .. }) && cuts < 3 {
            cuts += 1;
            phone.deliver(0, &mut server, Fate::AnswerLost);
        } else {
            phone.deliver(0, &mut server, Fate::Fine);
        }
    }
    assert_eq!(cuts, 3);
    phone.settle(&mut server);
    let bytes = |call: &Call| match call {
        Call::BeginUpload { len, .. } | Call::SendChunk { len, .. } => *len,
        _ => 0,
    };
    let sent: u64 = server.log.iter().map(bytes).sum();
    assert_eq!(sent, 2_000_000, "bytes went twice");
}

/// The sizes of the chunks that a photo of 8 MB goes in over a link, the first of which may be
/// cut off after the runner's patience.
fn chunks_over(bytes_per_s: u64, patience_ms: u64) -> Vec<u64> {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    phone.save(&[8_000_000]);
    let mut sizes = Vec::new();
    for _ in 0..2_000 {
        if !phone.work.is_empty() {
            phone.record(0, true);
            continue;
        }
        let Some((_, call)) = phone.calls.first() else {
            if phone.idle() || sizes.len() > 40 {
                break;
            }
            phone.until_woken(&mut server);
            continue;
        };
        let (Call::BeginUpload { len, .. } | Call::SendChunk { len, .. }) = *call else {
            phone.deliver(0, &mut server, Fate::Fine);
            continue;
        };
        sizes.push(len);
        let takes_ms = len * 1_000 / bytes_per_s;
        phone.pass(takes_ms.min(patience_ms), &mut server);
        let cut = takes_ms > patience_ms;
        phone.deliver(
            0,
            &mut server,
            if cut { Fate::LostOnTheWay } else { Fate::Fine },
        );
    }
    sizes
}

#[test]
fn chunks_are_two_seconds_of_the_link_between_32_and_512_kib() {
    const KIB: u64 = 1024;
    let last = |rate| {
        let sizes = chunks_over(rate, 180_000);
        assert!(sizes.iter().all(|s| *s <= 512 * KIB), "{sizes:?}");
        sizes[sizes.len().min(9) - 2]
    };
    assert_eq!(last(10_000_000), 512 * KIB, "a good link");
    let modest = last(94_000);
    assert!((150 * KIB..=190 * KIB).contains(&modest), "3G: {modest}");
    assert_eq!(last(10_000), 32 * KIB, "2G at its edge");
}

#[test]
fn a_link_that_is_too_slow_for_a_chunk_gets_smaller_ones() {
    // 128 KiB, the first guess, would take 17 minutes; 32 KiB just pass.
    let sizes = chunks_over(190, 180_000);
    assert_eq!(sizes[0], 128 * 1024);
    assert!(sizes[4..].iter().all(|s| *s <= 32 * 1024), "{sizes:?}");
    // A byte a second carries nothing in time, and is tried with pauses, not in a circle.
    let sizes = chunks_over(1, 180_000);
    assert!(sizes.len() > 20 && sizes[4..].iter().all(|s| *s == 32 * 1024));
}

#[test]
fn of_two_that_are_begun_together_one_is_shorter() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    let sizes = |phone: &Phone| -> Vec<u64> {
        let len = |(_, call): &(Ticket, Call)| match call {
            Call::BeginUpload { len, .. } => Some(*len),
            _ => None,
        };
        phone.calls.iter().filter_map(len).collect()
    };
    phone.save(&[100_000, 100_000, 100_000]);
    until(&mut phone, &mut server, |c| {
        matches!(c, Call::BeginUpload { .. })
    });
    assert_eq!(sizes(&phone), [100_000, 50_000]);
    // What takes the place of one of them ends by itself at another time.
    let at = phone
        .calls
        .iter()
        .position(|(_, call)| matches!(call, Call::BeginUpload { len: 100_000, .. }));
    phone.deliver(at.unwrap(), &mut server, Fate::Fine);
    assert_eq!(sizes(&phone), [50_000, 100_000]);

    // Small ones are not worth it.
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    phone.save(&[60_000, 60_000]);
    until(&mut phone, &mut server, |c| {
        matches!(c, Call::BeginUpload { .. })
    });
    assert_eq!(sizes(&phone), [60_000, 60_000]);
}

#[test]
fn who_saves_every_four_seconds_on_a_slow_link_still_gets_photos_through() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    phone.save(&[1_000_000]);
    let begins = |c: &Call| matches!(c, Call::BeginUpload { .. });
    let mut sizes = Vec::new();
    for _ in 0..3 {
        until(&mut phone, &mut server, begins);
        let at = phone.calls.iter().position(|(_, call)| begins(call));
        let (ticket, call) = phone.calls.remove(at.unwrap());
        if let Call::BeginUpload { len, .. } = call {
            sizes.push(len);
        }
        // Not through after four seconds, when the next text goes first.
        phone.now = phone.now.plus(4_000);
        phone.save(&[]);
        assert_eq!(phone.aborts, [ticket]);
        phone.aborts.clear();
        let result = Err(Failure::Aborted);
        phone.tell(Event::Answered { ticket, result });
    }
    assert_eq!(sizes, [131_072, 65_536, 32_768]);
}

#[test]
fn a_push_that_is_too_long_for_the_link_is_halved() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    (0..4).for_each(|_| {
        phone.save(&[]);
    });
    let mut sizes = Vec::new();
    for _ in 0..200 {
        if !phone.work.is_empty() {
            phone.record(0, true);
        } else if phone.calls.is_empty() {
            if phone.idle() {
                break;
            }
            phone.until_woken(&mut server);
        } else if let Call::Push(ids) = &phone.calls[0].1 {
            let len = ids.len();
            sizes.push(len);
            // One text passes, two do not.
            phone.pass(if len > 1 { 60_000 } else { 20_000 }, &mut server);
            let fate = [Fate::Fine, Fate::LostOnTheWay][usize::from(len > 1)];
            phone.deliver(0, &mut server, fate);
        } else {
            phone.deliver(0, &mut server, Fate::Fine);
        }
    }
    assert!(phone.idle(), "{sizes:?}");
    assert_eq!((sizes[0], sizes[sizes.len() - 1]), (4, 1));
}

#[test]
fn a_portal_and_a_signed_out_session_are_told_apart() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    phone.deliver(0, &mut server, Fate::Portal);
    assert_eq!(phone.engine.status().link, LinkState::NotOurs);
    phone.tell(Event::Woken(Cause::Online));
    phone.deliver(0, &mut server, Fate::Fine);
    phone.save(&[]);
    while !phone.work.is_empty() {
        phone.record(0, true);
    }
    phone.deliver(0, &mut server, Fate::SignedOut);
    let status = phone.engine.status();
    assert_eq!((status.session, status.unsent), (SessionState::Expired, 1));
    phone.tell(Event::Woken(Cause::SignedIn));
    phone.settle(&mut server);
    assert_eq!(phone.engine.status().received, 1);
}

#[test]
fn a_server_that_greets_and_then_turns_away_is_asked_ever_more_seldom() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    phone.save(&[]);
    let mut hellos = 0;
    let begun = phone.now;
    while phone.now.since(begun) < 3_600_000 {
        if !phone.work.is_empty() {
            phone.record(0, true);
        } else if phone.calls.is_empty() {
            phone.until_woken(&mut server);
        } else if phone.calls[0].1 == Call::Hello {
            hellos += 1;
            phone.deliver(0, &mut server, Fate::Fine);
        } else {
            phone.deliver(0, &mut server, Fate::SignedOut);
        }
    }
    assert!(hellos < 60, "{hellos} hellos in an hour");
}

#[test]
fn an_answer_that_nobody_waits_for_changes_nothing() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    phone.save(&[]);
    phone.settle(&mut server);
    let before = phone.engine.status();
    let gone = Ticket(u64::MAX);
    for result in [
        Err(Failure::Unreachable),
        Ok(Answer::Offset {
            upload: xunhe_domain::ids::UploadId::new([1; 16]),
            offset: 7,
        }),
    ] {
        let ticket = gone;
        phone.tell(Event::Answered { ticket, result });
    }
    assert_eq!(phone.engine.status(), before);
}

#[test]
fn what_was_damaged_on_the_way_goes_again_instead_of_into_the_tray() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    phone.save(&[900]);
    for code in ["json_unreadable", "digest_mismatch"] {
        let heavy = |c: &Call| matches!(c, Call::Push(_) | Call::BeginUpload { .. });
        // More often than what a server turns down for good is tried.
        for _ in 0..12 {
            until(&mut phone, &mut server, heavy);
            let at = phone.calls.iter().position(|(_, c)| heavy(c)).unwrap();
            let (ticket, _) = phone.calls.remove(at);
            let fault = Fault::new(code);
            let result = Err(Failure::Fault { status: 400, fault });
            phone.tell(Event::Answered { ticket, result });
            phone.tell(Event::Woken(Cause::Online));
        }
    }
    assert_eq!(phone.parked(), []);
    phone.settle(&mut server);
    assert_eq!(phone.engine.status().received, 1);
}

#[test]
fn the_announcement_counts_what_waits() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    phone.save(&[900, 200_000]);
    phone.save(&[]);
    phone.wall = WallMs(7_000);
    let announces = |c: &Call| matches!(c, Call::Announce(_));
    until(&mut phone, &mut server, announces);
    let told = phone.calls.iter().find(|(_, call)| announces(call));
    let expected = AnnounceCounts {
        unsent: 2,
        unsent_bytes: 2_000,
        oldest_age_ms: 7_000,
        blobs: 2,
        blob_bytes: 200_900,
        parked: 0,
    };
    assert_eq!(told.unwrap().1, Call::Announce(expected));

    // Photos that come later are announced as well; a text is its own announcement.
    phone.settle(&mut server);
    let count = |server: &Server| server.log.iter().filter(|c| announces(c)).count();
    let before = count(&server);
    phone.save(&[]);
    phone.settle(&mut server);
    assert_eq!(count(&server), before);
    phone.save(&[900]);
    phone.settle(&mut server);
    assert_eq!(count(&server), before + 1);
}

/// How many entries go in each push when texts of these sizes wait.
fn pushes_of(sizes: &[usize]) -> Vec<usize> {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    for _ in sizes {
        phone.save(&[]);
    }
    let kept = phone.kept.clone();
    let mut kept = kept.borrow_mut();
    for ((entry, _), bytes) in kept.entries.values_mut().zip(sizes) {
        entry.bytes = *bytes;
    }
    drop(kept);
    phone.reload();
    phone.settle(&mut server);
    let ids = server.log.iter().filter_map(|call| match call {
        Call::Push(ids) => Some(ids.len()),
        _ => None,
    });
    ids.collect()
}

#[test]
fn a_push_is_full_by_its_bytes_as_well() {
    // A quarter of it is left for quoting, and each entry has a frame of 64.
    let room = Limits::default().push_bytes / 4 * 3;
    let half = room / 2 - 64;
    assert_eq!(pushes_of(&[half, half, 1_000]), [2, 1]);
    assert_eq!(pushes_of(&[half, half + 1, 1_000]), [1, 2]);
    assert_eq!(
        pushes_of(&[room * 2, 1_000]),
        [1, 1],
        "the largest goes alone"
    );
}
