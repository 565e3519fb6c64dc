use super::progress::{Progress, Receipts, headline, own, parked, say_parked};
use crate::device::{clock, random};
use crate::model::App;
use crate::store::{Durability, LocalStore, RecordEntries};
use crate::ui::{Fact, Loading, Notice, StoredPhoto, Tone, Top, when};
use crate::words::{Key, fill, t};
use domain::entry::{BlobRef, BlobRole, Kind, Place};
use domain::hash::Sha256;
use domain::ids::RecordId;
use domain::record::{Draft, Outcome, Record, Subject, Version};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};

/// One record: what was seen, what became of it, and what proves it.
#[component]
pub(super) fn Detail() -> impl IntoView {
    let app = App::here();
    let id = use_params_map().with_untracked(|p| p.get("record"));
    let id = id.and_then(|id| id.parse::<RecordId>().ok());
    let record = RwSignal::new_local(None::<Option<RecordEntries>>);
    Effect::new(move || {
        app.recorded.track();
        let Some(store) = app.store() else { return };
        spawn_local(async move {
            let found = match id {
                Some(id) => store.record(id).await.ok().flatten(),
                None => None,
            };
            let _ = record.try_set(Some(found));
        });
    });
    move || match record.get() {
        None => view! { <Loading /> }.into_any(),
        Some(None) => view! {
            <main class="screen">
                <Top title=t(Key::RecordUnknown) back="/outbox" />
                <Notice tone=Tone::Info><p>{t(Key::RecordUnknownWhy)}</p></Notice>
            </main>
        }
        .into_any(),
        Some(Some(found)) => view! { <Shown record=found /> }.into_any(),
    }
}

#[component]
fn Shown(record: RecordEntries) -> impl IntoView {
    let app = App::here();
    let (title, _) = headline(app, &record);
    let folded = record.fold();
    let current = folded.as_ref().and_then(|r| r.current()).cloned();
    let why = own(&record).find_map(|(_, d)| parked(d)).map(say_parked);
    let blobs: Vec<BlobRef> = record
        .entries
        .iter()
        .flat_map(|e| e.entry.header().blobs.clone())
        .collect();
    view! {
        <main class="screen">
            <Top title back="/outbox" />
            <Receipts progress=Progress::of(&record) />
            {why.map(|why| view! { <Notice tone=Tone::Bad testid="parked-reason"><p>{why}</p></Notice> })}
            {current.map(|version| view! {
                <Pictures version=version.clone() blobs />
                <Facts version=version.clone() />
                <Follow record=record.clone() version />
            })}
            {folded.map(|folded| view! { <History folded /> })}
            <Proof record />
        </main>
    }
}

#[component]
fn Pictures(version: Version, blobs: Vec<BlobRef>) -> impl IntoView {
    // The marked copy is large enough to look at; the thumbnail is what remains without one.
    let show = |of: &Sha256| {
        let copy = |role: BlobRole| blobs.iter().find(|b| b.of == Some(*of) && b.role == role);
        copy(BlobRole::Marked)
            .or_else(|| copy(BlobRole::Thumb))
            .map(|b| b.sha256)
    };
    let side =
        |photos: &[Sha256], key: Key| {
            photos
            .iter()
            .map(|of| view! {
                <StoredPhoto show=show(of) alt=t(key) caption=t(key) testid="detail-photo" />
            })
            .collect_view()
        };
    view! {
        <div class="pair">
            {side(version.fields.before(), Key::PhotoBefore)}
            {side(version.fields.after(), Key::PhotoAfter)}
        </div>
    }
}

#[component]
fn Facts(version: Version) -> impl IntoView {
    let app = App::here();
    let outcome = version.fields.outcome().map(say_outcome);
    let place = version.body.place.clone().unwrap_or_default();
    let reach = version.body.reach.as_ref().map(|r| app.reach_name(r));
    let words = version.fields.words().map(str::to_owned);
    view! {
        <dl class="facts card">
            <Fact name=t(Key::FactTime)>{when::exact(version.body.clock.best())}</Fact>
            {reach.map(|r| view! { <Fact name=t(Key::FactReach)>{r}</Fact> })}
            <Fact name=t(Key::FactPlace)>{say_place(&place)}</Fact>
            {outcome.map(|o| view! { <Fact name=t(Key::FormOutcome)>{o}</Fact> })}
            {words.map(|w| view! { <Fact name=t(Key::FormNote)>{w}</Fact> })}
        </dl>
    }
}

pub(super) fn say_outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::FixedOnSpot => t(Key::OutcomeFixed).to_owned(),
        Outcome::ToFollow => t(Key::OutcomeToFollow).to_owned(),
        Outcome::HandedUp => t(Key::OutcomeHandedUp).to_owned(),
        Outcome::Other(word) => word.clone(),
    }
}

