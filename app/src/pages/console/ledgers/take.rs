use super::{Choice, why};
use crate::api::{self, Abort};
use crate::device::hand_out;
use crate::ui::{Notice, Tone};
use crate::words::{Key, fill, say_code, t};
use domain::wire::LedgerWanted;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// One of the ledgers.
#[derive(Clone, Copy)]
pub(super) struct Ledger {
    word: &'static str,
    name: Key,
    testid: &'static str,
}

impl Ledger {
    pub(super) const PROBLEMS: Self = Self {
        word: "problems",
        name: Key::LedgerProblems,
        testid: "ledger-problems",
    };
    pub(super) const CLEANUPS: Self = Self {
        word: "cleanups",
        name: Key::LedgerCleanups,
        testid: "ledger-cleanups",
    };
    pub(super) const PATROLS: Self = Self {
        word: "patrols",
        name: Key::LedgerPatrols,
        testid: "ledger-patrols",
    };
}

/// How it goes with the file that was asked for.
#[derive(Clone)]
enum Work {
    None,
    /// The server makes it. It says nothing before it is done: the bar only moves.
    Making(Key, Option<Abort>),
    Taken(String),
    /// Why, in words.
    Failed(String),
}

/// A button for each ledger; one is made at a time.
#[component]
pub(super) fn Take(choice: Choice, ledgers: [Ledger; 3]) -> impl IntoView {
    let work = RwSignal::new_local(Work::None);
    let busy = move || work.with(|w| matches!(w, Work::Making(..)));
    let off = move || busy() || choice.period().is_none();
    let button = move |ledger: Ledger| {
        view! {
            <button type="button" class="button button-main" data-testid=ledger.testid disabled=off
                on:click=move |_| make(choice, ledger, work)>
                {t(ledger.name)}
            </button>
        }
    };
    on_cleanup(move || give_up(work));
    view! {
        <div class="row">{ledgers.map(button).collect_view()}</div>
        {move || match work.get() {
            Work::None => None,
            Work::Making(name, _) => Some(view! {
                <div class="stack-tight" role="status" data-testid="ledger-making">
                    <p>{fill(Key::LedgerMaking, &[("name", &t(name))])}</p>
                    <progress class="progress" aria-label=t(name)></progress>
                    <button type="button" class="button" data-testid="ledger-cancel"
                        on:click=move |_| give_up(work)>
                        {t(Key::LedgerCancel)}
                    </button>
                </div>
            }.into_any()),
            Work::Taken(file) => Some(view! {
                <Notice tone=Tone::Good testid="ledger-taken">
                    <p>{fill(Key::LedgerTaken, &[("file", &file)])}</p>
                </Notice>
            }.into_any()),
            Work::Failed(words) => Some(view! {
                <Notice tone=Tone::Bad testid="ledger-failed"><p>{words}</p></Notice>
            }.into_any()),
        }}
    }
}

/// Stops what is being made; nothing was changed by it.
fn give_up(work: RwSignal<Work, LocalStorage>) {
    if let Some(Work::Making(_, abort)) = work.try_get_untracked() {
        let _ = work.try_set(Work::None);
        abort.iter().for_each(Abort::abort);
    }
}

fn make(choice: Choice, ledger: Ledger, work: RwSignal<Work, LocalStorage>) {
    let Some(period) = untrack(|| choice.period()) else {
        return;
    };
    let wanted = LedgerWanted {
        period,
        division: choice.division.get_untracked(),
        photos: choice.photos.get_untracked(),
    };
    let abort = Abort::new();
    work.set(Work::Making(ledger.name, abort.clone()));
    let file = format!("{}{}至{}.xlsx", t(ledger.name), period.from, period.to);
    spawn_local(async move {
        let answer = api::ledger(ledger.word, &wanted, abort.as_ref()).await;
        // Given up, or the page is left: nobody waits for it.
        if !matches!(work.try_get_untracked(), Some(Work::Making(..))) {
            return;
        }
        work.set(match answer {
            Ok(blob) if hand_out(&blob, &file) => Work::Taken(file),
            Ok(_) => Work::Failed(say_code("no_download")),
            Err(failure) => Work::Failed(why(&failure)),
        });
    });
}
