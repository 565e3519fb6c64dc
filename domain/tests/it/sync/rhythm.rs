//! How often, and what waits for what: a phone that does the same too often besieges a server on
//! 2G, and one that waits for the wrong thing never does it.

use super::phone::{Fate, Phone, Work};
use super::server::{Caller, Server};
use xunhe_domain::sync::{
    Answer, Call, Cause, Change, Event, Failure, Inspection, RemovalWhy, SessionState, Ticket,
};
use xunhe_domain::wire::Fault;

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

fn at_rest() -> (Phone, Server) {
    let (mut phone, mut server) = (Phone::new(3), Server::new());
    phone.settle(&mut server);
    (phone, server)
}

fn is_under_way(phone: &Phone, wanted: impl Fn(&Call) -> bool) -> bool {
    phone.calls.iter().any(|(_, call)| wanted(call))
}

fn rings(phone: &mut Phone, server: &mut Server, after_ms: u64) {
    phone.pass(after_ms, server);
    phone.tell(Event::Woken(Cause::Timer));
}

/// Everything outstanding succeeds but for the calls that are kept back.
fn deliver_but(phone: &mut Phone, server: &mut Server, kept_back: impl Fn(&Call) -> bool) {
    for _ in 0..200 {
        if !phone.work.is_empty() {
            phone.record(0, true);
            continue;
        }
        let next = phone.calls.iter().position(|(_, call)| !kept_back(call));
        let Some(next) = next else { return };
        phone.deliver(next, server, Fate::Fine);
    }
    panic!("never came to rest");
}

#[test]
fn a_phone_at_rest_asks_for_news_every_fifteen_minutes_and_not_before() {
    let (mut phone, mut server) = at_rest();
    let pull = |c: &Call| matches!(c, Call::Pull { .. });
    let due = phone.wake.unwrap().since(phone.now);
    assert!(due <= 15 * MINUTE_MS && due > 14 * MINUTE_MS, "{due}");
    rings(&mut phone, &mut server, due - 1);
    assert!(!is_under_way(&phone, pull));
    rings(&mut phone, &mut server, 1);
    assert!(is_under_way(&phone, pull));
}

#[test]
fn photos_that_may_go_are_looked_for_once_a_day() {
    let (mut phone, mut server) = at_rest();
    server.back_up();
    let mut looked = Vec::new();
    for hour in 0..72 {
        phone.pass(HOUR_MS, &mut server);
        phone.tell(Event::Woken(Cause::SignedIn));
        while !phone.work.is_empty() || !phone.calls.is_empty() {
            let looks = |w: &Work| matches!(w, Work::Inspect(_, Inspection::Removable(_)));
            looked.extend(phone.work.iter().any(looks).then_some(hour));
            if phone.work.is_empty() {
                phone.deliver(0, &mut server, Fate::Fine);
            } else {
                phone.record(0, true);
            }
        }
    }
    assert_eq!(looked.len(), 3, "{looked:?}");
    assert_eq!((looked[1] - looked[0], looked[2] - looked[1]), (24, 24));
}

#[test]
fn while_room_is_short_it_looks_again_after_ten_minutes() {
    let (mut phone, mut server) = at_rest();
    phone.pass(2 * HOUR_MS, &mut server);
    server.back_up();
    // Hello tells of the backup.
    phone.tell(Event::Woken(Cause::SignedIn));
    phone.settle(&mut server);
    let looks = |w: &Work| matches!(w, Work::Inspect(_, Inspection::Removable(_)));
    let crowded = |phone: &mut Phone, server: &mut Server, ms| {
        phone.pass(ms, server);
        phone.tell(Event::Woken(Cause::Crowded));
        let looks = phone.work.iter().any(looks);
        deliver_but(phone, server, |_| false);
        looks
    };
    assert!(crowded(&mut phone, &mut server, HOUR_MS));
    assert!(!crowded(&mut phone, &mut server, 10 * MINUTE_MS - 1));
    assert!(crowded(&mut phone, &mut server, 1));
}

#[test]
fn a_word_given_once_counts_once() {
    let (mut phone, mut server) = (Phone::new(5), Server::new());
    let deliver = |phone: &mut Phone, server: &mut Server| {
        for _ in 0..101 {
            phone.save(&[40_000]);
        }
        phone.settle(server);
        phone.pass(2 * HOUR_MS, server);
        server.back_up();
        phone.pass(31 * DAY_MS, server);
        phone.tell(Event::Woken(Cause::SignedIn));
        phone.settle(server);
        phone.engine.status().removal.map(|asked| asked.count)
    };
    assert_eq!(deliver(&mut phone, &mut server), Some(101));
    phone.tell(Event::Allowed(RemovalWhy::Room));
    phone.settle(&mut server);
    assert_eq!(phone.engine.status().removal, None);
    assert_eq!(deliver(&mut phone, &mut server), Some(101), "asked again");
}

