//! What other people who use this phone have still to send: said to whoever is here, and sent on
//! the device's word while somebody else is signed in.

use crate::device::{clock, random};
use crate::model::App;
use crate::settings::{self, StoreMark};
use crate::store::{IdbDisk, KnownPerson, LocalStore};
use crate::sync::{News, Runner};
use crate::ui::{Notice, Tone};
use crate::words::{Key, fill};
use domain::register::PersonId;
use domain::sync::{Cause, Engine, Event, SessionState, Status};
use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;

/// Somebody who is not here and whose store is not wholly received.
struct Other {
    known: KnownPerson,
    status: Status,
    /// While somebody is signed in and something can be sent.
    runner: Option<Runner>,
}

thread_local! {
    // Not in the signal itself: a signal of another type is another kilobyte of code.
    static OTHERS: RefCell<Vec<Other>> = const { RefCell::new(Vec::new()) };
}

/// Changes what is known of one of them.
fn change(app: App, person: &PersonId, change: &mut dyn FnMut(&mut Other)) {
    OTHERS.with_borrow_mut(|all| {
        let same = all.iter_mut().filter(|o| o.known.person == *person);
        same.for_each(change);
    });
    app.others.update(|n| *n += 1);
}

/// Looks into every store on this phone but the one that is open.
pub(super) async fn look(app: App) {
    let Some(phone) = app.phone.get_untracked() else {
        return;
    };
    let here = person_here(app);
    for known in phone.people().await.unwrap_or_default() {
        if here.as_ref() == Some(&known.person) {
            continue;
        }
        let disk = Rc::new(IdbDisk::person(&known.person));
        let opened = LocalStore::open(disk, known.person.clone(), random::log_id()).await;
        // A store that cannot be opened now is said when its person comes.
        let Ok(store) = opened else { continue };
        let status = standing(&store).await;
        if person_here(app) != here {
            return;
        }
        match status.filter(|s| waiting(s) > 0) {
            Some(status) => take_on(app, known, store, status),
            None => store.close(),
        }
    }
}

/// Lets go of them, because somebody comes or leaves.
pub(super) fn leave(app: App) {
    let others = OTHERS.take();
    let runners = others.iter().filter_map(|o| o.runner.as_ref());
    runners.for_each(Runner::stop);
    app.others.update(|n| *n += 1);
}

/// Suggests to their engines to try now.
pub(super) fn wake(cause: Cause) {
    let runner = |other: &Other| other.runner.clone();
    let runners: Vec<_> = OTHERS.with_borrow(|all| all.iter().filter_map(runner).collect());
    for runner in runners {
        runner.wake(cause);
    }
}

fn person_here(app: App) -> Option<PersonId> {
    let session = app.session.try_with_untracked(Option::clone).flatten();
    session.map(|s| s.known.person)
}

/// What the engine would say of a store.
async fn standing(store: &LocalStore) -> Option<Status> {
    let queue = store.queue().await.ok()?;
    let mut engine = Engine::new(0);
    engine.handle(clock::mono(), clock::wall(), Event::Loaded(queue));
    Some(engine.status())
}

const fn waiting(status: &Status) -> u32 {
    status.unsent + status.incomplete
}

fn take_on(app: App, known: KnownPerson, store: LocalStore, status: Status) {
    let person = known.person.clone();
    OTHERS.with_borrow_mut(|all| {
        all.push(Other {
            known,
            status,
            runner: None,
        });
    });
    app.others.update(|n| *n += 1);
    // Nobody's session, nothing to lend.
    if person_here(app).is_none() {
        return store.close();
    }
    let seed = u64::from_le_bytes(random::bytes());
    let (of, kept) = (person.clone(), store.clone());
    let runner = Runner::start(store, seed, move |status, news| {
        if news == News::Recorded {
            settings::keep_store_mark(&of, &StoreMark::of(&kept, waiting(status)));
        }
        change(app, &of, &mut |other| {
            other.status = status.clone();
            // The queue was read, and nothing is left to do for the absent one.
            if news == News::Recorded && waiting(status) == 0 {
                other.runner.take().iter().for_each(Runner::stop);
                kept.close();
            }
        });
    });
    change(app, &person, &mut |other| {
        other.runner = Some(runner.clone());
    });
}

/// Whose records wait on this phone besides, and what becomes of them.
#[component]
pub(super) fn Others() -> impl IntoView {
    let app = App::here();
    let shown = move |other: &Other| {
        let here = app.session.with(Option::is_some);
        let (tone, words) = say(here, &other.status);
        let words = fill(
            words,
            &[("name", &other.known.name), ("n", &waiting(&other.status))],
        );
        view! { <Notice tone testid="other"><p>{words}</p></Notice> }
    };
    move || {
        app.others.track();
        OTHERS.with_borrow(|all| all.iter().map(shown).collect_view())
    }
}

fn say(here: bool, status: &Status) -> (Tone, Key) {
    match waiting(status) {
        0 => (Tone::Good, Key::OthersReceived),
        n if status.parked >= n => (Tone::Warn, Key::OthersParked),
        _ if !here || status.session == SessionState::Expired => (Tone::Info, Key::OthersWait),
        _ => (Tone::Info, Key::OthersSending),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_what_happens() {
        let of = |unsent, parked, session| Status {
            unsent,
            parked,
            session,
            ..Status::default()
        };
        let (good, lent, over) = (
            SessionState::Good,
            SessionState::Lent,
            SessionState::Expired,
        );
        for (here, status, key) in [
            (false, of(2, 0, good), Key::OthersWait),
            (true, of(2, 0, good), Key::OthersSending),
            (true, of(2, 1, lent), Key::OthersSending),
            (true, of(2, 0, over), Key::OthersWait),
            (true, of(2, 2, lent), Key::OthersParked),
            (true, of(0, 0, lent), Key::OthersReceived),
        ] {
            assert!(say(here, &status).1 == key, "{here} {status:?}");
        }
    }
}
