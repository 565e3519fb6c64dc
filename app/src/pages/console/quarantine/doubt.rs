use super::Page;
use super::form::VetForm;
use crate::api;
use crate::model::App;
use crate::pages::console::Desk;
use crate::pages::detail::say_outcome;
use crate::ui::{Fact, Link, Notice, Tone, say_kind, when};
use crate::words::{Key, say_code, t};
use domain::entry::{BlobRole, Body, CheckedEntry};
use domain::record::Fields;
use domain::wire::{Doubtful, EntryView};
use leptos::prelude::*;

/// So much is shown of what this version does not understand.
const RAW_CHARS: usize = 600;

/// One entry that waits: why, what it says as far as it reads, and what is ruled.
#[component]
pub(super) fn Doubt(doubtful: Doubtful, page: Page) -> impl IntoView {
    let Doubtful {
        row,
        entry,
        readable,
    } = doubtful;
    let checked = entry.entry.clone().check_kept().ok();
    let id = checked.as_ref().map(|c| c.header().entry_id);
    let kind = checked.as_ref().map(|c| say_kind(c.header().kind.as_str()));
    let why = entry.quarantine.as_deref().map(say_code);
    let record = row.record_id;
    let photos = id.map(|id| photos(&entry, move |n| api::photo_url(record, id, n)));
    let facts = checked.as_ref().map(|c| facts(c, &entry));
    view! {
        <li class="card stack" data-testid="doubt">
            <h2>
                {kind}" · "
                <Link href=format!("/console/records/{record}") testid="doubt-record">{row.number}</Link>
            </h2>
            {why.map(|why| view! { <Notice tone=Tone::Warn testid="doubt-why"><p>{why}</p></Notice> })}
            {facts}
            {photos}
            {(!readable).then(|| view! { <p class="muted">{t(Key::VetUnreadable)}</p> })}
            {id.map(|entry| view! { <VetForm entry readable page /> })}
        </li>
    }
}

fn facts(checked: &CheckedEntry, entry: &EntryView) -> AnyView {
    let (app, desk) = (App::here(), Desk::here());
    let read = checked.body().ok();
    // Of an unknown kind the common part still reads.
    let body = read.as_ref().map(|(body, _)| body.clone());
    let body = body.or_else(|| Body::read(&entry.entry.body).ok());
    let fields = read.map(|(_, fields)| fields);
    let raw = fields.is_none().then(|| {
        let text = body
            .as_ref()
            .map_or(&*entry.entry.body, |b| b.fields.text());
        text.chars().take(RAW_CHARS).collect::<String>()
    });
    let made = body.as_ref().map(|b| when::exact(b.clock.best()));
    let (reach, division) = body.map(|b| (b.reach, b.division)).unwrap_or_default();
    let problem = fields.as_ref().and_then(Fields::problem).cloned();
    let problem = problem.map(|code| move || app.problem_name(&code));
    let outcome = fields.as_ref().and_then(Fields::outcome).map(say_outcome);
    let words = fields.as_ref().and_then(Fields::words).map(str::to_owned);
    let who = match &entry.post_name {
        Some(post) => format!("{} · {post}", entry.author_name),
        None => entry.author_name.clone(),
    };
    let received = when::exact(entry.received_ms);
    // Names come with the registers, which may arrive later.
    view! {
        <dl class="facts">
            <Fact name=t(Key::ListAuthor)>{who}</Fact>
            {made.map(|at| view! { <Fact name=t(Key::FactBestTime)>{at}</Fact> })}
            <Fact name=t(Key::ListReceived)>{received}</Fact>
            {division.map(|id| view! {
                <Fact name=t(Key::FilterDivision)>{move || desk.division_name(Some(&id))}</Fact>
            })}
            {reach.map(|id| view! {
                <Fact name=t(Key::FactReach)>{move || desk.reach_name(Some(&id))}</Fact>
            })}
            {problem.map(|name| view! { <Fact name=t(Key::FilterProblem)>{name}</Fact> })}
            {outcome.map(|o| view! { <Fact name=t(Key::FormOutcome)>{o}</Fact> })}
            {words.map(|w| view! { <Fact name=t(Key::FormNote)>{w}</Fact> })}
            {raw.map(|raw| view! { <Fact name=t(Key::VetRaw)><span class="mono">{raw}</span></Fact> })}
        </dl>
    }
    .into_any()
}

/// The small copies that are here, else what is.
fn photos(entry: &EntryView, url: impl Fn(u32) -> String) -> AnyView {
    let held = (0_u32..).zip(&entry.blobs);
    let held = held.filter(|(_, b)| b.held_ms.is_some());
    let small = held.filter(|(_, b)| b.blob.role == BlobRole::Thumb);
    let shown: Vec<_> = small.map(|(n, _)| url(n)).collect();
    let shown = shown.into_iter();
    let shown = shown.map(|src| view! { <img class="thumb" src=src alt=t(Key::ListPhoto) /> });
    view! { <div class="row">{shown.collect_view()}</div> }.into_any()
}
