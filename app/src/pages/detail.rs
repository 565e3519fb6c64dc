use super::amend::{Amend, next_version};
use super::begin::begin as begin_draft;
use super::case::{Names, Standing, StepForm, Timeline, UnitSteps};
use super::erased::Erased;
use super::gallery::Gallery;
use super::patrol::PatrolFacts;
use super::progress::{Progress, Receipts, headline, own, parked, say_parked};
use super::tasks::{my_unit, watches};
use crate::model::App;
use crate::store::{LocalEntry, RecordEntries};
use crate::ui::{Fact, Link, Loading, Notice, Tone, Top, when};
use crate::way::Way;
use crate::words::{Key, fill, t};
use domain::case::{Stage, Step};
use domain::entry::{BlobRole, Place};
use domain::ids::RecordId;
use domain::record::{Fields, Outcome, Purge, Record, Ruled, Version};
use domain::register::PersonId;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// One record: what was seen, what became of it, and what proves it.
#[component]
pub(super) fn Detail(id: Option<RecordId>) -> impl IntoView {
    let app = App::here();
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
    let finished = folded.as_ref().and_then(|r| r.finished.clone());
    let ruled = folded.as_ref().and_then(|r| r.not_counted()).cloned();
    let erased = record.is_erased().then(|| {
        let received = |e: &LocalEntry| Some(e.feed.as_ref()?.received_ms);
        let purges = record.entries.iter();
        let purges = purges.filter_map(|e| Some((Purge::of(&e.entry)?, received(e)?)));
        view! { <Erased purges=purges.collect() whole=current.is_none() /> }
    });
    let why = own(&record).find_map(|(_, d)| parked(d)).map(say_parked);
    let place = current.as_ref().and_then(|v| v.body.place.as_ref());
    let on_map = finished.is_some() || place.is_some_and(|p| p.fix.is_some());
    view! {
        <main class="screen">
            <Top title back="/outbox" />
            <Receipts progress=Progress::of(&record) />
            {erased}
            {why.map(|why| view! { <Amend record=record.clone() why /> })}
            {current.map(|version| view! {
                <Pictures record=record.clone() version=version.clone() />
                <Facts version=version.clone() />
                <Follow record=record.clone() version />
            })}
            {ruled.map(|ruled| view! { <NotCounted record=record.clone() ruled /> })}
            {finished.map(|finish| view! { <PatrolFacts finish /> })}
            {on_map.then(|| view! {
                <Link href=format!("/map/{}", record.record_id) class="button button-wide" testid="record-map">
                    {t(Key::RecordMap)}
                </Link>
            })}
            <CaseSection record=record.clone() />
            {folded.map(|folded| view! { <History record=record.clone() folded /> })}
            <Proof record />
        </main>
    }
}

/// What becomes of it where others must put it right.
#[component]
fn CaseSection(record: RecordEntries) -> impl IntoView {
    let app = App::here();
    let found = record.case();
    let (report, case) = found.filter(|(_, c)| c.stage != Stage::OnSpot || !c.steps.is_empty())?;
    let watched = watches(app, &report);
    let unit = my_unit(app, &case);
    let me = app
        .session
        .with_untracked(|s| s.as_ref().map(|s| s.known.person.clone()));
    let withdraws = me.as_ref() == Some(&case.reporter) && case.stage == Stage::Registered;
    let (id, basis) = (case.record_id, case.basis());
    let names = Names::on_phone(app, &record);
    Some(view! {
        <section class="card stack" aria-label=t(Key::CaseTitle)>
            <Standing case=case.clone() names=names.clone() calendar=app.calendar() />
            {(watched && unit.is_none()).then(|| view! {
                <Notice tone=Tone::Info testid="case-watched"><p>{t(Key::CaseWatched)}</p></Notice>
            })}
            {unit.map(|unit| view! { <UnitSteps case=case.clone() unit /> })}
            {withdraws.then(|| view! {
                <StepForm case=id basis label=Key::StepWithdraw words_needed=true testid="step-withdraw"
                    step=|reason| Some(Step::Withdraw { reason }) />
            })}
            <h2>{t(Key::CaseSteps)}</h2>
            <Timeline steps=case.steps names />
        </section>
    })
}

/// 不予计次, with the reason: the author reads it on his own phone.
#[component]
fn NotCounted(record: RecordEntries, ruled: Ruled) -> impl IntoView {
    let names = Names::on_phone(App::here(), &record);
    let who = names.author(&ruled.author, ruled.entry_id);
    view! {
        <Notice tone=Tone::Bad testid="not-counted">
            <p><strong>{t(Key::PatrolNotCounted)}</strong></p>
            <p>{ruled.ruling.reason}</p>
            <p class="small">{format!("{who} · {}", when::short(ruled.at))}</p>
        </Notice>
    }
}

#[component]
fn Pictures(record: RecordEntries, version: Version) -> impl IntoView {
    let case = record.case().map(|(_, case)| case);
    let done = case.map(|c| c.after_photos().to_vec()).unwrap_or_default();
    let (before, after) = (
        version.fields.before().to_vec(),
        version.fields.after().to_vec(),
    );
    view! {
        <div class="pair">
            <Gallery record=record.clone() photos=before caption=before_key(&version) />
            <Gallery record=record.clone() photos=after caption=Key::PhotoAfter />
            <Gallery record=record photos=done caption=Key::PhotoDone />
        </div>
    }
}

/// What the first photos of a report show.
pub(super) fn before_key(version: &Version) -> Key {
    match version.fields {
        Fields::Cleanup(_) => Key::PhotoBefore,
        _ => Key::PhotoScene,
    }
}

#[component]
fn Facts(version: Version) -> impl IntoView {
    let app = App::here();
    let outcome = version.fields.outcome().map(say_outcome);
    let place = version.body.place.as_ref().map(say_place);
    let reach = version.body.reach.as_ref().map(|r| app.reach_name(r));
    let words = version.fields.words().map(str::to_owned);
    view! {
        <dl class="facts card">
            <Fact name=t(Key::FactTime)>{when::exact(version.body.clock.best())}</Fact>
            {reach.map(|r| view! { <Fact name=t(Key::FactReach)>{r}</Fact> })}
            {place.map(|place| view! { <Fact name=t(Key::FactPlace)>{place}</Fact> })}
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
    let way = Way::here();
    let mine = own(&record).next().is_some();
    let waits = version.fields.outcome() == Some(&Outcome::ToFollow);
    let begin = move |_| {
        begin_draft(app, way, next_version(&record, &version));
    };
    (mine && waits).then(|| {
        view! {
            <button type="button" class="button button-main button-wide" data-testid="follow-up" on:click=begin>
                {t(Key::RecordFollow)}
            </button>
        }
    })
}

#[component]
fn History(record: RecordEntries, folded: Record) -> impl IntoView {
    let name = |person: &PersonId| {
        let told = record.name_of(person).map(str::to_owned);
        told.unwrap_or_else(|| person.to_string())
    };
    let remarks = folded.remarks.into_iter().map(|remark| {
        view! {
            <li class="card stack-tight" data-testid="remark">
                <span class="small muted">
                    {format!("{} · {}", name(&remark.author), when::short(remark.body.clock.best()))}
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
