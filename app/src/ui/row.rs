use super::Link;
use leptos::prelude::*;

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
            <Link href=href class="list-row" testid=testid>
                {children()}
            </Link>
        </li>
    }
}
