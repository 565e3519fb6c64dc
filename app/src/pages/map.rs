use super::ground::ground;
use crate::atlas::{self, Collection, Layers, Point};
use crate::device::position::Watch;
use crate::model::App;
use crate::pages::outfalls;
use crate::store::{LocalStore, RecordEntries, StoreError};
use crate::ui::{Notice, RiverMap, Tone, Top};
use crate::way::Way;
use crate::words::{Key, t};
use domain::entry::BlobRole;
use domain::ids::RecordId;
use domain::order::sort_by_key;
use domain::patrol::TrackFix;
use domain::wire::Spot;
use gloo_timers::callback::Interval;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// So many of the newest records are drawn: what a person looks for is among them.
const NEWEST: u32 = 300;
/// How often the way of a patrol under way is drawn anew, milliseconds.
const DRAWN_EVERY_MS: u32 = 5_000;

/// 地图: the reach, its outfalls, what this phone holds, and where a patrol went. With a record,
/// that one stands out, and the track drawn is its own.
#[component]
pub(super) fn MapPage(record: Option<RecordId>) -> impl IntoView {
    let app = App::here();
    let way = Way::here();
    let records = RwSignal::new(None);
    Effect::new(move || {
        app.recorded.track();
        let Some(store) = app.store() else { return };
        spawn_local(async move {
            let page = store.records(None, NEWEST).await;
            let all = page.map(|p| p.records).unwrap_or_default();
            let points = atlas::points(all.iter().filter_map(point));
            let _ = records.try_set(Some(points));
        });
    });
    let tracks = track(app, record);
    let here = position();
    let shown = Signal::derive(move || {
        let (reaches, outfalls) = registered(app);
        Layers {
            reaches: Some(reaches),
            outfalls: Some(outfalls),
            records: records.get(),
            tracks: tracks.get(),
            me: here.get(),
        }
        .text()
    });
    let chosen = Signal::derive(move || record.map(path).unwrap_or_default());
    let picked = Callback::new(move |place: String| way.go(&place));
    let walking = app.patrol.with_untracked(Option::is_some);
    let home = if walking { "/patrol" } else { "/" };
    let back = record.map_or_else(|| home.to_owned(), path);
    let walked = move || tracks.with(Option::is_some);
    view! {
        <main class="screen map-page">
            <Top title=t(Key::MapTitle) back />
            <RiverMap ground=ground() shown chosen picked />
            <Show when=walked><p class="small muted">{t(Key::MapTrackLegend)}</p></Show>
            <Notice tone=Tone::Info><p class="small">{t(Key::MapNotExact)}</p></Notice>
        </main>
    }
}

fn path(id: RecordId) -> String {
    format!("/records/{id}")
}

/// Where a record was made; `None` without a position.
fn point(record: &RecordEntries) -> Option<Point> {
    let (folded, case) = record.case()?;
    let version = folded.current()?;
    let fix = version.body.place.as_ref()?.fix.as_ref()?;
    let (mark, tone) = atlas::mark(version.fields.kind().as_str(), &case.stage);
    Some(Point {
        id: path(record.record_id),
        at: Spot::of(fix)?.lon_lat(),
        mark,
        tone,
    })
}

/// The lines of the person's reaches, and the outfalls into them.
fn registered(app: App) -> (Collection, Collection) {
    app.registers.with(|r| {
        let lines = r.iter().flat_map(|r| &r.reaches);
        let reaches = atlas::reaches(lines.filter_map(|reach| reach.line.as_ref()));
        let outfalls = r.iter().flat_map(|r| &r.outfalls).filter_map(|o| {
            Some(Point {
                id: format!("/outfalls/{}", o.id),
                at: o.position?,
                mark: t(Key::MarkOutfall),
                tone: if outfalls::is_orphan(o) {
                    "bad"
                } else {
                    "info"
                },
            })
        });
        (reaches, atlas::points(outfalls))
    })
}

/// The way of the patrol under way, drawn anew as it grows; of the record's patrol if one is
/// looked at.
fn track(app: App, record: Option<RecordId>) -> RwSignal<Option<Collection>> {
    let drawn = RwSignal::new(None);
    let draw = move || {
        let Some(store) = app.store() else { return };
        spawn_local(async move {
            // What cannot be read is not drawn; the record's page says what is wrong with it.
            let fixes = match record {
                Some(id) => of_record(&store, id).await,
                None => under_way(&store).await,
            };
            let fixes = fixes.unwrap_or_default();
            if !fixes.is_empty() {
                let _ = drawn.try_set(Some(atlas::tracks(&fixes)));
            }
        });
    };
    draw();
    let again = move || {
        if app.patrol.with_untracked(Option::is_some) {
            draw();
        }
    };
    let again = record
        .is_none()
        .then(|| Interval::new(DRAWN_EVERY_MS, again));
    let again = StoredValue::new_local(again);
    on_cleanup(move || drop(again.try_update_value(Option::take)));
    drawn
}

async fn under_way(store: &LocalStore) -> Result<Vec<TrackFix>, StoreError> {
    let mut fixes = Vec::new();
    if let Some(active) = store.active_patrol().await? {
        for part in active.parts {
            fixes.extend(store.part_fixes(part).await?);
        }
        fixes.extend(store.open_fixes().await?.fixes);
    }
    Ok(fixes)
}

async fn of_record(store: &LocalStore, id: RecordId) -> Result<Vec<TrackFix>, StoreError> {
    let record = store.record(id).await?;
    let entries = record.iter().flat_map(|r| &r.entries);
    let blobs = entries.flat_map(|e| &e.entry.header().blobs);
    let mut fixes = Vec::new();
    for track in blobs.filter(|b| b.role == BlobRole::Track) {
        fixes.extend(store.part_fixes(track.sha256).await?);
    }
    sort_by_key(&mut fixes, |fix| fix.at_ms);
    Ok(fixes)
}

/// Where the person stands, while the page is open.
fn position() -> RwSignal<Option<Collection>> {
    let here = RwSignal::new(None);
    let watch = StoredValue::new_local(None::<Watch>);
    let heard = move || {
        let place = watch.try_with_value(|w| w.as_ref().map(Watch::place));
        if let Some(fix) = place.flatten().and_then(|p| p.fix)
            && let Some(spot) = Spot::of(&fix)
        {
            let me = Point {
                id: String::new(),
                at: spot.lon_lat(),
                mark: "",
                tone: "info",
            };
            let _ = here.try_set(Some(atlas::points(std::iter::once(me))));
        }
    };
    watch.set_value(Some(Watch::begin(heard)));
    on_cleanup(move || drop(watch.try_update_value(Option::take)));
    here
}
