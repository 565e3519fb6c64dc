use super::Queue;
use crate::api;
use crate::device::clock;
use crate::model::App;
use crate::pages::case::{say_due, say_stage, stage_tone};
use crate::pages::console::Desk;
use crate::pages::detail::say_outcome;
use crate::ui::{Link, Pill, Tone, say_kind, when};
use crate::words::{Key, fill, t};
use domain::case::Stage;
use domain::record::{Outcome, ProblemCode};
use domain::register::Day;
use domain::wire::{RecordPage, RecordRow};
use leptos::prelude::*;
use web_sys::MouseEvent;

/// What was received, newest first. Rows that news do not change stay as they are, with the
/// focus and the selection in them.
#[component]
pub(super) fn Table(queue: Queue) -> impl IntoView {
    let page = move |of: fn(&RecordPage) -> Option<String>| {
        queue.page.with(|p| match p {
            Some(Ok(page)) => of(page),
            _ => None,
        })
    };
    let rows = move || {
        queue.page.with(|p| match p {
            Some(Ok(page)) => page.rows.clone(),
            _ => Vec::new(),
        })
    };
    let any = move || {
        queue
            .page
            .with(|p| matches!(p, Some(Ok(page)) if !page.rows.is_empty()))
    };
    let total = move || page(|p| Some(format!("{}{}", p.total, if p.beyond { "+" } else { "" })));
    let next = Memo::new(move |_| page(|p| p.next.clone()));
    let later = move || queue.filter.with(|f| f.after.is_some());
    let heads = [
        Key::ListPhoto,
        Key::ListNumber,
        Key::FactReach,
        Key::ListAuthor,
        Key::ListStage,
        Key::ListDue,
        Key::FilterPhotos,
    ];
    view! {
        <Show when=any>
            <p class="muted" data-testid="console-total">{move || total().map(|n| fill(Key::ListTotal, &[("n", &n)]))}</p>
            <table class="table">
                <thead><tr>{heads.map(|k| view! { <th scope="col">{t(k)}</th> }).collect_view()}</tr></thead>
                <tbody>
                    <For each=rows key=whole let:row><Row row queue /></For>
                </tbody>
            </table>
        </Show>
        <div class="row">
            <Show when=later>
                <button type="button" class="button" on:click=move |_| queue.filter.update(|f| f.after = None)>
                    {t(Key::ListFirst)}
                </button>
            </Show>
            <Show when=move || next.with(Option::is_some)>
                <button type="button" class="button" data-testid="console-next"
                    on:click=move |_| queue.filter.update(|f| f.after = next.get_untracked())>
                    {t(Key::ListNext)}
                </button>
            </Show>
        </div>
    }
}

/// A row is drawn anew when anything in it changed.
fn whole(row: &RecordRow) -> String {
    serde_json::to_string(row).unwrap_or_default()
}

#[component]
fn Row(row: RecordRow, queue: Queue) -> impl IntoView {
    let (app, desk) = (App::here(), Desk::here());
    let id = row.record_id;
    let thumb = row
        .thumb
        .map(|(entry, index)| api::photo_url(row.record_id, entry, index));
    let (code, kind) = (row.problem.clone(), row.kind.clone());
    // Names come with the registers, which may arrive after the rows.
    let problem = move || {
        let named = code.clone().map(|p| app.problem_name(&ProblemCode(p)));
        named.unwrap_or_else(|| say_kind(&kind))
    };
    let (division, reach) = (row.division.clone(), row.reach.clone());
    // 立行立改 says less than what the reporter chose.
    let outcome = row.outcome.clone().map(|o| say_outcome(&Outcome::from(o)));
    let on_spot = row.stage == Stage::OnSpot;
    let stage = outcome
        .filter(|_| on_spot)
        .unwrap_or_else(|| say_stage(&row.stage));
    let due = row.due.filter(|_| row.stage.is_open());
    let due = due.zip(Day::in_china(clock::wall()));
    let due = due.map(|(due, today)| say_due(due, today));
    let up = row.escalated.is_some() && row.stage.is_open();
    let whole = row.blobs_held == row.blobs_named;
    let photos = format!("{}/{}", row.blobs_held, row.blobs_named);
    let tone = if whole { Tone::Good } else { Tone::Warn };
    let is_chosen = move || queue.chosen.get() == Some(id);
    let element = NodeRef::<leptos::html::Tr>::new();
    Effect::new(move || {
        if is_chosen()
            && let Some(element) = element.get()
        {
            let nearest = web_sys::ScrollIntoViewOptions::new();
            nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
    });
    let choose = move |_: MouseEvent| queue.chosen.set(Some(id));
    view! {
        <tr data-testid="console-row" node_ref=element on:click=choose
            aria-selected=move || is_chosen().to_string()>
            <td>{match thumb {
                Some(src) => view! { <img class="thumb" src=src alt="" loading="lazy" /> }.into_any(),
                None => view! { <span class="thumb"></span> }.into_any(),
            }}</td>
            <td>
                <Link href=format!("/console/records/{id}") testid="console-open">{row.number}</Link>
                <span class="line">
                    {problem}
                    {row.quarantined.then(|| view! { " " <Pill tone=Tone::Warn word=t(Key::ReceiptQuarantined) /> })}
                </span>
            </td>
            <td>
                {move || desk.reach_name(reach.as_ref())}
                <span class="line small muted">{move || desk.division_name(division.as_ref())}</span>
            </td>
            <td>{row.author_name}<span class="line small muted">{when::short(row.received_ms)}</span></td>
            <td>
                <Pill tone=stage_tone(&row.stage) word=stage testid="console-stage" />
                {up.then(|| view! { " " <Pill tone=Tone::Warn word=t(Key::FilterEscalated) testid="console-escalated" /> })}
            </td>
            <td>{due.map(|(word, tone)| view! { <Pill tone word /> })}</td>
            <td><Pill tone word=photos testid="console-photos" /></td>
        </tr>
    }
}
