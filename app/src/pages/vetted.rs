use crate::store::RecordEntries;
use crate::ui::{Notice, Tone, when};
use crate::words::{Key, t};
use domain::record::VettingRuling;
use leptos::prelude::*;

/// 采信 or 未采信 of what was made here, with the reason: its author reads it on the own phone.
pub(super) fn vetted(record: &RecordEntries) -> impl IntoView + use<> {
    let own = super::progress::own(record).map(|(e, _)| e.entry.header().entry_id);
    let notices = own.filter_map(|id| record.vetted(id)).map(|(vetting, at)| {
        let (tone, key) = match vetting.ruling {
            VettingRuling::Accepted => (Tone::Good, Key::VetAccepted),
            _ => (Tone::Bad, Key::VetSetAside),
        };
        let by = record.name_of(&vetting.by).unwrap_or_default();
        let by = format!("{by} · {}", when::short(at));
        view! {
            <Notice tone testid="vetted">
                <p><strong>{t(key)}</strong></p>
                <p>{vetting.reason}</p>
                <p class="small">{by}</p>
            </Notice>
        }
    });
    notices.collect_view()
}
