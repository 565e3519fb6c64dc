use crate::ui::{Notice, Tone};
use crate::words::{Key, fill, t};
use domain::register::Closing;
use domain::wire::LedgerPeriods;
use leptos::prelude::*;

/// From the 20th: that the period closes on the 25th. After it: how long ago the last one did.
#[component]
pub(super) fn ClosingNote(periods: LedgerPeriods) -> impl IntoView {
    let LedgerPeriods {
        today, now, before, ..
    } = periods;
    let (tone, words) = match Closing::on(today, now) {
        Closing::Soon(0) => (Tone::Warn, t(Key::LedgerClosesToday).to_owned()),
        Closing::Soon(days) => {
            let values: [(&str, &dyn std::fmt::Display); 2] = [("day", &now.to), ("days", &days)];
            (Tone::Warn, fill(Key::LedgerCloses, &values))
        }
        Closing::Past(days) => {
            let values: [(&str, &dyn std::fmt::Display); 2] =
                [("day", &before.to), ("days", &days)];
            (Tone::Bad, fill(Key::LedgerClosed, &values))
        }
    };
    view! { <Notice tone testid="ledger-closing"><p>{words}</p></Notice> }
}
