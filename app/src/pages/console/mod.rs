//! The supervisor's desk: what was received, and one record with everything that proves it.

mod comment;
mod imports;
mod keys;
mod ledgers;
mod live;
mod queue;
mod record;
mod rulings;
mod sign_in;
mod steps;
mod tracks;

use self::imports::Imports;
use self::ledgers::Ledgers;
use self::queue::QueuePage;
use self::record::RecordPage;
use self::sign_in::SignIn;
use super::start;
use crate::api;
use crate::device::clock;
use crate::model::App;
use crate::ui::{Link, Loading, Notice, Tone};
use crate::way::{self, Way};
use crate::words::{Key, say_code, t};
use domain::access::DeskRegisters;
use domain::ids::RecordId;
use domain::register::{Calendar, Day, DivisionId, PersonId, ReachId, UnitId};
use domain::sync::SessionState;
use domain::wire::RecordFilter;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;

/// What the desk's screens share besides [`App`].
#[derive(Clone, Copy)]
struct Desk {
    registers: RwSignal<Option<Rc<DeskRegisters>>, LocalStorage>,
    /// Grows when something may have changed.
    news: RwSignal<u32>,
    /// Whether the server says so by itself.
    live: RwSignal<bool>,
    /// What the queue shows; kept while a record is open.
    filter: RwSignal<RecordFilter>,
    /// The row under the keyboard.
    chosen: RwSignal<Option<RecordId>>,
}

impl Desk {
    fn here() -> Self {
        expect_context()
    }

    fn division_name(self, id: Option<&DivisionId>) -> String {
        let Some(id) = id else {
            return "—".to_owned();
        };
        self.registers.with(|r| {
            let known = r.iter().flat_map(|r| &r.divisions).find(|d| d.id == *id);
            known.map_or_else(|| id.to_string(), |d| d.name.clone())
        })
    }

    fn unit_name(self, id: &str) -> String {
        self.registers.with(|r| {
            let mut all = r.iter().flat_map(|r| &r.units);
            let known = all.find(|u| u.id.as_str() == id);
            known.map_or_else(|| id.to_owned(), |u| u.name.clone())
        })
    }

    /// Whether this desk decides about anything, or only reads.
    fn decides(self) -> bool {
        self.registers
            .with(|r| r.as_ref().is_some_and(|r| r.decides))
    }

    /// Who is on duty for a unit, by name.
    fn on_duty(self, unit: &UnitId) -> Vec<(PersonId, String)> {
        self.registers.with(|r| {
            let all = r.iter().flat_map(|r| &r.people);
            let mine = all.filter(|p| p.units.contains(unit));
            mine.map(|p| (p.id.clone(), p.name.clone())).collect()
        })
    }

    /// What somebody is called who may be named in a step.
    fn person_name(self, id: &PersonId) -> String {
        self.registers.with_untracked(|r| {
            let mut all = r.iter().flat_map(|r| &r.people);
            let known = all.find(|p| p.id == *id);
            known.map_or_else(|| id.to_string(), |p| p.name.clone())
        })
    }

    /// Who may approve for one of these divisions, each once.
    fn approvers(self, divisions: &[DivisionId]) -> Vec<(PersonId, String)> {
        let above: Vec<_> = divisions.iter().flat_map(|d| self.lineage(d)).collect();
        self.registers.with_untracked(|r| {
            let all = r.iter().flat_map(|r| &r.approvers);
            let mut found: Vec<(PersonId, String)> = Vec::new();
            for one in all.filter(|a| above.contains(&a.division)) {
                if found.iter().all(|(id, _)| *id != one.id) {
                    found.push((one.id.clone(), one.name.clone()));
                }
            }
            found
        })
    }

    /// The divisions to which a record belongs: its own and those of its reach.
    fn divisions_of(self, own: Option<&DivisionId>, reach: Option<&ReachId>) -> Vec<DivisionId> {
        self.registers.with_untracked(|r| {
            let mut all = r.iter().flat_map(|r| &r.reaches);
            let touched = reach.and_then(|id| all.find(|x| x.id == *id));
            let touched = touched.into_iter().flat_map(|x| &x.divisions);
            own.into_iter().chain(touched).cloned().collect()
        })
    }

    /// A division and everything above it, nearest first.
    fn lineage(self, id: &DivisionId) -> Vec<DivisionId> {
        let above = self.above(Some(id)).into_iter().map(|(id, _)| id);
        std::iter::once(id.clone()).chain(above).collect()
    }

