use super::Desk;
use super::filters::Filters;
use super::keys::{on_keys, touch};
use crate::api;
use crate::device::clock;
use crate::model::App;
use crate::pages::case::{say_due, say_stage, stage_tone};
use crate::pages::detail::say_outcome;
use crate::pages::start::failure_code;
use crate::ui::{Chip, Empty, Link, Loading, Notice, Pill, Tone, say_kind, when};
use crate::words::{Key, fill, say_code, t};
use domain::case::Stage;
use domain::record::{Outcome, ProblemCode};
use domain::register::Day;
use domain::wire::{RecordFilter, RecordPage, RecordRow};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

/// How often an open list asks for news, milliseconds.
const AGAIN_MS: u32 = 15_000;

/// What was received, newest first.
#[component]
pub(super) fn List() -> impl IntoView {
    let filter = RwSignal::new(RecordFilter::default());
    let page = RwSignal::new(None::<Result<RecordPage, String>>);
    let asked = RwSignal::new(0_u32);
    Effect::new(move || {
        asked.track();
        let wanted = filter.get();
        spawn_local(async move {
            let answer = api::records(&wanted).await.map_err(|f| failure_code(&f));
            // An answer to an older question must not replace the newer one's.
            if filter.try_get_untracked().as_ref() == Some(&wanted) {
                let _ = page.try_set(Some(answer));
            }
        });
    });
    let again = gloo_timers::callback::Interval::new(AGAIN_MS, move || {
        let _ = asked.try_update(|n| *n += 1);
    });
    let again = StoredValue::new_local(Some(again));
    on_cleanup(move || drop(again.try_update_value(Option::take)));
    let shown = move || match page.get() {
        None => view! { <Loading /> }.into_any(),
        Some(Err(code)) => view! {
            <Notice tone=Tone::Bad testid="error-message">
                <p>{say_code(&code)}</p>
                <button type="button" class="button" on:click=move |_| asked.update(|n| *n += 1)>
                    {t(Key::ListAgain)}
                </button>
            </Notice>
        }
        .into_any(),
        Some(Ok(page)) if page.rows.is_empty() => {
            view! { <Empty words=t(Key::ListEmpty) /> }.into_any()
        }
        Some(Ok(page)) => view! { <Rows page filter /> }.into_any(),
    };
    let chosen = RwSignal::new(0_usize);
    let help = RwSignal::new(false);
    on_keys(move |code| match code {
        "KeyJ" => chosen.update(|n| *n += 1),
        "KeyK" => chosen.update(|n| *n = n.saturating_sub(1)),
        "Enter" => touch_row(chosen.get_untracked()),
        "Slash" => touch("filter-kind"),
        "?" => help.update(|h| *h = !*h),
        _ => {}
    });
    Effect::new(move || mark_row(chosen.get()));
    view! {
        <Stages filter />
        <Filters filter />
        {shown}
        <p class="small muted" data-testid="keys">{move || t(if help.get() { Key::KeysHelp } else { Key::KeysTitle })}</p>
    }
}

/// The stages of the work, as one sorts paper into trays.
#[component]
fn Stages(filter: RwSignal<RecordFilter>) -> impl IntoView {
    let trays = [
        ("", Key::FilterAll),
        ("registered", Key::StageRegistered),
        ("accepted", Key::StageAccepted),
        ("handed_over,in_hand", Key::StageInHand),
        ("closure_applied", Key::StageClosureApplied),
        ("closed", Key::StageClosed),
    ];
    let tray = |(stages, key): (&'static str, Key)| {
        let chosen = Signal::derive(move || filter.with(|f| f.stage == stages));
        let touch = move || {
            filter.update(|f| {
                stages.clone_into(&mut f.stage);
                f.after = None;
            });
        };
        view! { <Chip label=t(key) chosen touch testid=format!("tray-{stages}") /> }
    };
    view! { <nav class="trays" aria-label=t(Key::ListStage)>{trays.map(tray).collect_view()}</nav> }
}

