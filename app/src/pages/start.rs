//! Opening the stores, and whose store is open.

use super::{others, room};
use crate::api;
use crate::device::{clock, key, random, worker};
use crate::model::{App, Session};
use crate::patrol::Patrol;
use crate::settings::{self, Language, StoreMark};
use crate::store::{IdbDisk, KnownPerson, LocalStore, PhoneStore, StoreError};
use crate::sync::{News, Runner};
use domain::ids::DeviceId;
use domain::register::Day;
use domain::sync::{Cause, Failure};
use domain::wire;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::ServiceWorkerRegistration;

thread_local! {
    static WORKER: RefCell<Option<ServiceWorkerRegistration>> = const { RefCell::new(None) };
}

/// Opens the phone for the person who was here last; without a network too.
pub(super) fn open(app: App) {
    open_stores(app);
    spawn_local(async move {
        let registration = worker::register(move || app.update_waits.set(true)).await;
        WORKER.set(registration);
    });
    when_idle(app);
    room::watch(app);
}

/// Once nothing of the person's own waits any more, there is time for what is only useful: the
/// map, and room set aside.
fn when_idle(app: App) {
    let idle = Memo::new(move |_| {
        app.status
            .with(|s| s.last_sync.is_some() && s.unsent == 0 && s.unsent_blobs == 0)
    });
    Effect::new(move || {
        if idle.get() {
            WORKER.with_borrow(|worker| worker.iter().for_each(worker::keep_map));
            if let Some(store) = app.store() {
                spawn_local(async move { room::keep_reserve(&store).await });
            }
        }
    });
}

/// Opens the stores alone: the console needs no worker.
pub(super) fn open_stores(app: App) {
    keep_registers_fresh(app);
    spawn_local(async move {
        let store = PhoneStore::new(Rc::new(IdbDisk::phone()));
        match store.people().await {
            Ok(people) => {
                app.phone.set(Some(store));
                // Whoever signed out by his own word is asked for the password again.
                match people.into_iter().find(|p| p.seen_ms.0 > 0) {
                    Some(last) => enter(app, last).await,
                    None => others::look(app).await,
                }
            }
            Err(error) => app.trouble.set(Some(error.code().to_owned())),
        }
    });
}

/// Lets the waiting version take over and loads the page anew. Drafts are in the store.
pub(super) fn take_update() {
    WORKER.with_borrow(|worker| worker.iter().for_each(worker::take_over));
    if let Some(window) = web_sys::window() {
        let _ = window.location().reload();
    }
}

/// Opens a person's store and starts to keep it in step.
async fn enter(app: App, known: KnownPerson) {
    match open_person(app, &known).await {
        Ok(session) => {
            app.registers.set(
                session
                    .store
                    .registers()
                    .await
                    .ok()
                    .flatten()
                    .map(|r| Rc::new(r.1)),
            );
            app.chosen_duty.set(settings::duty(&known.person));
            let store = session.store.clone();
            app.session.set(Some(session));
            Patrol::resume(app, &store).await;
            others::look(app).await;
        }
        Err(error) => app.trouble.set(Some(error.code().to_owned())),
    }
}

async fn open_person(app: App, known: &KnownPerson) -> Result<Session, StoreError> {
    let disk = Rc::new(IdbDisk::person(&known.person));
    let store = LocalStore::open(disk, known.person.clone(), random::log_id()).await?;
    let seed = u64::from_le_bytes(random::bytes());
    let mark = settings::store_mark(&known.person);
    app.emptied.set(mark.and_then(|mark| mark.lost(&store)));
    let marked = store.clone();
    let runner = Runner::start(store.clone(), seed, move |status, news| {
        let unsent = status.unsent + status.incomplete;
        let before = app.status.with_untracked(|s| s.unsent + s.incomplete);
        if app.emptied.with_untracked(Option::is_none)
            && (unsent != before || news == News::Recorded)
        {
            settings::keep_store_mark(marked.person(), &StoreMark::of(&marked, unsent));
        }
        app.status.set(status.clone());
        if news == News::Recorded {
            app.recorded.update(|n| *n += 1);
        }
    });
    Ok(Session {
        known: known.clone(),
        store,
        runner,
    })
}

