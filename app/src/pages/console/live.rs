use super::Desk;
use crate::api::News;
use gloo_timers::callback::Interval;
use leptos::prelude::*;

/// How often is asked while no line stands, milliseconds.
const ASK_MS: u32 = 15_000;
/// While one stands: what no feed tells, or what got lost. In rounds of [`ASK_MS`].
const ANYWAY: u32 = 8;

/// Keeps `desk.news` growing for as long as the page is open: by the server's word, else by the
/// clock.
pub(super) fn listen(desk: Desk) {
    let line = StoredValue::new_local(None::<News>);
    let look = move || {
        let live = line.with_value(|l| l.as_ref().is_some_and(News::is_live));
        let _ = desk.live.try_set(live);
    };
    let tell = move || {
        let _ = desk.news.try_update(|n| *n += 1);
    };
    let open = move || line.set_value(News::open(tell, look));
    open();
    let round = StoredValue::new_local(0_u32);
    let again = Interval::new(ASK_MS, move || {
        round.update_value(|n| *n += 1);
        if line.with_value(|l| l.as_ref().is_none_or(News::is_over)) {
            open();
        }
        look();
        let live = desk.live.try_get_untracked().unwrap_or(false);
        if !live || round.get_value().is_multiple_of(ANYWAY) {
            tell();
        }
    });
    let again = StoredValue::new_local(Some(again));
    on_cleanup(move || {
        drop(again.try_update_value(Option::take));
        drop(line.try_update_value(Option::take));
    });
}
