use crate::way::Way;
use leptos::prelude::*;
use web_sys::MouseEvent;

/// A way to another place of the page. A real link: it can be opened in another tab.
#[component]
pub fn Link(
    /// Where to.
    #[prop(into)]
    href: String,
    /// How it looks.
    #[prop(into, optional)]
    class: String,
    /// For tests.
    #[prop(into, optional)]
    testid: String,
    /// What it is called where its content does not say it.
    #[prop(into, optional)]
    label: Option<String>,
    children: Children,
) -> impl IntoView {
    let way = Way::here();
    let to = href.clone();
    let touched = move |event: MouseEvent| {
        let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key();
        if event.button() == 0 && !elsewhere {
            event.prevent_default();
            way.go(&to);
        }
    };
    let here = {
        let href = href.clone();
        move || (way.path() == href).then_some("page")
    };
    view! {
        <a href=href class=class data-testid=testid aria-label=label aria-current=here on:click=touched>
            {children()}
        </a>
    }
}
