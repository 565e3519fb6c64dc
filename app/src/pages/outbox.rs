use super::expired::Expired;
use super::others;
use super::progress::{Progress, Receipts, headline, own, parked, say_parked};
use crate::model::App;
use crate::store::RecordEntries;
use crate::ui::{Empty, Link, ListRow, Loading, Notice, Pill, Tabs, Tone};
use crate::words::{Key, fill, t};
use domain::sync::Cause;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Rows read at once; more on demand, so that thousands stay quick.
const PAGE: u32 = 30;

/// Everything on this phone: what waits, what was not taken, what the platform holds.
#[component]
pub(super) fn Outbox() -> impl IntoView {
    let app = App::here();
    let records = RwSignal::new_local(None::<Vec<RecordEntries>>);
    let (wanted, total) = (RwSignal::new(PAGE), RwSignal::new(0));
    let unfinished = RwSignal::new_local(Vec::<RecordEntries>::new());
    Effect::new(move || {
        app.recorded.track();
        let limit = wanted.get();
        let Some(store) = app.store() else { return };
        spawn_local(async move {
            if let Ok(open) = store.unfinished().await {
                let _ = unfinished.try_set(open);
            }
            if let Ok(page) = store.records(None, limit).await {
                let _ = total.try_set(page.total);
                let _ = records.try_set(Some(page.records));
            }
        });
    });
    let try_now = move |_| {
        if let Some(session) = app.session.get_untracked() {
            session.runner.wake(Cause::Asked);
        }
        others::wake(Cause::Asked);
    };
    let list = move || {
        match records.get() {
        None => view! { <Loading /> }.into_any(),
        Some(found) if found.is_empty() => {
            view! { <Empty words=t(Key::OutboxEmpty) /> }.into_any()
        }
        Some(found) => view! {
            <ul class="list">{found.iter().map(|r| view! { <Row record=r.clone() /> }).collect_view()}</ul>
        }
        .into_any(),
    }
    };
    view! {
        <main class="screen">
            <header class="top"><h1>{t(Key::OutboxTitle)}</h1></header>
            <Expired />
            <Upload />
            <button type="button" class="button button-wide" data-testid="sync-now" on:click=try_now>
                {t(Key::OutboxTryNow)}
            </button>
            <Parked records=unfinished />
            <Show when=move || unfinished.with(|r| !r.is_empty())>
                <Link href="/rescue" class="button button-wide" testid="rescue">{t(Key::RescueTitle)}</Link>
            </Show>
            {list}
            <Show when=move || { total.get() > wanted.get() }>
                <button type="button" class="button button-wide" data-testid="more-rows"
                    on:click=move |_| wanted.update(|n| *n += PAGE)>
                    {move || fill(Key::OutboxMore, &[("n", &(total.get() - wanted.get()))])}
                </button>
            </Show>
        </main>
        <Tabs />
    }
}

#[component]
fn Row(record: RecordEntries) -> impl IntoView {
    let (what, detail) = headline(App::here(), &record);
    let progress = Progress::of(&record);
    let folded = record.fold();
    let ruled = folded.as_ref().and_then(|r| r.not_counted()).is_some();
    view! {
        <ListRow href=format!("/records/{}", record.record_id) testid="outbox-row">
            <strong>{what}</strong>
            <span class="small muted">{detail}</span>
            <Receipts progress />
            {ruled.then(|| view! { <span><Pill tone=Tone::Bad word=t(Key::PatrolNotCounted) testid="outbox-not-counted" /></span> })}
        </ListRow>
    }
}

/// 平台未收: nothing is lost, and somebody must do something.
#[component]
fn Parked(records: RwSignal<Vec<RecordEntries>, LocalStorage>) -> impl IntoView {
    let app = App::here();
    let refused = move || {
        let all = records.get();
        all.into_iter()
            .filter(|r| own(r).any(|(_, d)| parked(d).is_some()))
            .collect::<Vec<_>>()
    };
    move || {
        let refused = refused();
        (!refused.is_empty()).then(|| {
            let rows = refused.into_iter().map(|record| {
                let (what, detail) = headline(app, &record);
                let why = own(&record).find_map(|(_, d)| parked(d)).map(say_parked);
                view! {
                    <ListRow href=format!("/records/{}", record.record_id) testid="parked-row">
                        <strong>{what}</strong>
                        <span class="small muted">{detail}</span>
                        <span class="small">{why}</span>
                    </ListRow>
                }
            });
            view! {
                <section class="stack-tight">
                    <h2>{t(Key::OutboxParked)}</h2>
                    <Notice tone=Tone::Bad><p>{t(Key::OutboxParkedWhy)}</p></Notice>
                    <ul class="list">{rows.collect_view()}</ul>
                </section>
            }
        })
    }
}

/// The photos that are on their way now.
#[component]
fn Upload() -> impl IntoView {
    let app = App::here();
    let bars = move || {
        let uploads = app.status.with(|s| s.uploads.clone());
        let bar = uploads.into_iter().map(|u| {
            let part = u.sent * 100 / u.size.max(1);
            view! {
                <progress class="progress" max="100" value=part.to_string() data-testid="upload-progress"
                    aria-label=t(Key::OutboxUploading)></progress>
            }
        });
        bar.collect_view()
    };
    view! { <div class="stack-tight">{bars}</div> }
}
