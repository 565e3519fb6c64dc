use super::Desk;
use super::comment::Comment;
use super::keys::{is_writing, on_keys, touch};
use super::rulings::Rulings;
use super::steps::DeskSteps;
use crate::api;
use crate::model::App;
use crate::pages::case::{Names, Standing, Timeline};
use crate::pages::detail::{before_key, say_outcome, say_place};
use crate::pages::erased::Erased;
use crate::pages::patrol::PatrolFacts;
use crate::pages::start::failure_code;
use crate::ui::{Compare, Fact, Link, Loading, Notice, Pill, Tone, say_kind, when};
use crate::words::{Key, say_code, t};
use domain::case::{self, Case, Told};
use domain::entry::{BlobRole, CheckedEntry, Kind};
use domain::hash::Sha256;
use domain::ids::RecordId;
use domain::record::{self, Purge, Version};
use domain::register::{DivisionId, OutfallId};
use domain::wire::{EntryView, RecordView};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A record on a page of its own.
#[component]
pub(super) fn RecordPage(id: Option<RecordId>) -> impl IntoView {
    view! {
        <p><Link href="/console" testid="back">{t(Key::NavBackToList)}</Link></p>
        <RecordPanel id />
    }
}

/// One record: pictures, facts, what may be done, and what proves it.
#[component]
pub(super) fn RecordPanel(id: Option<RecordId>) -> impl IntoView {
    let (app, desk) = (App::here(), Desk::here());
    let view = RwSignal::new_local(None::<Result<RecordView, String>>);
    // What came while somebody wrote: shown when they say so.
    let newer = RwSignal::new_local(None::<RecordView>);
    let own = StoredValue::new(0_u32);
    Effect::new(move || {
        // A comment that was received belongs on the page.
        let recorded = app.recorded.get();
        let mine = own.try_update_value(|o| std::mem::replace(o, recorded) != recorded);
        desk.news.track();
        spawn_local(async move {
            let answer = match id {
                Some(id) => api::record(id).await.map_err(|f| failure_code(&f)),
                None => Err("not_found".to_owned()),
            };
            let old = view.try_with_untracked(|v| v.as_ref().map(|v| *v == answer));
            match (old.flatten(), answer) {
                // Nothing new, or a line that is down for a moment: what is open stays open.
                (Some(true), _) | (Some(false), Err(_)) => {}
                (Some(false), Ok(found)) if mine != Some(true) && is_writing() => {
                    let _ = newer.try_set(Some(found));
                }
                (_, answer) => {
                    let _ = newer.try_set(None);
                    let _ = view.try_set(Some(answer));
                }
            }
        });
    });
    let take = move |_| {
        let found = newer.try_update(Option::take).flatten();
        view.set(found.map(Ok).or_else(|| view.get_untracked()));
    };
    let shown = move || {
        // Names, rights and days come with the registers, which may arrive after the record.
        desk.registers.track();
        app.registers.track();
        match view.get() {
            None => view! { <Loading /> }.into_any(),
            Some(Err(code)) => view! {
                <Notice tone=Tone::Bad testid="error-message"><p>{say_code(&code)}</p></Notice>
            }
            .into_any(),
            Some(Ok(found)) => view! { <Shown view=found /> }.into_any(),
        }
    };
    // The comment being typed must outlive a refresh of what stands above it.
    view! {
        <Show when=move || newer.with(Option::is_some)>
            <Notice tone=Tone::Info testid="record-newer">
                <p>{t(Key::RecordNewer)}</p>
                <button type="button" class="button" on:click=take>{t(Key::RecordShowNewer)}</button>
            </Notice>
        </Show>
        {shown}
        {id.map(|id| view! { <Comment id newest=Signal::derive_local(move || newest(view.get().as_ref())) /> })}
    }
}

fn newest(view: Option<&Result<RecordView, String>>) -> Option<domain::ids::EntryId> {
    let Some(Ok(view)) = view else { return None };
    let last = view.entries.last()?.entry.clone().check_kept().ok()?;
    Some(last.header().entry_id)
}

