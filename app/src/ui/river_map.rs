use crate::words::{Key, t};
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen::JsCast;

/// Where the map's own program lies; see `public/map/river-map.js`.
const PROGRAM: &str = "/map/river-map.js";

/// What the map's program says.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Words {
    label: &'static str,
    zoom_in: &'static str,
    zoom_out: &'static str,
    failed: &'static str,
}

/// A map of waters, boundaries, records and tracks. Its program is fetched when the first map is
/// looked at, never before.
#[component]
pub fn RiverMap(
    /// What lies below, as the server gives it; empty until it is known.
    ground: Signal<String>,
    /// The layers as JSON text; see [`crate::atlas`].
    shown: Signal<String>,
    /// The record that stands out.
    #[prop(optional)]
    chosen: Option<Signal<String>>,
    /// Told the id of what was touched.
    #[prop(optional)]
    picked: Option<Callback<String>>,
) -> impl IntoView {
    fetch_program();
    let words = Words {
        label: t(Key::MapTitle),
        zoom_in: t(Key::MapZoomIn),
        zoom_out: t(Key::MapZoomOut),
        failed: t(Key::MapFailed),
    };
    let words = serde_json::to_string(&words).unwrap_or_default();
    let on_pick = move |event: web_sys::CustomEvent| {
        if let (Some(picked), Some(id)) = (picked, event.detail().as_string()) {
            picked.run(id);
        }
    };
    view! {
        <river-map data-testid="map" prop:words=words
            prop:ground=move || ground.get() prop:shown=move || shown.get()
            prop:chosen=move || chosen.map(|c| c.get()).unwrap_or_default()
            on:pick=on_pick></river-map>
    }
}

fn fetch_program() {
    let Some(page) = web_sys::window().and_then(|w| w.document()) else {
        return;
    };
    let there = page.query_selector(&format!("script[src='{PROGRAM}']"));
    if there.is_ok_and(|found| found.is_some()) {
        return;
    }
    let (Ok(script), Some(head)) = (page.create_element("script"), page.head()) else {
        return;
    };
    let script: web_sys::HtmlElement = script.unchecked_into();
    let _ = script.set_attribute("src", PROGRAM);
    let _ = head.append_child(&script);
}
