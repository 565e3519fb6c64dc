//! The engine against a model of phone and server: whatever happens on the way, nothing is
//! lost, nothing lies, nothing blocks.

mod phone;
mod server;

use phone::{Fate, Phone};
use proptest::prelude::*;
use server::Server;
use xunhe_domain::sync::{Call, Cause, Event, LinkState, ParkReason, SessionState};

#[derive(Debug, Clone)]
enum Step {
    Save(Vec<u64>),
    Deliver(usize, Fate),
    Record(usize, bool),
    Pass(u64),
    Wake(Cause),
    Crash,
    Restore,
}

fn step() -> impl Strategy<Value = Step> {
    let fate = prop_oneof![
        6 => Just(Fate::Fine),
        2 => Just(Fate::LostOnTheWay),
        2 => Just(Fate::AnswerLost),
        1 => Just(Fate::Portal),
        1 => Just(Fate::ServerError),
        1 => Just(Fate::SignedOut),
        1 => Just(Fate::NoReceipt),
    ];
    let size = prop_oneof![Just(900), Just(200_000), Just(3_000_000)];
    prop_oneof![
        3 => prop::collection::vec(size, 0..3).prop_map(Step::Save),
        10 => (any::<usize>(), fate).prop_map(|(i, f)| Step::Deliver(i, f)),
        5 => (any::<usize>(), prop::bool::weighted(0.85)).prop_map(|(i, ok)| Step::Record(i, ok)),
        3 => (0..60_000u64).prop_map(Step::Pass),
        2 => prop_oneof![Just(Cause::Timer), Just(Cause::Online), Just(Cause::SignedIn)].prop_map(Step::Wake),
        1 => Just(Step::Crash),
        1 => Just(Step::Restore),
    ]
}

fn run(phone: &mut Phone, server: &mut Server, steps: Vec<Step>, poison: &[bool]) {
    let mut saved = 0;
    for step in steps {
        match step {
            Step::Save(photos) => {
                saved += 1;
                let id = phone.save(saved, &photos);
                if poison.get(saved as usize).copied().unwrap_or(false) {
                    server.poison.insert(id);
                }
            }
            Step::Deliver(i, fate) if !phone.calls.is_empty() => phone.deliver(i, server, fate),
            Step::Record(i, ok) if !phone.records.is_empty() => phone.record(i, ok),
            Step::Deliver(..) | Step::Record(..) => {}
            Step::Pass(ms) => phone.now = phone.now.plus(ms),
            Step::Wake(cause) => phone.tell(Event::Woken(cause)),
            Step::Crash => phone.crash(),
            Step::Restore => server.forget(),
        }
        truthful(phone, server);
    }
}

/// At every moment: what the phone calls received, a server held in the epoch that it knows.
fn truthful(phone: &Phone, server: &Server) {
    let status = phone.engine.status();
    let held = phone.kept.entries.values().filter(|e| e.1).count();
    assert!(
        status.received as usize <= held,
        "received without a recorded receipt: {status:?}"
    );
    assert!(
        server
            .poison
            .iter()
            .all(|id| !server.entries.contains_key(id))
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(2_000), max_shrink_iters: 5_000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_and_nothing_blocks(
        steps in prop::collection::vec(step(), 1..120),
        poison in prop::collection::vec(prop::bool::weighted(0.1), 40),
        seed: u64,
    ) {
        let (mut phone, mut server) = (Phone::new(seed), Server::new());
        run(&mut phone, &mut server, steps, &poison);
        phone.tell(Event::Woken(Cause::SignedIn));
        phone.settle(&mut server);

        for (entry, held) in phone.kept.entries.values() {
            let poisoned = server.poison.contains(&entry.entry_id);
            prop_assert_eq!(*held, !poisoned, "{:?}", entry);
            prop_assert_eq!(server.entries.contains_key(&entry.entry_id), !poisoned);
        }
        for (key, (_, held)) in &phone.kept.blobs {
            let poisoned = server.poison.contains(&key.entry_id);
            prop_assert_eq!(*held, !poisoned);
            prop_assert!(poisoned || server.blobs.contains_key(&key.sha256));
        }
        for (id, reason) in phone.parked() {
            prop_assert!(server.poison.contains(&id));
            prop_assert_eq!(reason, ParkReason::Refused("poison".into()));
        }
        let status = phone.engine.status();
        prop_assert_eq!(status.unsent, 0);
        prop_assert_eq!(status.received as usize, phone.kept.entries.values().filter(|e| e.1).count());
    }
}

#[test]
fn a_new_text_goes_before_the_rest_of_a_photo() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    phone.save(1, &[3_000_000]);
    while !phone
        .calls
        .iter()
        .any(|(_, c)| matches!(c, Call::SendChunk { .. }))
    {
        if phone.records.is_empty() {
            phone.deliver(0, &mut server, Fate::Fine);
        } else {
            phone.record(0, true);
        }
    }
    let text = phone.save(2, &[]);
    assert!(
        !phone.aborts.is_empty(),
        "the chunk under way was not given up"
    );
    phone.settle(&mut server);
    let at = |wanted: &dyn Fn(&Call) -> bool| server.log.iter().position(wanted).unwrap();
    let sent = at(&|c| matches!(c, Call::Push(ids) if ids.contains(&text)));
    let chunks = server
        .log
        .iter()
        .rposition(|c| matches!(c, Call::SendChunk { .. }))
        .unwrap();
    assert!(sent < chunks, "the photo was finished before the text went");
}

#[test]
fn no_finished_chunk_is_sent_again_after_a_cut() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    phone.save(1, &[2_000_000]);
    let mut cuts = 0;
    for _ in 0..400 {
        if !phone.records.is_empty() {
            phone.record(0, true);
        } else if phone.calls.is_empty() {
            let Some(wake) = phone.wake.take() else { break };
            phone.now = phone.now.max(wake);
            phone.tell(Event::Woken(Cause::Timer));
        } else if matches!(phone.calls[0].1, Call::SendChunk { .. }) && cuts < 3 {
            cuts += 1;
            phone.deliver(0, &mut server, Fate::AnswerLost);
        } else {
            phone.deliver(0, &mut server, Fate::Fine);
        }
    }
    assert_eq!(cuts, 3);
    phone.settle(&mut server);
    let sent: u64 = server
        .log
        .iter()
        .map(|c| match c {
            Call::BeginUpload { len, .. } | Call::SendChunk { len, .. } => *len,
            _ => 0,
        })
        .sum();
    assert_eq!(sent, 2_000_000, "bytes went twice");
}

#[test]
fn a_portal_and_a_signed_out_session_are_told_apart() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    phone.deliver(0, &mut server, Fate::Portal);
    assert_eq!(phone.engine.status().link, LinkState::NotOurs);
    phone.tell(Event::Woken(Cause::Online));
    phone.deliver(0, &mut server, Fate::Fine);
    phone.save(1, &[]);
    while !phone.records.is_empty() {
        phone.record(0, true);
    }
    phone.deliver(0, &mut server, Fate::SignedOut);
    let status = phone.engine.status();
    assert_eq!((status.session, status.unsent), (SessionState::Expired, 1));
    phone.tell(Event::Woken(Cause::SignedIn));
    phone.settle(&mut server);
    assert_eq!(phone.engine.status().received, 1);
}