    /// How days are counted in a division.
    fn calendar(self, id: Option<&DivisionId>) -> Calendar {
        let lineage = id.map(|id| self.lineage(id)).unwrap_or_default();
        let today = Day::in_china(clock::wall());
        let calendar = self.registers.with_untracked(|r| {
            let (registers, today) = r.as_ref().zip(today)?;
            let tables = registers.holidays.clone();
            Some(Calendar::of(&registers.counting, tables, &lineage, today))
        });
        calendar.unwrap_or_default()
    }

    /// The divisions above one, the nearest first.
    fn above(self, id: Option<&DivisionId>) -> Vec<(DivisionId, String)> {
        self.registers.with(|r| {
            let all: Vec<_> = r.iter().flat_map(|r| &r.divisions).collect();
            let find = |id: &DivisionId| all.iter().find(|d| d.id == *id);
            let mut above = Vec::new();
            let mut next = id.and_then(find).and_then(|d| d.parent.as_ref());
            while let Some(division) = next.and_then(find) {
                above.push((division.id.clone(), division.name.clone()));
                next = division.parent.as_ref();
            }
            above
        })
    }

    fn reach_name(self, id: Option<&ReachId>) -> String {
        let Some(id) = id else {
            return "—".to_owned();
        };
        self.registers.with(|r| {
            let known = r.iter().flat_map(|r| &r.reaches).find(|x| x.id == *id);
            known.map_or_else(|| id.to_string(), |x| x.name.clone())
        })
    }
}

/// The console.
#[component]
pub fn Console() -> impl IntoView {
    let app = App::new();
    let desk = Desk {
        registers: RwSignal::new_local(None),
        news: RwSignal::new(0),
        live: RwSignal::new(false),
        filter: RwSignal::new(RecordFilter::default()),
        chosen: RwSignal::new(None),
    };
    provide_context(app);
    provide_context(desk);
    Way::open();
    start::open_stores(app);
    Effect::new(move || {
        if app.session.with(Option::is_some) {
            spawn_local(async move {
                if let Ok(registers) = api::desk_registers().await {
                    desk.registers.set(Some(Rc::new(registers)));
                }
            });
        }
    });
    let expired = move || app.status.with(|s| s.session == SessionState::Expired);
    let inside = move || app.session.with(Option::is_some) && !expired();
    view! {
        <div class="desk">
            <Head />
            <main class="desk-main">
                {move || app.trouble.get().map(|code| view! {
                    <Notice tone=Tone::Bad><p>{say_code(&code)}</p></Notice>
                })}
                <Show when=move || app.phone.with(Option::is_some) fallback=|| view! { <Loading /> }>
                    <Show when=inside fallback=|| view! { <SignIn /> }>
                        <Live />
                        <Screen />
                    </Show>
                </Show>
            </main>
        </div>
    }
}

/// The screen of the path below `/console`; the list for one that is none.
#[component]
fn Screen() -> impl IntoView {
    let way = Way::here();
    move || {
        let path = way.path();
        match way::parts(&path).as_slice() {
            [_, "records", id] => view! { <RecordPage id=id.parse().ok() /> }.into_any(),
            [_, "imports"] => view! { <Imports /> }.into_any(),
            [_, "ledgers"] => view! { <Ledgers /> }.into_any(),
            _ => view! { <QueuePage /> }.into_any(),
        }
    }
}

/// Listens for news as long as somebody is signed in.
#[component]
fn Live() -> impl IntoView {
    live::listen(Desk::here());
}

#[component]
fn Head() -> impl IntoView {
    let (app, desk) = (App::here(), Desk::here());
    let name = move || {
        app.session
            .with(|s| s.as_ref().map(|s| s.known.name.clone()))
    };
    view! {
        <header class="desk-top">
            <h1><Link href="/console">{t(Key::DeskTitle)}</Link></h1>
            <Show when=move || app.session.with(Option::is_some)>
                <Link href="/console/ledgers" testid="desk-ledgers">{t(Key::LedgerTitle)}</Link>
            </Show>
            <Show when=move || desk.decides()>
                <Link href="/console/imports" testid="desk-imports">{t(Key::ImportsTitle)}</Link>
            </Show>
            <span class="grow"></span>
            <Show when=move || app.session.with(Option::is_some)>
                <span class="small" role="status" data-testid="desk-live">
                    {move || t(if desk.live.get() { Key::DeskLive } else { Key::DeskAsking })}
                </span>
            </Show>
            <span data-testid="desk-name">{name}</span>
            <Show when=move || app.session.with(Option::is_some)>
                <button type="button" class="button" data-testid="desk-sign-out"
                    on:click=move |_| spawn_local(start::sign_out(app))>
                    {t(Key::SettingsSignOut)}
                </button>
            </Show>
        </header>
    }
}
