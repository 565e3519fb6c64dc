use super::Tone;
use leptos::prelude::*;

/// A short state: mark and word.
#[component]
pub fn Pill(
    /// What it is about.
    tone: Tone,
    /// The word.
    #[prop(into)]
    word: String,
    /// For tests.
    #[prop(into, optional)]
    testid: String,
) -> impl IntoView {
    view! {
        <span class=format!("pill pill-{}", tone.class()) data-testid=testid>
            <span aria-hidden="true">{tone.mark()}</span>
            {word}
        </span>
    }
}
