//! Somebody else is signed in on the phone: what was made here goes under the device's
//! signature, and no news comes in.

use super::phone::{Fate, Phone};
use super::server::Server;
use xunhe_domain::sync::{Call, Cause, Event, SessionState};

#[test]
fn what_an_absent_person_made_is_sent_signed_and_nothing_is_pulled() {
    let (mut phone, mut server) = (Phone::new(5), Server::new());
    phone.lent = true;
    let id = phone.save(&[900, 200_000]);
    phone.settle(&mut server);
    let status = phone.engine.status();
    assert_eq!((status.session, status.received), (SessionState::Lent, 1));
    assert!(server.data.entries.contains_key(&id));
    assert_eq!(server.data.blobs.len(), 2);
    let others = |c: &Call| matches!(c, Call::Push(_) | Call::Pull { .. } | Call::Digest);
    assert!(!server.log.iter().any(others), "{:?}", server.log);
}

#[test]
fn a_tab_that_does_not_know_yet_that_somebody_else_signed_in_loses_nothing() {
    let (mut phone, mut server) = (Phone::new(5), Server::new());
    phone.settle(&mut server);
    let id = phone.save(&[]);
    // The push leaves unsigned; meanwhile another tab signs somebody else in.
    assert!(phone.calls.iter().any(|(_, c)| matches!(c, Call::Push(_))));
    phone.lent = true;
    phone.settle(&mut server);
    assert_eq!(phone.parked(), [], "it is no fault of the entry");
    assert!(server.data.entries.contains_key(&id));
    // The person comes back, and news come again.
    phone.lent = false;
    server.grants.insert(1, 0b0001);
    server.others_write(1, 0);
    phone.tell(Event::Woken(Cause::SignedIn));
    phone.settle(&mut server);
    assert_eq!(phone.engine.status().session, SessionState::Good);
    assert_eq!(phone.kept.borrow().view(), server.view(1));
}

#[test]
fn signing_out_and_expiry_lose_nothing() {
    let (mut phone, mut server) = (Phone::new(5), Server::new());
    phone.settle(&mut server);
    for cause in [Cause::SignedOut, Cause::Timer] {
        phone.save(&[900]);
        phone.tell(Event::Woken(cause));
        for _ in 0..50 {
            if !phone.work.is_empty() {
                phone.record(0, true);
            } else if !phone.calls.is_empty() {
                phone.deliver(0, &mut server, Fate::SignedOut);
            } else if phone.wake.is_some() {
                phone.until_woken(&mut server);
            }
        }
        let queue = phone.kept.borrow().queue();
        assert!(!queue.entries.is_empty() && !queue.blobs.is_empty());
        assert!(queue.entries.iter().all(|e| e.parked.is_none()));
    }
    phone.tell(Event::Woken(Cause::SignedIn));
    phone.settle(&mut server);
    assert_eq!(phone.engine.status().received, 2);
}
