use super::Queue;
use crate::api;
use crate::atlas::{self, Point};
use crate::model::App;
use crate::pages::console::Desk;
use crate::pages::console::tracks;
use crate::pages::ground::ground;
use crate::ui::RiverMap;
use crate::words::{Key, fill};
use domain::ids::RecordId;
use domain::wire::{RecordMap, RecordPoint};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};

/// Where everything is that matches the filters, on every page of the table.
#[component]
pub(super) fn Chart(queue: Queue) -> impl IntoView {
    let (app, desk) = (App::here(), Desk::here());
    let found = RwSignal::new(None::<RecordMap>);
    Effect::new(move || {
        desk.news.track();
        app.recorded.track();
        let mut wanted = queue.filter.get();
        (wanted.after, wanted.limit) = (None, None);
        spawn_local(async move {
            // Without a map the table says what is wrong.
            if let Ok(map) = api::record_map(&wanted).await {
                let _ = found.try_set(Some(map));
            }
        });
    });
    let track = track_of_chosen(queue, found);
    let shown = Signal::derive(move || {
        let records = found.with(|f| {
            let points = f.iter().flat_map(|f| &f.points).map(point);
            atlas::points(&points.collect::<Vec<_>>())
        });
        json!({ "records": records, "tracks": track.get() }).to_string()
    });
    let chosen = Signal::derive(move || {
        queue
            .chosen
            .get()
            .map(|id| id.to_string())
            .unwrap_or_default()
    });
    let picked = Callback::new(move |id: String| queue.chosen.set(id.parse().ok()));
    let others = move || found.with(|f| f.as_ref().map(|f| f.others).filter(|n| *n > 0));
    let newest = move || {
        let drawn = |map: &RecordMap| map.beyond.then_some(map.points.len());
        found.with(|f| f.as_ref().and_then(drawn))
    };
    view! {
        <RiverMap ground=ground() shown chosen picked />
        {move || others().map(|n| view! { <p class="small muted">{fill(Key::MapOthers, &[("n", &n)])}</p> })}
        {move || newest().map(|n| view! { <p class="small muted">{fill(Key::MapNewest, &[("n", &n)])}</p> })}
    }
}

fn point(found: &RecordPoint) -> Point {
    let (mark, tone) = atlas::mark(&found.kind, &found.stage);
    Point {
        id: found.record_id.to_string(),
        at: found.at.lon_lat(),
        mark,
        tone,
    }
}

/// Where the chosen patrol went.
fn track_of_chosen(queue: Queue, found: RwSignal<Option<RecordMap>>) -> RwSignal<Value> {
    let track = RwSignal::new(Value::Null);
    let is_patrol = move |id: RecordId| {
        let of_row = queue.page.with_untracked(|p| match p {
            Some(Ok(page)) => page
                .rows
                .iter()
                .any(|r| r.record_id == id && r.kind == "patrol_start"),
            _ => false,
        });
        of_row
            || found.with_untracked(|f| {
                let mut all = f.iter().flat_map(|f| &f.points);
                all.any(|p| p.record_id == id && p.kind == "patrol_start")
            })
    };
    Effect::new(move || {
        let chosen = queue.chosen.get();
        track.set(Value::Null);
        let Some(id) = chosen.filter(|id| is_patrol(*id)) else {
            return;
        };
        spawn_local(async move {
            let Ok(view) = api::record(id).await else {
                return;
            };
            let drawn = tracks::of(&view).await;
            if queue.chosen.try_get_untracked() == Some(Some(id)) {
                let _ = track.try_set(drawn);
            }
        });
    });
    track
}
