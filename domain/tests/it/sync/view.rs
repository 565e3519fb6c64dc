//! The view of others' records: exactly the server's scope, whatever happened to rights, records
//! and rows.

use super::phone::Phone;
use super::server::Server;
use xunhe_domain::sync::{Call, Cause, Event, Removal, RemovalWhy};

const DAY_MS: u64 = 24 * 3_600_000;

fn with_others(count: u32) -> (Phone, Server) {
    let (mut phone, mut server) = (Phone::new(5), Server::new());
    server.grants.insert(1, 0b0001);
    for n in 0..count {
        server.others_write(n, 0);
    }
    phone.save(&[]);
    phone.settle(&mut server);
    assert_same(&phone, &server);
    (phone, server)
}

fn assert_same(phone: &Phone, server: &Server) {
    assert_eq!(phone.kept.borrow().view(), server.view(1));
}

fn asks(server: &Server, wanted: impl Fn(&Call) -> bool) -> usize {
    server.log.iter().filter(|c| wanted(c)).count()
}

#[test]
fn rights_that_change_bring_the_new_scope_and_take_the_old() {
    let (mut phone, mut server) = with_others(20);
    for n in 20..50 {
        server.others_write(n, 2);
    }
    server.grants.insert(1, 0b0100);
    phone.settle(&mut server);
    assert_eq!(phone.kept.borrow().view().len(), 31);
    assert_same(&phone, &server);
}

#[test]
fn a_cursor_that_was_damaged_on_the_way_does_not_end_the_news() {
    let (mut phone, mut server) = with_others(10);
    phone.kept.borrow_mut().cursor = Some("1.0.x".into());
    phone.crash();
    server.others_move(0, 3);
    server.others_write(11, 0);
    phone.settle(&mut server);
    phone.until_woken(&mut server);
    phone.settle(&mut server);
    assert_same(&phone, &server);
    let anew = |c: &Call| matches!(c, Call::Pull { cursor: None });
    assert_eq!(asks(&server, anew), 2);
}

#[test]
fn a_snapshot_that_was_cut_off_takes_nothing_away() {
    let (mut phone, mut server) = with_others(30);
    server.grants.insert(1, 0b0011);
    phone.tell(Event::Woken(Cause::Asked));
    // One page of the new snapshot comes; then the page is killed.
    for _ in 0..3 {
        if !phone.work.is_empty() {
            phone.record(0, true);
        } else if !phone.calls.is_empty() {
            phone.deliver(0, &mut server, super::phone::Fate::Fine);
        }
    }
    phone.crash();
    assert_eq!(phone.kept.borrow().view().len(), 31);
    phone.settle(&mut server);
    assert_same(&phone, &server);
}

#[test]
fn a_record_that_moved_to_another_county_of_ones_own_stays() {
    let (mut phone, mut server) = with_others(3);
    server.grants.insert(1, 0b1001);
    phone.settle(&mut server);
    // The new county's feed is read after the old one's, and the other way round.
    server.others_move(0, 3);
    phone.settle(&mut server);
    assert_same(&phone, &server);
    assert_eq!(phone.kept.borrow().view().len(), 4);
    server.others_move(0, 0);
    phone.settle(&mut server);
    assert_same(&phone, &server);
    assert_eq!(phone.kept.borrow().view().len(), 4);
}

#[test]
fn rights_that_take_away_more_than_a_hundred_ask_first() {
    let (mut phone, mut server) = with_others(120);
    server.grants.insert(1, 0);
    phone.settle(&mut server);
    let asks = Removal {
        why: RemovalWhy::Scope,
        count: 120,
    };
    assert_eq!(phone.engine.status().removal, Some(asks));
    assert_eq!(phone.kept.borrow().view().len(), 121, "nothing went");
    // It is still asked after the page was opened again.
    phone.crash();
    phone.settle(&mut server);
    assert_eq!(phone.engine.status().removal, Some(asks));
    // Rights that were mistaken and are put right leave nothing to ask.
    server.grants.insert(1, 0b0001);
    phone.settle(&mut server);
    assert_eq!(phone.engine.status().removal, None);
    assert_same(&phone, &server);

    server.grants.insert(1, 0);
    phone.settle(&mut server);
    phone.tell(Event::Allowed(RemovalWhy::Scope));
    phone.settle(&mut server);
    assert_eq!(phone.engine.status().removal, None);
    assert_same(&phone, &server);
    assert_eq!(
        phone.kept.borrow().view().len(),
        1,
        "what was made here stays"
    );
}

#[test]
fn the_view_is_compared_once_a_day_and_only_what_differs_is_asked_for() {
    let (mut phone, mut server) = with_others(300);
    let digests = |s: &Server| asks(s, |c| matches!(c, Call::Digest));
    let blocks = |s: &Server| asks(s, |c| matches!(c, Call::PullBlock(_)));
    let first = digests(&server);
    assert_eq!((first, blocks(&server)), (1, 0), "after the first snapshot");
    phone.pass(3 * 3_600_000, &mut server);
    phone.settle(&mut server);
    assert_eq!(digests(&server), first);
    phone.pass(DAY_MS, &mut server);
    phone.settle(&mut server);
    assert_eq!((digests(&server), blocks(&server)), (first + 1, 0));

    // Rows are lost on the phone, one in the second block, and another one is not the server's.
    phone.kept.borrow_mut().spoil(290);
    phone.pass(DAY_MS, &mut server);
    phone.settle(&mut server);
    assert_eq!(blocks(&server), 1);
    assert_same(&phone, &server);
}

#[test]
fn a_feed_that_does_not_exist_is_asked_for_once_and_let_go() {
    let (mut phone, mut server) = with_others(10);
    let of_none =
        |c: &Call| matches!(c, Call::PullBlock(block) if block.shard.as_str() == "county-c");
    // Far enough for any number to lie behind the end of a feed without rows.
    phone.kept.borrow_mut().misname(7);
    for _ in 0..3 {
        phone.pass(DAY_MS, &mut server);
        phone.settle(&mut server);
        phone.until_woken(&mut server);
        phone.settle(&mut server);
    }
    assert_same(&phone, &server);
    assert_eq!(asks(&server, of_none), 1);
}
