use super::LocalCallback;
use leptos::prelude::*;

/// A choice that is made by touching it; touching the chosen one again takes it back.
#[component]
pub fn Chip(
    /// What it says.
    #[prop(into)]
    label: String,
    /// Whether it is chosen.
    #[prop(into)]
    chosen: Signal<bool>,
    /// What touching it does.
    #[prop(into)]
    touch: LocalCallback,
    /// For tests.
    #[prop(into, optional)]
    testid: String,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="chip"
            data-testid=testid
            aria-pressed=move || if chosen.get() { "true" } else { "false" }
            on:click=move |_| touch.run()
        >
            {label}
        </button>
    }
}

/// Chips that answer one question.
#[component]
pub fn ChipGroup(
    /// The question.
    #[prop(into)]
    question: String,
    /// Larger, for what comes first.
    #[prop(optional)]
    big: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <fieldset class="chips" class:chips-big=big>
            <legend>{question}</legend>
            {children()}
        </fieldset>
    }
}
