use leptos::prelude::*;
use leptos_router::components::A;

/// A row of a list that leads somewhere.
#[component]
pub fn ListRow(
    /// Where to.
    #[prop(into)]
    href: String,
    /// For tests.
    #[prop(into, optional)]
    testid: String,
    children: Children,
) -> impl IntoView {
    view! {
        <li>
            <A href=href attr:class="list-row" attr:data-testid=testid>
                {children()}
            </A>
        </li>
    }
}