pub(super) fn say_place(place: &Place) -> String {
    let fix = place.fix.as_ref().map(|fix| {
        let (lat, lon) = (format!("{:.6}", fix.lat), format!("{:.6}", fix.lon));
        fill(
            Key::StampPlace,
            &[("lat", &lat), ("lon", &lon), ("m", &fix.accuracy_m.round())],
        )
    });
    let fix = fix.unwrap_or_else(|| t(Key::StampNoPlace).to_owned());
    match &place.words {
        Some(words) => format!("{words} · {fix}"),
        None => fix,
    }
}

/// 补拍整改后: a new version of the same record.
#[component]
fn Follow(record: RecordEntries, version: Version) -> impl IntoView {
    let app = App::here();
    let navigate = use_navigate();
    let mine = own(&record).next().is_some();
    let waits = version.fields.outcome() == Some(&Outcome::ToFollow);
    let begin = move |_| {
        let Some(store) = app.store() else { return };
        let draft = next_version(&record, &version);
        let navigate = navigate.clone();
        spawn_local(async move {
            if save(&store, &draft).await {
                navigate(&format!("/record/{}", draft.id), NavigateOptions::default());
            }
        });
    };
    (mine && waits).then(|| {
        view! {
            <button type="button" class="button button-main button-wide" data-testid="follow-up" on:click=begin>
                {t(Key::RecordFollow)}
            </button>
        }
    })
}

async fn save(store: &LocalStore, draft: &Draft) -> bool {
    store
        .save_draft(draft, clock::wall(), Durability::Relaxed)
        .await
        .is_ok()
}

fn next_version(record: &RecordEntries, version: &Version) -> Draft {
    let first = record.entries.iter().map(|e| e.entry.header());
    let kind = first.clone().next().map(|h| h.kind.clone());
    let subject = if kind == Some(Kind::Finding) {
        Subject::Finding
    } else {
        Subject::Cleanup
    };
    let mut draft = Draft::new(random::draft_id(), subject, clock::wall());
    draft.acting_post = first.clone().next().and_then(|h| h.acting_post.clone());
    draft.reach.clone_from(&version.body.reach);
    draft.division.clone_from(&version.body.division);
    draft.problem = version.fields.problem().cloned();
    if let Some(words) = version.fields.words() {
        words.clone_into(&mut draft.note);
    }
    draft.version_of = Some((record.record_id, version.entry_id));
    draft.earlier = (
        version.fields.before().to_vec(),
        version.fields.after().to_vec(),
    );
    draft
}

#[component]
fn History(folded: Record) -> impl IntoView {
    let remarks = folded.remarks.into_iter().map(|remark| {
        view! {
            <li class="card stack-tight" data-testid="remark">
                <span class="small muted">
                    {format!("{} · {}", remark.author, when::short(remark.body.clock.best()))}
                </span>
                <p>{remark.text}</p>
            </li>
        }
    });
    let versions = folded.versions.len();
    view! {
        {(versions > 1).then(|| view! { <p class="muted">{fill(Key::RecordVersions, &[("n", &versions)])}</p> })}
        <ul class="list">{remarks.collect_view()}</ul>
    }
}

/// 凭证: what a lawyer or a doubting supervisor asks for.
#[component]
fn Proof(record: RecordEntries) -> impl IntoView {
    let rows = own(&record).map(|(entry, delivery)| {
        let number = entry.entry.header().seq.to_string();
        let hash = entry.entry.hash().to_string();
        let waiting = || t(Key::ReceiptOnPhone).to_owned();
        let received = delivery.received_ms.map_or_else(waiting, when::exact);
        let receipt = delivery.receipt.map(|r| r.to_string());
        let photos = delivery.blobs.iter().filter(|b| b.blob.role == BlobRole::Photo);
        let photos = photos.map(|b| {
            let held = t(if b.receipt.is_some() { Key::ReceiptHeld } else { Key::ReceiptWaiting });
            view! { <dd class="mono">{format!("{} · {held}", b.blob.sha256)}</dd> }
        });
        let photos = photos.collect_view();
        view! {
            <dl class="facts">
                <Fact name=t(Key::ProofNumber)><span class="mono">{number}</span></Fact>
                <Fact name=t(Key::ProofHash)><span class="mono" data-testid="proof-hash">{hash}</span></Fact>
                <Fact name=t(Key::ProofReceived)>{received}</Fact>
                <Fact name=t(Key::ProofReceipt)><span class="mono">{receipt}</span></Fact>
                <dt>{t(Key::ProofPhotos)}</dt>
                {photos}
            </dl>
        }
    });
    let rows = rows.collect::<Vec<_>>();
    view! {
        <details class="card">
            <summary data-testid="proof">{t(Key::ProofTitle)}</summary>
            {rows}
        </details>
    }
}