#[component]
fn Shown(view: RecordView) -> impl IntoView {
    let app = App::here();
    let checked: Vec<CheckedEntry> = view
        .entries
        .iter()
        .filter_map(|e| e.entry.clone().check_kept().ok())
        .collect();
    let told = view.entries.iter().filter_map(|e| {
        let entry = checked.iter().find(|c| c.hash() == e.hash)?;
        let counts =
            e.quarantine.is_none() || entry.header().entry_id.as_record() == view.row.record_id;
        counts.then_some(Told {
            entry,
            verdict: e.verdict.as_ref(),
            received: Some(e.received_ms),
        })
    });
    let (folded, case) = case::fold(view.row.record_id, told).unzip();
    let current = folded.as_ref().and_then(|r| r.current()).cloned();
    let title = view
        .row
        .problem
        .clone()
        .map(|p| app.problem_name(&record::ProblemCode(p)));
    let done = case
        .as_ref()
        .map(|c| c.after_photos().to_vec())
        .unwrap_or_default();
    let finished = folded.as_ref().and_then(|r| r.finished.clone());
    let names = Names::at_desk(&view, unit_name, division_name);
    let patrol = folded.clone().filter(|r| r.kind == Kind::PatrolStart);
    let erased = checked.iter().any(CheckedEntry::is_erased).then(|| {
        let purges = view.entries.iter().filter(|e| e.quarantine.is_none());
        let purges = purges.filter_map(|e| {
            let entry = checked.iter().find(|c| c.hash() == e.hash)?;
            Some((Purge::of(entry)?, e.received_ms))
        });
        view! { <Erased purges=purges.collect() whole=current.is_none() /> }
    });
    let outfall = current.as_ref().and_then(|v| v.fields.outfall()).cloned();
    let remarks = folded.map(|r| r.remarks).unwrap_or_default();
    view! {
        <div class="row between">
            <h1>{format!("{} {}", view.row.number, title.unwrap_or_else(|| say_kind(&view.row.kind)))}</h1>
            {view.row.quarantined.then(|| view! { <Pill tone=Tone::Warn word=t(Key::ReceiptQuarantined) /> })}
        </div>
        <div class="record">
            <div class="stack">
                {erased}
                {current.clone().map(|version| view! { <Pictures view=view.clone() version done /> })}
                <Remarks view=view.clone() remarks />
            </div>
            <div class="stack">
                {case.filter(|c| patrol.is_none() && (current.is_some() || !c.steps.is_empty())).map(|case| view! {
                    <CasePanel view=view.clone() case outfall names=names.clone() />
                })}
                {patrol.map(|record| view! { <Rulings record names /> })}
                {finished.map(|finish| view! {
                    <PatrolFacts finish />
                    <a class="button" download="" data-testid="patrol-sheet"
                        href=format!("/api/v1/records/{}/patrol-sheet", view.row.record_id)>
                        {t(Key::LedgerPatrolSheet)}
                    </a>
                })}
                {current.map(|version| view! { <Facts view=view.clone() version /> })}
                <ul class="timeline">
                    {view.entries.iter().cloned().map(|entry| view! { <Proof entry /> }).collect_view()}
                </ul>
            </div>
        </div>
    }
}

/// Where the case stands, what the desk may do, and what was done.
#[component]
fn CasePanel(
    view: RecordView,
    case: Case,
    outfall: Option<OutfallId>,
    names: Names,
) -> impl IntoView {
    on_keys(|code| match code {
        "KeyA" => {
            touch("step-accept");
            touch("step-hand-over");
        }
        "KeyC" => touch("step-close"),
        "KeyR" => touch("step-redo"),
        "KeyU" => touch("back"),
        _ => {}
    });
    let problem = view.row.problem.clone().map(record::ProblemCode);
    let (division, reach) = (view.row.division, view.row.reach);
    let calendar = Desk::here().calendar(division.as_ref());
    view! {
        <section class="card stack" aria-label=t(Key::CaseTitle)>
            <Standing case=case.clone() names=names.clone() calendar />
            {Desk::here().decides().then(|| view! { <DeskSteps case=case.clone() problem outfall division reach /> })}
            <Timeline steps=case.steps names />
        </section>
    }
}

fn unit_name(id: &str) -> String {
    Desk::here().unit_name(id)
}

fn division_name(id: &DivisionId) -> String {
    Desk::here().division_name(Some(id))
}

/// Before and after, side by side.
#[component]
fn Pictures(
    view: RecordView,
    version: Version,
    /// Photos of the newest application for closure.
    done: Vec<Sha256>,
) -> impl IntoView {
    let source = |of: &Sha256| {
        let found = find_picture(&view, of);
        found.map(|(entry, index)| api::photo_url(view.row.record_id, entry, index))
    };
    let picture = |of: &Sha256, key: Key| {
        let src = source(of);
        view! {
            <figure>
                {match src {
                    Some(src) => view! { <img src=src alt=t(key) data-testid="console-photo" /> }.into_any(),
                    None => view! { <span class="photo-blank">{t(Key::PhotoOnTheWay)}</span> }.into_any(),
                }}
                <figcaption>{t(key)}" · "<span class="mono">{of.to_string()}</span></figcaption>
            </figure>
        }
    };
    let after = done.first().or(version.fields.after().first());
    let pair = version.fields.before().first().and_then(&source);
    let pair = pair.zip(after.and_then(&source));
    view! {
        {pair.map(|(before, after)| view! { <Compare before after /> })}
        <div class="shots">
            <div class="stack">{version.fields.before().iter().map(|of| picture(of, before_key(&version))).collect_view()}</div>
            <div class="stack">{version.fields.after().iter().map(|of| picture(of, Key::PhotoAfter)).collect_view()}
                {done.iter().map(|of| picture(of, Key::PhotoDone)).collect_view()}</div>
        </div>
    }
}