/// Fetches the registers whenever the server says that they changed; the kept ones serve until
/// then. A new day is a change too: posts begin and end.
fn keep_registers_fresh(app: App) {
    let wanted = Memo::new(move |_| {
        let version = app.status.with(|s| s.registers)?;
        let store = app
            .session
            .with(|s| s.as_ref().map(|s| s.store.person().clone()))?;
        Some((store, version))
    });
    Effect::new(move || {
        let Some((_, version)) = wanted.get() else {
            return;
        };
        let Some(store) = app.store() else { return };
        spawn_local(async move {
            let today = Day::in_china(clock::wall());
            let kept = store.registers().await.ok().flatten();
            if kept.is_some_and(|(kept, r)| kept == version && Some(r.day) == today) {
                return;
            }
            if let Ok((text, fresh)) = api::registers(store.person()).await {
                // A phone without room must not keep anybody from working.
                let _ = store.save_registers(version, &text).await;
                let current = app.store().map(|s| s.person().clone());
                if current.as_ref() == Some(store.person()) {
                    app.registers.set(Some(Rc::new(fresh)));
                }
            }
        });
    });
}

/// Signs in with a password: the only thing that needs a network, once.
pub(super) async fn sign_in(app: App, account: &str, password: &str) -> Result<wire::Me, String> {
    let phone = app.phone.get_untracked().ok_or("store_unavailable")?;
    let fresh = random::device_id();
    let device_id: DeviceId = phone
        .device_id(fresh)
        .await
        .map_err(|e| e.code().to_owned())?;
    let words = wire::SignIn {
        account: account.trim().to_owned(),
        password: password.to_owned(),
        device_id,
        device_key: key::public().await,
    };
    let me = api::sign_in(&words).await.map_err(|f| failure_code(&f))?;
    let known = KnownPerson {
        person: me.person.clone(),
        account: me.account.clone(),
        name: me.name.clone(),
        seen_ms: clock::wall(),
    };
    phone
        .remember(&known)
        .await
        .map_err(|e| e.code().to_owned())?;
    let open = app.session.get_untracked();
    if let Some(session) = open.filter(|s| s.known.person == me.person) {
        // The session had ended; the store stayed open all the time.
        session.runner.wake(Cause::SignedIn);
        others::wake(Cause::SignedIn);
    } else {
        leave(app);
        enter(app, known).await;
    }
    Ok(me)
}

/// Ends the session at the server and closes the store. Nothing on the phone is deleted: what is
/// unsent goes when the person signs in again.
pub(super) async fn sign_out(app: App) {
    let known = app
        .session
        .with_untracked(|s| s.as_ref().map(|s| s.known.clone()));
    if let (Some(phone), Some(known)) = (app.phone.get_untracked(), known) {
        let out = KnownPerson {
            seen_ms: domain::time::WallMs(0),
            ..known
        };
        let _ = phone.remember(&out).await;
    }
    leave(app);
    others::look(app).await;
    // Without a network the session stays at the server until it ends by itself.
    let _ = api::sign_out().await;
}

fn leave(app: App) {
    others::leave(app);
    if let Some(patrol) = app.patrol.get_untracked() {
        patrol.leave();
    }
    if let Some(session) = app.session.get_untracked() {
        session.runner.stop();
        app.session.set(None);
        session.store.close();
    }
    app.registers.set(None);
    app.status.set(domain::sync::Status::default());
}

/// The code under which a failure is told.
pub(super) fn failure_code(failure: &Failure) -> String {
    match failure {
        Failure::Fault { fault, .. } => fault.code.clone(),
        Failure::SignedOut => "wrong_password".to_owned(),
        Failure::NotOurs => "not_ours".to_owned(),
        _ => "unreachable".to_owned(),
    }
}

/// Changes the language and loads the page anew.
pub(super) fn speak(language: Language) {
    settings::keep_language(language);
    if let Some(window) = web_sys::window() {
        let _ = window.location().reload();
    }
}