#[test]
fn a_gap_as_long_as_what_is_on_its_way_is_no_loss() {
    let (mut phone, mut server) = (Phone::new(3), Server::new());
    phone.save(&[]);
    phone.save(&[]);
    let announce = |c: &Call| matches!(c, Call::Announce(_));
    for _ in 0..20 {
        if is_under_way(&phone, announce) {
            break;
        }
        if phone.work.is_empty() {
            phone.deliver(0, &mut server, Fate::Fine);
        } else {
            phone.record(0, true);
        }
    }
    let at = phone.calls.iter().position(|(_, c)| announce(c)).unwrap();
    phone.deliver(at, &mut server, Fate::Fine);
    let gaps = |w: &Work| {
        let Work::Record(_, _, changes) = w else {
            return false;
        };
        changes.iter().any(|c| matches!(c, Change::Gaps(_)))
    };
    assert!(!phone.work.iter().any(gaps));
}

#[test]
fn what_is_taken_out_of_the_tray_takes_only_its_own_photos_along() {
    let (mut phone, mut server) = at_rest();
    let ids = [phone.save(&[40_000]), phone.save(&[40_000])];
    let here = |phone: &Phone, yes| {
        let mut kept = phone.kept.borrow_mut();
        kept.blobs.values_mut().for_each(|blob| blob.here = yes);
    };
    here(&phone, false);
    phone.settle(&mut server);
    assert_eq!(server.data.blobs.len(), 0);
    here(&phone, true);
    phone.tell(Event::OfferAgain(ids[0]));
    phone.settle(&mut server);
    assert_eq!(server.data.blobs.len(), 1, "and not the other's");
    assert_eq!(phone.engine.status().parked, 1);
}

/// Works until something is pushed, and takes that call.
fn taken_push(phone: &mut Phone, server: &mut Server) -> (Ticket, Call) {
    for _ in 0..50 {
        let push = |(_, c): &(Ticket, Call)| matches!(c, Call::Push(_));
        if let Some(at) = phone.calls.iter().position(push) {
            return phone.calls.remove(at);
        }
        if phone.work.is_empty() {
            phone.deliver(0, server, Fate::Fine);
        } else {
            phone.record(0, true);
        }
    }
    panic!("nothing is pushed");
}

#[test]
fn an_answer_that_leaves_entries_out_settles_none() {
    let (mut phone, mut server) = (Phone::new(3), Server::new());
    phone.save(&[]);
    phone.save(&[]);
    let (ticket, call) = taken_push(&mut phone, &mut server);
    let caller = Caller {
        person: phone.person,
        lent: false,
    };
    let seen = phone.kept.borrow().seen();
    let Ok(Answer::Pushed(mut short)) = server.answer(caller, &call, &seen) else {
        panic!("a push is answered");
    };
    short.results.truncate(1);
    let result = Ok(Answer::Pushed(short));
    phone.tell(Event::Answered { ticket, result });
    assert_eq!(phone.engine.status().received, 0);
    phone.settle(&mut server);
    assert_eq!(phone.engine.status().received, 2);
}

#[test]
fn only_a_push_that_took_long_is_halved() {
    for (took_ms, next) in [(9_999, 4), (10_000, 2)] {
        let (mut phone, mut server) = (Phone::new(3), Server::new());
        for _ in 0..4 {
            phone.save(&[]);
        }
        let (ticket, call) = taken_push(&mut phone, &mut server);
        assert!(matches!(call, Call::Push(ids) if ids.len() == 4));
        phone.pass(took_ms, &mut server);
        let result = Err(Failure::Unreachable);
        phone.tell(Event::Answered { ticket, result });
        phone.pass(HOUR_MS, &mut server);
        phone.tell(Event::Woken(Cause::Online));
        let (_, call) = taken_push(&mut phone, &mut server);
        assert!(
            matches!(&call, Call::Push(ids) if ids.len() == next),
            "{took_ms} ms: {call:?}"
        );
    }
}

/// A day later a comparison of the views is due.
fn a_day_later(phone: &mut Phone, server: &mut Server) {
    phone.pass(DAY_MS, server);
    phone.tell(Event::Woken(Cause::SignedIn));
}

