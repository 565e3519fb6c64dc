use crate::ui::Chip;
use crate::words::{Key, t};
use domain::wire::RecordFilter;
use leptos::prelude::*;

/// The stages of the work, as one sorts paper into trays.
#[component]
pub(super) fn Trays(filter: RwSignal<RecordFilter>) -> impl IntoView {
    let trays = [
        ("", Key::FilterAll),
        ("registered", Key::StageRegistered),
        ("accepted", Key::StageAccepted),
        ("handed_over,in_hand", Key::StageInHand),
        ("closure_applied", Key::StageClosureApplied),
        ("closed", Key::StageClosed),
    ];
    let tray = |(stages, key): (&'static str, Key)| {
        let chosen = Signal::derive(move || filter.with(|f| f.stage == stages));
        let touch = move || {
            filter.update(|f| {
                stages.clone_into(&mut f.stage);
                f.after = None;
            });
        };
        view! { <Chip label=t(key) chosen touch testid=format!("tray-{stages}") /> }
    };
    view! { <nav class="trays" aria-label=t(Key::ListStage)>{trays.map(tray).collect_view()}</nav> }
}
