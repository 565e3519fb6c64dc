use leptos::prelude::*;

/// A word and what it is here; stands in a `<dl class="facts">`.
#[component]
pub fn Fact(
    /// The word.
    #[prop(into)]
    name: String,
    children: Children,
) -> impl IntoView {
    view! {
        <dt>{name}</dt>
        <dd>{children()}</dd>
    }
}