/// The marked copy if it is held, else the original, else the thumbnail.
fn find_picture(view: &RecordView, of: &Sha256) -> Option<(domain::ids::EntryId, u32)> {
    let rank = |role: &BlobRole| match role {
        BlobRole::Marked => 0,
        BlobRole::Photo => 1,
        _ => 2,
    };
    let all = view.entries.iter().filter_map(|entry| {
        let id = entry.entry.clone().check_kept().ok()?.header().entry_id;
        Some(entry.blobs.iter().enumerate().map(move |(i, b)| (id, i, b)))
    });
    all.flatten()
        .filter(|(_, _, b)| b.held_ms.is_some())
        // HEIC is kept, but no browser on a desk shows it.
        .filter(|(_, _, b)| b.blob.mime != "image/heic")
        .filter(|(_, _, b)| b.blob.of == Some(*of) || b.blob.sha256 == *of)
        .min_by_key(|(_, _, b)| rank(&b.blob.role))
        .and_then(|(id, i, _)| Some((id, u32::try_from(i).ok()?)))
}

#[component]
fn Facts(view: RecordView, version: Version) -> impl IntoView {
    let desk = Desk::here();
    let row = view.row;
    let place = version.body.place.clone().unwrap_or_default();
    let outcome = version.fields.outcome().map(say_outcome);
    let words = version.fields.words().map(str::to_owned);
    let (best, device) = (version.body.clock.best(), version.body.clock.wall_ms);
    view! {
        <dl class="facts card" data-testid="console-facts">
            <Fact name=t(Key::ListAuthor)>{row.author_name}</Fact>
            <Fact name=t(Key::FilterDivision)>{desk.division_name(row.division.as_ref())}</Fact>
            <Fact name=t(Key::FactReach)>{desk.reach_name(row.reach.as_ref())}</Fact>
            <Fact name=t(Key::FactPlace)>{say_place(&place)}</Fact>
            <Fact name=t(Key::FactBestTime)>{when::exact(best)}</Fact>
            <Fact name=t(Key::FactDeviceTime)>{when::exact(device)}</Fact>
            <Fact name=t(Key::ListReceived)>{when::exact(row.received_ms)}</Fact>
            {outcome.map(|o| view! { <Fact name=t(Key::FormOutcome)>{o}</Fact> })}
            {words.map(|w| view! { <Fact name=t(Key::FormNote)>{w}</Fact> })}
            <Fact name=t(Key::FilterPhotos)>
                <span data-testid="console-blobs">{format!("{}/{}", row.blobs_held, row.blobs_named)}</span>
            </Fact>
        </dl>
    }
}

#[component]
fn Remarks(view: RecordView, remarks: Vec<record::Remark>) -> impl IntoView {
    let name = |remark: &record::Remark| {
        let of = |e: &&EntryView| {
            e.entry
                .clone()
                .check_kept()
                .is_ok_and(|c| c.header().entry_id == remark.entry_id)
        };
        view.entries.iter().find(of).map(|e| e.author_name.clone())
    };
    let rows = remarks.iter().map(|remark| {
        let said = format!(
            "{} · {}",
            name(remark).unwrap_or_else(|| remark.author.to_string()),
            when::short(remark.body.clock.best())
        );
        view! {
            <li class="card stack-tight" data-testid="console-remark">
                <span class="small muted">{said}</span>
                <p>{remark.text.clone()}</p>
            </li>
        }
    });
    view! { <ul class="list">{rows.collect_view()}</ul> }
}

/// One entry: who, when, hashes, chain, receipt.
#[component]
fn Proof(entry: EntryView) -> impl IntoView {
    let header = entry
        .entry
        .clone()
        .check_kept()
        .ok()
        .map(|c| c.header().clone());
    let kind = header.as_ref().map(|h| say_kind(h.kind.as_str()));
    let chain = header.map(|h| format!("{} #{}", h.log_id, h.seq));
    let quarantine = entry.quarantine.as_ref();
    let quarantine = quarantine.map(|code| say_code(code));
    let feed: Vec<_> = entry
        .feed
        .iter()
        .map(|(shard, seq)| format!("{shard} {seq}"))
        .collect();
    view! {
        <li>
            <strong>{kind}" · "{entry.author_name.clone()}</strong>
            <span class="small muted">{when::exact(entry.received_ms)}</span>
            {quarantine.map(|words| view! { <Notice tone=Tone::Warn><p>{words}</p></Notice> })}
            {entry.waiting.then(|| view! { <Pill tone=Tone::Warn word=t(Key::ProofWaiting) /> })}
            {entry.forked.then(|| view! { <Pill tone=Tone::Bad word=t(Key::ProofForked) /> })}
            <details>
                <summary data-testid="console-proof">{t(Key::ProofTitle)}</summary>
                <dl class="facts">
                    <Fact name=t(Key::ProofHash)><span class="mono" data-testid="console-hash">{entry.hash.to_string()}</span></Fact>
                    <Fact name=t(Key::ProofLog)><span class="mono">{chain}</span></Fact>
                    <Fact name=t(Key::ProofFeed)><span class="mono">{feed.join(" · ")}</span></Fact>
                    <Fact name=t(Key::ProofReceipt)>
                        <span class="mono" data-testid="console-receipt">{entry.receipt.signature.clone()}</span>
                    </Fact>
                </dl>
            </details>
        </li>
    }
}
