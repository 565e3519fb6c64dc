use crate::device::clock;
use crate::model::App;
use crate::ui::{Empty, Fact, Link, ListRow, Notice, Pill, Tone, Top};
use crate::words::{Key, t};
use domain::register::{Charge, ChargeManner, Day, Outfall, OutfallId, OutfallState};
use leptos::prelude::*;

/// The way to the outfalls of the reach, where there are any.
#[component]
pub(super) fn OutfallsLine() -> impl IntoView {
    let app = App::here();
    let any = move || !here(app).is_empty();
    view! {
        <Show when=any>
            <Link href="/outfalls" class="button button-wide" testid="home-outfalls">{t(Key::OutfallTitle)}</Link>
        </Show>
    }
}

/// The outfalls of the reach on duty; of all own reaches without one.
fn here(app: App) -> Vec<Outfall> {
    let reach = app.duty().and_then(|d| d.reach);
    app.registers.with(|r| {
        let all = r.iter().flat_map(|r| &r.outfalls);
        let mine = all.filter(|o| reach.as_ref().is_none_or(|reach| o.reach == *reach));
        mine.cloned().collect()
    })
}

/// Every outfall of the reach.
#[component]
pub(super) fn Outfalls() -> impl IntoView {
    let app = App::here();
    let row = |outfall: Outfall| {
        let (word, tone) = say_state(&outfall.state);
        let orphan = is_orphan(&outfall);
        view! {
            <ListRow href=format!("/outfalls/{}", outfall.id) testid="outfall-row">
                <strong>{outfall.name}</strong>
                <span class="small muted">{outfall.place}</span>
                <span class="row">
                    <Pill tone word />
                    {orphan.then(|| view! { <Pill tone=Tone::Bad word=t(Key::OutfallOrphan) testid="outfall-orphan-mark" /> })}
                </span>
            </ListRow>
        }
    };
    view! {
        <main class="screen">
            <Top title=t(Key::OutfallTitle) back="/" />
            {move || {
                let found = here(app);
                if found.is_empty() {
                    view! { <Empty words=t(Key::OutfallNone) /> }.into_any()
                } else {
                    view! { <ul class="list">{found.into_iter().map(row).collect_view()}</ul> }.into_any()
                }
            }}
        </main>
    }
}

/// One outfall: how it is, and who answers for it.
#[component]
pub(super) fn OutfallCard(id: Option<OutfallId>) -> impl IntoView {
    let app = App::here();
    let found = move || {
        app.registers.with(|r| {
            let mut all = r.iter().flat_map(|r| &r.outfalls);
            all.find(|o| Some(&o.id) == id.as_ref()).cloned()
        })
    };
    move || match found() {
        None => view! {
            <main class="screen">
                <Top title=t(Key::OutfallTitle) back="/outfalls" />
                <Notice tone=Tone::Info><p>{t(Key::OutfallUnknown)}</p></Notice>
            </main>
        }
        .into_any(),
        Some(outfall) => view! { <Card outfall /> }.into_any(),
    }
}

#[component]
fn Card(outfall: Outfall) -> impl IntoView {
    let app = App::here();
    let (word, tone) = say_state(&outfall.state);
    let reach = app.reach_name(&outfall.reach);
    let orphan = is_orphan(&outfall);
    let supervising = now(app, &outfall, &ChargeManner::Supervising);
    let leading = now(app, &outfall, &ChargeManner::Leading);
    let past = outfall.charges.iter().filter(|c| c.term.to.is_some());
    let past: Vec<_> = past.map(|c| say_charge(app, c)).collect();
    view! {
        <main class="screen">
            <Top title=outfall.name back="/outfalls" />
            <span class="row"><Pill tone word testid="outfall-state" /></span>
            {orphan.then(|| view! {
                <Notice tone=Tone::Warn testid="outfall-orphan"><p>{t(Key::OutfallOrphanWhy)}</p></Notice>
            })}
            <dl class="facts card" data-testid="outfall-card">
                <Fact name=t(Key::OutfallKind)>{outfall.kind}</Fact>
                <Fact name=t(Key::FactReach)>{reach}</Fact>
                <Fact name=t(Key::FactPlace)>{outfall.place}</Fact>
                <Fact name=t(Key::OutfallSupervising)>{supervising}</Fact>
                <Fact name=t(Key::OutfallLeading)>{leading}</Fact>
            </dl>
            {(!past.is_empty()).then(|| view! {
                <section class="card stack-tight">
                    <h2>{t(Key::OutfallBefore)}</h2>
                    <ul class="plain">{past.into_iter().map(|p| view! { <li>{p}</li> }).collect_view()}</ul>
                </section>
            })}
        </main>
    }
}

fn now(app: App, outfall: &Outfall, manner: &ChargeManner) -> String {
    let today = Day::in_china(clock::wall());
    let charge = today.and_then(|day| outfall.charge(manner, day));
    charge.map_or_else(
        || t(Key::OutfallNobody).to_owned(),
        |c| app.unit_name(c.unit.as_str()),
    )
}

fn say_charge(app: App, charge: &Charge) -> String {
    let to = charge.term.to.map(|d| d.to_string()).unwrap_or_default();
    format!(
        "{} {}–{to}",
        app.unit_name(charge.unit.as_str()),
        charge.term.from
    )
}

/// 缺责任人的排口.
pub(super) fn is_orphan(outfall: &Outfall) -> bool {
    let today = Day::in_china(clock::wall());
    let held = |manner| today.is_some_and(|day| outfall.charge(&manner, day).is_some());
    !held(ChargeManner::Supervising) || !held(ChargeManner::Leading)
}

fn say_state(state: &OutfallState) -> (String, Tone) {
    let (key, tone) = match state {
        OutfallState::InUse => (Key::OutfallInUse, Tone::Info),
        OutfallState::OutOfUse => (Key::OutfallOutOfUse, Tone::Warn),
        OutfallState::Sealed => (Key::OutfallSealed, Tone::Good),
        OutfallState::Removed => (Key::OutfallRemoved, Tone::Good),
        OutfallState::Other(word) => return (word.clone(), Tone::Info),
    };
    (t(key).to_owned(), tone)
}