fn rows_on_screen() -> Vec<web_sys::Element> {
    let page = web_sys::window().and_then(|w| w.document());
    let found = page.and_then(|d| d.query_selector_all("[data-testid='console-row']").ok());
    let found = found.into_iter();
    found
        .flat_map(|list| (0..list.length()).filter_map(move |i| list.item(i)))
        .filter_map(|node| node.dyn_into().ok())
        .collect()
}

fn mark_row(chosen: usize) {
    for (n, row) in rows_on_screen().iter().enumerate() {
        let _ = row.set_attribute("aria-selected", if n == chosen { "true" } else { "false" });
        if n == chosen {
            row.scroll_into_view_with_bool(false);
        }
    }
}

fn touch_row(chosen: usize) {
    let row = rows_on_screen().into_iter().nth(chosen);
    let link = row.and_then(|r| r.query_selector("a").ok().flatten());
    if let Some(link) = link.and_then(|l| l.dyn_into::<web_sys::HtmlElement>().ok()) {
        link.click();
    }
}

#[component]
fn Rows(page: RecordPage, filter: RwSignal<RecordFilter>) -> impl IntoView {
    let next = page.next.clone();
    let later = filter.with_untracked(|f| f.after.is_some());
    let heads = [
        Key::ListPhoto,
        Key::ListNumber,
        Key::FilterProblem,
        Key::FilterDivision,
        Key::FactReach,
        Key::ListAuthor,
        Key::ListRecorded,
        Key::ListReceived,
        Key::ListStage,
        Key::ListDue,
        Key::FilterPhotos,
    ];
    view! {
        <p class="muted" data-testid="console-total">{fill(Key::ListTotal, &[("n", &page.total)])}</p>
        <table class="table">
            <thead><tr>{heads.map(|k| view! { <th scope="col">{t(k)}</th> }).collect_view()}</tr></thead>
            <tbody>{page.rows.into_iter().map(|row| view! { <Row row /> }).collect_view()}</tbody>
        </table>
        <div class="row">
            {later.then(|| view! {
                <button type="button" class="button" on:click=move |_| filter.update(|f| f.after = None)>
                    {t(Key::ListFirst)}
                </button>
            })}
            {next.map(|next| view! {
                <button type="button" class="button" data-testid="console-next"
                    on:click=move |_| filter.update(|f| f.after = Some(next.clone()))>
                    {t(Key::ListNext)}
                </button>
            })}
        </div>
    }
}

#[component]
fn Row(row: RecordRow) -> impl IntoView {
    let (app, desk) = (App::here(), Desk::here());
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
    let whole = row.blobs_held == row.blobs_named;
    let photos = format!("{}/{}", row.blobs_held, row.blobs_named);
    let tone = if whole { Tone::Good } else { Tone::Warn };
    view! {
        <tr data-testid="console-row">
            <td>{match thumb {
                Some(src) => view! { <img class="thumb" src=src alt="" loading="lazy" /> }.into_any(),
                None => view! { <span class="thumb"></span> }.into_any(),
            }}</td>
            <td><Link href=format!("/console/records/{}", row.record_id) testid="console-open">{row.number}</Link></td>
            <td>
                {problem}
                {row.quarantined.then(|| view! { " " <Pill tone=Tone::Warn word=t(Key::ReceiptQuarantined) /> })}
            </td>
            <td>{move || desk.division_name(division.as_ref())}</td>
            <td>{move || desk.reach_name(reach.as_ref())}</td>
            <td>{row.author_name}</td>
            <td class="num">{when::short(row.recorded_ms)}</td>
            <td class="num">{when::short(row.received_ms)}</td>
            <td><Pill tone=stage_tone(&row.stage) word=stage testid="console-stage" /></td>
            <td>{due.map(|(word, tone)| view! { <Pill tone word /> })}</td>
            <td><Pill tone word=photos testid="console-photos" /></td>
        </tr>
    }
}