#[test]
fn views_are_compared_while_a_photo_is_on_its_way() {
    let (mut phone, mut server) = at_rest();
    phone.save(&[3_000_000]);
    let photo = |c: &Call| matches!(c, Call::BeginUpload { .. } | Call::SendChunk { .. });
    deliver_but(&mut phone, &mut server, photo);
    assert!(is_under_way(&phone, photo));
    a_day_later(&mut phone, &mut server);
    let compares = |c: &Call| photo(c) || matches!(c, Call::Digest);
    deliver_but(&mut phone, &mut server, compares);
    assert!(is_under_way(&phone, |c| matches!(c, Call::Digest)));
}

#[test]
fn views_are_not_compared_while_news_are_written() {
    let (mut phone, mut server) = at_rest();
    a_day_later(&mut phone, &mut server);
    let pull = |(_, c): &(Ticket, Call)| matches!(c, Call::Pull { .. });
    for _ in 0..20 {
        if let Some(at) = phone.calls.iter().position(pull) {
            phone.deliver(at, &mut server, Fate::Fine);
            break;
        }
        if phone.work.is_empty() {
            phone.deliver(0, &mut server, Fate::Fine);
        } else {
            phone.record(0, true);
        }
    }
    assert!(!phone.work.is_empty(), "the news are being written");
    phone.tell(Event::Woken(Cause::Timer));
    assert!(!is_under_way(&phone, |c| matches!(c, Call::Digest)));
    deliver_but(&mut phone, &mut server, |c| matches!(c, Call::Digest));
    assert!(is_under_way(&phone, |c| matches!(c, Call::Digest)));
}

#[test]
fn a_comparison_that_failed_is_not_asked_for_again_at_once() {
    let (mut phone, mut server) = at_rest();
    a_day_later(&mut phone, &mut server);
    let digest = |c: &Call| matches!(c, Call::Digest);
    deliver_but(&mut phone, &mut server, digest);
    let at = phone.calls.iter().position(|(_, c)| digest(c)).unwrap();
    phone.deliver(at, &mut server, Fate::ServerError);
    phone.tell(Event::Woken(Cause::Timer));
    assert!(!is_under_way(&phone, digest));
    assert_eq!(phone.engine.status().session, SessionState::Good);
    let due = phone.wake.unwrap().since(phone.now);
    rings(&mut phone, &mut server, due);
    deliver_but(&mut phone, &mut server, digest);
    assert!(is_under_way(&phone, digest), "but later");
}

#[test]
fn a_photo_that_is_turned_down_goes_into_the_tray_after_the_third_time() {
    let (mut phone, mut server) = at_rest();
    phone.save(&[900]);
    let begins = |c: &Call| matches!(c, Call::BeginUpload { .. });
    let mut times = 0;
    while phone.engine.status().parked == 0 {
        deliver_but(&mut phone, &mut server, begins);
        if let Some(at) = phone.calls.iter().position(|(_, c)| begins(c)) {
            let (ticket, _) = phone.calls.remove(at);
            let result = Err(Failure::Fault {
                status: 422,
                fault: Fault::new("wrong_media"),
            });
            phone.tell(Event::Answered { ticket, result });
            times += 1;
        } else {
            phone.until_woken(&mut server);
        }
        assert!(times < 10);
    }
    assert_eq!(times, 3);
}

/// Nobody touches the phone for so many steps: what is asked but hello meets this fate. The
/// pauses, milliseconds.
fn left_alone(phone: &mut Phone, server: &mut Server, steps: u32, fate: Fate) -> Vec<u64> {
    let mut pauses = Vec::new();
    for _ in 0..steps {
        let asked = phone.calls.iter().position(|(_, c)| *c != Call::Hello);
        match (phone.work.is_empty(), asked) {
            (false, _) => phone.record(0, true),
            (true, Some(at)) => phone.deliver(at, server, fate),
            (true, None) if !phone.calls.is_empty() => phone.deliver(0, server, Fate::Fine),
            (true, None) => {
                pauses.extend(phone.wake.map(|at| at.since(phone.now)));
                phone.until_woken(server);
            }
        }
    }
    pauses
}

#[test]
fn after_an_answer_a_session_that_ends_is_asked_about_soon_again() {
    let (mut phone, mut server) = at_rest();
    phone.save(&[]);
    let turned_away = left_alone(&mut phone, &mut server, 200, Fate::SignedOut);
    let longest = turned_away.iter().max();
    assert!(longest > Some(&60_000), "{turned_away:?}");
    left_alone(&mut phone, &mut server, 30, Fate::Fine);
    assert_eq!(phone.engine.status().unsent, 0);
    // It ends once more.
    phone.save(&[]);
    let pauses = left_alone(&mut phone, &mut server, 4, Fate::SignedOut);
    assert!(pauses[0] <= 1_000, "{pauses:?}");
}
