//! Home: one screen, everything in reach of a thumb.

mod duty;
mod status_line;

use self::duty::OnDuty;
use self::status_line::StatusLine;
use super::begin::begin as begin_draft;
use super::emptied::Emptied;
use super::expired::Expired;
use super::form::subject_key;
use super::others::Others;
use super::outfalls::OutfallsLine;
use super::patrol::StartPatrol;
use super::room::{Leaving, NearlyFull};
use super::tasks::TasksLine;
use crate::device::{clock, random};
use crate::model::App;
use crate::patrol::Patrol;
use crate::store::{DraftSummary, RecordEntries};
use crate::ui::{Link, ListRow, Tabs, when};
use crate::way::Way;
use crate::words::{Key, fill, t};
use domain::record::{Draft, Outcome, Subject};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How many of the newest records are looked through for missing after-photos.
const LOOK_BACK: u32 = 100;

#[component]
pub(super) fn Home() -> impl IntoView {
    let app = App::here();
    request_animation_frame(|| clock::mark("usable"));
    let drafts = RwSignal::new(Vec::<DraftSummary>::new());
    let to_follow = RwSignal::new_local(Vec::<RecordEntries>::new());
    Effect::new(move || {
        app.recorded.track();
        let Some(store) = app.store() else { return };
        spawn_local(async move {
            if let Ok(found) = store.drafts().await {
                let _ = drafts.try_set(found);
            }
            if let Ok(page) = store.records(None, LOOK_BACK).await {
                let open = page.records.into_iter().filter(waits_for_after);
                let _ = to_follow.try_set(open.collect());
            }
        });
    });
    view! {
        <main class="screen">
            <OnDuty />
            <Expired />
            <Others />
            <Emptied />
            <NearlyFull />
            <Leaving />
            <div class="quick">
                <StartPatrol />
            </div>
            <TasksLine />
            <QuickRecords />
            <StatusLine />
            <Show when=move || drafts.with(|d| !d.is_empty())>
                <section class="stack-tight">
                    <h2>{t(Key::HomeDrafts)}</h2>
                    <ul class="list">
                        <For each=move || drafts.get() key=|d| (d.id, d.changed_ms) let:draft>
                            <DraftRow draft />
                        </For>
                    </ul>
                </section>
            </Show>
            <Show when=move || to_follow.with(|r| !r.is_empty())>
                <section class="stack-tight">
                    <h2>{t(Key::HomeToFollow)}</h2>
                    <ul class="list">
                        {move || to_follow.get().iter().map(|r| view! { <ToFollow record=r.clone() /> }).collect_view()}
                    </ul>
                </section>
            </Show>
            <div class="pair">
                <OutfallsLine />
                <Link href="/map" class="button button-wide" testid="home-map">{t(Key::MapOpen)}</Link>
            </div>
            <Link href="/outbox" class="button button-wide" testid="home-all">{t(Key::HomeAll)}</Link>
        </main>
        <Tabs />
    }
}

/// The three quick records: kind, photo, save.
#[component]
pub(super) fn QuickRecords() -> impl IntoView {
    let app = App::here();
    // Without a patrol to start, recording is what one comes for.
    let first = Signal::derive(move || app.duty().is_none_or(|d| d.reach.is_none()));
    let never = Signal::stored(false);
    view! {
        <div class="quick">
            <Begin subject=Subject::Cleanup main=first label=t(Key::HomeCleanup) testid="home-cleanup" />
            <Begin subject=Subject::Discharge main=never label=t(Key::HomeDischarge) testid="home-discharge" />
            <Begin subject=Subject::Finding main=never label=t(Key::HomeFinding) testid="home-finding" />
        </div>
    }
}

fn waits_for_after(record: &RecordEntries) -> bool {
    let folded = record.fold();
    let current = folded.as_ref().and_then(|r| r.current());
    current.is_some_and(|v| v.fields.outcome() == Some(&Outcome::ToFollow))
}

/// Begins a record: the draft is in the store before its screen opens.
#[component]
fn Begin(
    subject: Subject,
    main: Signal<bool>,
    label: &'static str,
    testid: &'static str,
) -> impl IntoView {
    let app = App::here();
    let way = Way::here();
    let begin = move |_| {
        let mut draft = Draft::new(random::draft_id(), subject, clock::wall());
        draft.patrol = app
            .patrol
            .with_untracked(|p| p.as_ref().map(Patrol::record));
        if let Some(duty) = untrack(|| app.duty()) {
            draft.acting_post = Some(duty.post);
            draft.division = Some(duty.division);
            draft.reach = duty.reach;
        }
        begin_draft(app, way, draft);
    };
    view! {
        <button type="button" class="button button-big button-wide" class:button-main=move || main.get()
            data-testid=testid on:click=begin>
            {label}
        </button>
    }
}

#[component]
fn DraftRow(draft: DraftSummary) -> impl IntoView {
    let app = App::here();
    let what = draft.problem.as_ref().map_or_else(
        || t(subject_key(draft.subject)).to_owned(),
        |code| app.problem_name(code),
    );
    let detail = fill(
        Key::HomeDraftDetail,
        &[
            ("photos", &draft.photos),
            ("time", &when::short(draft.changed_ms)),
        ],
    );
    view! {
        <ListRow href=format!("/record/{}", draft.id) testid="draft-row">
            <strong>{what}</strong>
            <span class="small muted">{detail}</span>
        </ListRow>
    }
}

#[component]
fn ToFollow(record: RecordEntries) -> impl IntoView {
    let app = App::here();
    let folded = record.fold();
    let current = folded.as_ref().and_then(|r| r.current());
    let what = current
        .and_then(|v| v.fields.problem())
        .map(|code| app.problem_name(code));
    let at = current.map(|v| when::short(v.body.clock.best()));
    view! {
        <ListRow href=format!("/records/{}", record.record_id) testid="to-follow-row">
            <strong>{what}</strong>
            <span class="small muted">{at}</span>
        </ListRow>
    }
}
