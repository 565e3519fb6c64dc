use crate::words::{Key, t};
use leptos::prelude::*;

/// Two pictures of one place, one over the other: the slider moves the border between them.
#[component]
pub fn Compare(
    /// Where the earlier picture is.
    before: String,
    /// Where the later one is.
    after: String,
) -> impl IntoView {
    let cut = RwSignal::new("50".to_owned());
    let percent = move || format!("{}%", cut.get());
    view! {
        <div class="compare" data-testid="compare">
            <div class="compare-pictures" style:--cut=percent>
                <img src=before alt=t(Key::CompareBefore) />
                <img class="compare-over" src=after alt=t(Key::CompareAfter) />
                <span class="compare-word">{t(Key::CompareBefore)}</span>
                <span class="compare-word compare-word-end">{t(Key::CompareAfter)}</span>
            </div>
            <input type="range" min="0" max="100" aria-label=t(Key::CompareSlide) data-testid="compare-slide"
                prop:value=move || cut.get() on:input:target=move |e| cut.set(e.target().value()) />
        </div>
    }
}
