use super::log::Log;
use super::{Silent, ago};
use crate::ui::{Fact, Pill, Tone, when};
use crate::words::{Key, fill, t};
use domain::time::WallMs;
use domain::wire::{PersonReadiness, PhoneReadiness, PhoneSaid, Room};
use leptos::prelude::*;

/// A person in one line; touched, their phones.
#[component]
pub(super) fn Person(
    person: PersonReadiness,
    /// The server's clock.
    now: WallMs,
    page: Silent,
) -> impl IntoView {
    let duty = person.posts.join("、");
    let duty = match person.unit {
        Some(unit) if duty.is_empty() => unit,
        Some(unit) => format!("{unit} · {duty}"),
        None => duty,
    };
    let (since, at) = match person.silent_since {
        Some(since) => (ago(now, since), Some(when::short(since))),
        None => (t(Key::SilentNever).to_owned(), None),
    };
    let pills = pills(&person.phones, person.waiting);
    let phones = person.phones.into_iter();
    let phones = phones.map(|phone| view! { <Phone phone page /> });
    let phones = phones.collect_view();
    view! {
        <li>
            <details class="card silent" data-testid="silent-person">
                <summary class="silent-head">
                    <span><strong>{person.name}</strong><span class="line small muted">{duty}</span></span>
                    <span>{since}<span class="line small muted">{at}</span></span>
                    <span class="row">{pills}</span>
                </summary>
                <div class="stack">
                    {person.silent_since.is_none().then(|| view! { <p>{t(Key::SilentNeverHow)}</p> })}
                    {phones}
                </div>
            </details>
        </li>
    }
}

/// What is not here, in a word each.
fn pills(phones: &[PhoneReadiness], waiting: bool) -> AnyView {
    let missing: u64 = phones.iter().map(|p| p.missing).sum();
    let photos: u32 = phones.iter().map(|p| p.blobs).sum();
    let forked = phones.iter().flat_map(|p| &p.logs).any(|log| log.forked);
    let lacks = (missing > 0).then(|| fill(Key::SilentMissing, &[("n", &missing)]));
    let photos = (photos > 0).then(|| fill(Key::SilentPhotos, &[("n", &photos)]));
    let forked = forked.then(|| t(Key::SilentForked).to_owned());
    let all = !waiting && !phones.is_empty();
    view! {
        {lacks.map(|word| view! { <Pill tone=Tone::Bad word testid="silent-missing" /> })}
        {photos.map(|word| view! { <Pill tone=Tone::Warn word /> })}
        {forked.map(|word| view! { <Pill tone=Tone::Bad word /> })}
        {all.then(|| view! { <Pill tone=Tone::Good word=t(Key::SilentComplete) /> })}
    }
    .into_any()
}

/// One phone: what it said last, and its logs.
#[component]
fn Phone(phone: PhoneReadiness, page: Silent) -> impl IntoView {
    // The first digits tell phones of one person apart; nobody reads all 32.
    let id: String = phone.device.to_string().chars().take(6).collect();
    let waits_for = phone.missing > 0;
    let facts = phone.said.as_ref().map(|said| facts(said, waits_for));
    let silent = phone.said.is_none();
    let logs = phone.logs.into_iter();
    let logs = logs.map(|log| view! { <Log log blobs=phone.blobs page /> });
    let logs = logs.collect_view();
    view! {
        <section class="stack-tight" data-testid="silent-phone">
            <h2 class="small">{fill(Key::SilentPhone, &[("id", &id)])}</h2>
            {facts}
            {silent.then(|| view! { <p class="muted">{t(Key::SilentUnannounced)}</p> })}
            {logs}
        </section>
    }
}

fn facts(said: &PhoneSaid, waits_for: bool) -> AnyView {
    let unsent = (waits_for && said.unsent > 0).then(|| {
        let (at, size) = (when::short(said.oldest_ms), kib(said.unsent_bytes));
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("n", &said.unsent), ("size", &size), ("at", &at)];
        fill(Key::SilentUnsent, &values)
    });
    let parked = (said.parked > 0).then(|| fill(Key::SilentParked, &[("n", &said.parked)]));
    let kept = if said.persisted {
        Key::SilentPersisted
    } else {
        Key::SilentNotPersisted
    };
    let room = said.room.map(room);
    let (heard, version) = (when::short(said.heard_ms), said.app_version.clone());
    view! {
        <dl class="facts">
            <Fact name=t(Key::SilentLast)>{heard}</Fact>
            {unsent.map(|words| view! { <Fact name=t(Key::SilentThen)>{words}</Fact> })}
            {parked.map(|words| view! { <Fact name=t(Key::ReceiptParked)>{words}</Fact> })}
            <Fact name=t(Key::SilentStorage)>{t(kept)}{room}</Fact>
            <Fact name=t(Key::SilentVersion)>{version}</Fact>
        </dl>
    }
    .into_any()
}

/// How full the phone is, as a warning where it is nearly full.
fn room(room: Room) -> AnyView {
    let mb = |bytes: u64| bytes / 1_048_576;
    let values: [(&str, &dyn std::fmt::Display); 2] =
        [("used", &mb(room.used)), ("all", &mb(room.allowed))];
    let words = fill(Key::StorageUsed, &values);
    let full = room.nearly_full();
    let full = full.map(|n| fill(Key::SilentNearlyFull, &[("n", &n)]));
    view! {
        <span class="line small muted">{words}</span>
        {full.map(|word| view! { <Pill tone=Tone::Warn word testid="silent-full" /> })}
    }
    .into_any()
}

fn kib(bytes: u64) -> String {
    format!("{} KB", bytes.div_ceil(1024))
}
