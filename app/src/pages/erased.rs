use crate::ui::{Notice, Tone, when};
use crate::words::{Key, t};
use domain::record::{Purge, PurgeGround};
use domain::time::WallMs;
use leptos::prelude::*;

/// 内容已按规定清除: calm words in the place of what is gone, why, and what still stands.
#[component]
pub(super) fn Erased(
    /// Each purge of the record with the server's time of it.
    purges: Vec<(Purge, WallMs)>,
    /// The report itself is gone, not only something about it.
    whole: bool,
) -> impl IntoView {
    let title = t(if whole {
        Key::RecordErased
    } else {
        Key::RecordErasedPart
    });
    let grounds = purges.into_iter().map(|(purge, at)| {
        let ground = say_ground(&purge.ground);
        let reason = purge.reason.map(|r| format!(" · {r}"));
        let said = format!(
            "{ground}{} · {}",
            reason.unwrap_or_default(),
            when::short(at)
        );
        view! { <p class="small">{said}</p> }
    });
    view! {
        <Notice tone=Tone::Info testid="record-erased">
            <p><strong>{title}</strong></p>
            {grounds.collect_view()}
            <p class="small">{t(Key::RecordErasedSafe)}</p>
        </Notice>
    }
}

fn say_ground(ground: &PurgeGround) -> String {
    let key = match ground {
        PurgeGround::Request => Key::PurgeRequest,
        PurgeGround::Retention => Key::PurgeRetention,
        PurgeGround::Order => Key::PurgeOrder,
        PurgeGround::Mistake => Key::PurgeMistake,
        PurgeGround::Other(word) => return word.clone(),
    };
    t(key).to_owned()
}
