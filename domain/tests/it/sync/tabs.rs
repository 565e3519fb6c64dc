//! Two tabs over one store: neither undoes what the other recorded.

use super::phone::{Fate, Phone};
use super::server::Server;
use xunhe_domain::sync::{Call, Cause, Event};

fn push(phone: &Phone) -> Option<usize> {
    let mut calls = phone.calls.iter();
    calls.position(|(_, call)| matches!(call, Call::Push(_)))
}

/// Two tabs that both have the same entry under way.
fn both_send() -> (Phone, Phone, Server) {
    let (mut one, mut server) = (Phone::new(1), Server::new());
    one.settle(&mut server);
    one.save(&[]);
    let mut two = one.beside(2);
    two.reload();
    while push(&two).is_none() {
        two.deliver(0, &mut server, Fate::Fine);
    }
    assert!(push(&one).is_some());
    (one, two, server)
}

#[test]
fn what_both_send_is_stored_and_counted_once() {
    let (mut one, mut two, mut server) = both_send();
    two.deliver(push(&two).unwrap(), &mut server, Fate::Fine);
    one.settle(&mut server);
    two.reload();
    two.record(0, true);
    for tab in [&one, &two] {
        let status = tab.engine.status();
        assert_eq!((status.received, status.unsent), (1, 0));
    }
    assert_eq!(server.data.entries.len(), 1);
}

#[test]
fn a_receipt_of_the_old_epoch_does_not_outlive_the_other_tabs_re_offer() {
    // The slower tab has its answer, from before the restore, and has yet to record it.
    let (mut one, mut two, mut server) = both_send();
    two.deliver(push(&two).unwrap(), &mut server, Fate::Fine);
    server.restore();
    one.tell(Event::Woken(Cause::SignedIn));
    let hello = one.calls.iter().position(|(_, c)| *c == Call::Hello);
    one.deliver(hello.unwrap(), &mut server, Fate::Fine);
    while !one.work.is_empty() {
        one.record(0, true);
    }
    while !two.work.is_empty() {
        two.record(0, true);
    }
    assert!(one.kept.borrow().entries.values().all(|e| !e.1));
    two.settle(&mut server);
    assert_eq!(
        (server.data.entries.len(), two.engine.status().received),
        (1, 1)
    );
}

#[test]
fn an_answer_from_before_the_other_tabs_re_offer_proves_nothing() {
    // The slower tab's request took effect before the restore; its answer comes after.
    let (mut one, mut two, mut server) = both_send();
    let call = two.calls[push(&two).unwrap()].clone();
    let caller = super::server::Caller {
        person: 1,
        lent: false,
    };
    let answer = server.answer(caller, &call.1, &two.kept.borrow().seen());
    server.restore();
    one.tell(Event::Woken(Cause::SignedIn));
    let hello = one.calls.iter().position(|(_, c)| *c == Call::Hello);
    one.deliver(hello.unwrap(), &mut server, Fate::Fine);
    while !one.work.is_empty() {
        one.record(0, true);
    }
    two.reload();
    let (ticket, result) = (call.0, answer);
    two.tell(Event::Answered { ticket, result });
    while !two.work.is_empty() {
        two.record(0, true);
    }
    assert!(one.kept.borrow().entries.values().all(|e| !e.1));
}
