use crate::model::App;
use crate::ui::{Link, when};
use crate::words::{Key, fill, t};
use domain::sync::{LinkState, Status};
use leptos::prelude::*;

/// The honest line: what is on the phone, what waits, what the platform holds. Read from the
/// engine's status, which reads it from the outbox.
#[component]
pub(super) fn StatusLine() -> impl IntoView {
    let app = App::here();
    view! {
        <Link href="/outbox" class="status-line" testid="status-line">
            <span role="status">{move || app.status.with(counts)}</span>
            <span class="small muted">{move || app.status.with(connection)}</span>
        </Link>
    }
}

fn counts(status: &Status) -> String {
    let on_phone = status.unsent + status.incomplete;
    let mut parts = vec![
        fill(Key::StatusOnPhone, &[("n", &on_phone)]),
        fill(Key::StatusWaiting, &[("n", &status.unsent)]),
    ];
    if status.unsent_blobs > 0 {
        parts.push(fill(Key::StatusPhotos, &[("n", &status.unsent_blobs)]));
    }
    if status.parked > 0 {
        parts.push(fill(Key::StatusParked, &[("n", &status.parked)]));
    }
    parts.push(fill(Key::StatusReceived, &[("n", &status.received)]));
    parts.join(" · ")
}

fn connection(status: &Status) -> String {
    let link = t(match status.link {
        LinkState::Unknown => Key::LinkUnknown,
        LinkState::Up => Key::LinkUp,
        LinkState::Down => Key::LinkDown,
        LinkState::NotOurs => Key::LinkNotOurs,
    });
    match status.last_sync {
        Some(at) => format!(
            "{link} · {}",
            fill(Key::StatusLastSync, &[("time", &when::short(at))])
        ),
        None => link.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_what_is_where() {
        let status = Status {
            unsent: 2,
            incomplete: 1,
            received: 118,
            ..Status::default()
        };
        assert_eq!(
            counts(&status),
            "3 条已存手机 · 2 条待上传 · 平台已收 118 条"
        );
        let photos = Status {
            unsent_blobs: 5,
            parked: 1,
            ..status
        };
        let line = counts(&photos);
        assert!(
            line.contains("5 张照片") && line.contains("平台未收 1 条"),
            "{line}"
        );
    }
}
