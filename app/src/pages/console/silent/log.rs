use super::Silent;
use super::close::CloseForm;
use crate::ui::{Notice, Tone, when};
use crate::words::{Key, fill, t};
use domain::wire::{LogReadiness, Run};
use leptos::prelude::*;

/// What of a log is not here, and giving it up.
#[component]
pub(super) fn Log(
    log: LogReadiness,
    /// Photos of the phone that are still to come.
    blobs: u32,
    page: Silent,
) -> impl IntoView {
    let gaps = (!log.gaps.is_empty()).then(|| {
        let runs = log.gaps.iter().map(run).collect::<Vec<_>>().join("、");
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("last", &log.announced), ("runs", &runs)];
        fill(Key::SilentGaps, &values)
    });
    let forked = log.forked.then(|| t(Key::SilentForkedHow));
    let closed = log.closed.as_ref().map(|closed| {
        let by = log.closed_by.clone().unwrap_or_default();
        let at = when::short(closed.at_ms);
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("at", &at), ("name", &by), ("reason", &closed.reason)];
        fill(Key::SilentClosed, &values)
    });
    let open = log.missing > 0 || log.forked || (blobs > 0 && log.closed.is_none());
    view! {
        {gaps.map(|words| view! { <p data-testid="silent-gaps">{words}</p> })}
        {forked.map(|words| view! { <Notice tone=Tone::Warn><p>{words}</p></Notice> })}
        {closed.map(|words| view! { <p class="muted" data-testid="silent-closed">{words}</p> })}
        {open.then(|| view! { <CloseForm log=log.log_id page /> })}
    }
}

fn run(run: &Run) -> String {
    if run.from == run.to {
        run.from.to_string()
    } else {
        format!("{}–{}", run.from, run.to)
    }
}
