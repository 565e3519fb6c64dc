use crate::device::share;
use crate::model::App;
use crate::rescue::{RescueFile, make};
use crate::ui::{Notice, Tone, Top};
use crate::words::{Key, fill, t};
use domain::ids::RecordId;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How far the file is.
#[derive(Clone)]
enum Making {
    Not,
    Under(usize, usize),
    Done(RescueFile),
    Failed,
}

/// 导出未上传记录: one touch makes the file from whatever is readable; a second sends or keeps
/// it. Nothing on the phone changes.
#[component]
pub(super) fn RescuePage(record: Option<RecordId>) -> impl IntoView {
    let app = App::here();
    let making = RwSignal::new_local(Making::Not);
    let begin = move |_| {
        let Some(session) = app.session.get_untracked() else {
            return;
        };
        let phone = app.phone.get_untracked();
        making.set(Making::Under(0, 0));
        spawn_local(async move {
            let gathered = session.store.rescue(record).await;
            let all = gathered.blobs.len();
            let device = match phone {
                Some(phone) => phone
                    .device_id(crate::device::random::device_id())
                    .await
                    .ok(),
                None => None,
            };
            let step = move |done| {
                let _ = making.try_set(Making::Under(done, all));
            };
            let made = make(&session.store, session.known.name, device, gathered, step).await;
            let _ = making.try_set(made.map_or(Making::Failed, Making::Done));
        });
    };
    let shown = move || {
        match making.get() {
        Making::Not => view! {
            <button type="button" class="button button-main button-big" data-testid="rescue-make" on:click=begin>
                {t(Key::RescueMake)}
            </button>
        }
        .into_any(),
        Making::Under(done, all) => view! {
            <p role="status">{t(Key::RescueMaking)}</p>
            <progress class="progress" max=all.max(1).to_string() value=done.to_string()
                aria-label=t(Key::RescueMaking)></progress>
        }
        .into_any(),
        Making::Failed => view! {
            <Notice tone=Tone::Bad><p>{t(Key::RescueFailed)}</p></Notice>
        }
        .into_any(),
        Making::Done(made) => view! { <Ready made /> }.into_any(),
    }
    };
    view! {
        <main class="screen">
            <Top title=t(Key::RescueTitle) back="/outbox" />
            <p>{t(Key::RescueWhat)}</p>
            {shown}
        </main>
    }
}

/// The file is there: what is in it, and the two ways out of the phone.
#[component]
fn Ready(made: RescueFile) -> impl IntoView {
    let m = &made.manifest;
    let mb = format!("{:.1}", made.file.size() / 1_048_576.0);
    let inside = fill(
        Key::RescueInside,
        &[
            ("entries", &m.entries),
            ("photos", &made.blobs),
            ("drafts", &m.drafts),
            ("mb", &mb),
        ],
    );
    let damaged = made.damaged.len();
    let (left, name) = (made.left, made.file.name());
    let url = share::url(&made.file);
    let can = share::can(&made.file);
    let file = StoredValue::new_local(made.file);
    let send = move |_| file.with_value(share::share);
    view! {
        <Notice tone=Tone::Good testid="rescue-ready"><p>{inside}</p></Notice>
        {(left > 0).then(|| view! { <p>{fill(Key::RescueLeft, &[("n", &left)])}</p> })}
        {(damaged > 0).then(|| view! {
            <Notice tone=Tone::Warn testid="rescue-damaged">
                <p>{fill(Key::RescueDamaged, &[("n", &damaged)])}</p>
            </Notice>
        })}
        {can.then(|| view! {
            <button type="button" class="button button-main button-big" data-testid="rescue-send" on:click=send>
                {t(Key::RescueSend)}
            </button>
        })}
        {url.map(|url| view! {
            <a class="button button-big button-wide" href=url download=name data-testid="rescue-keep">{t(Key::RescueKeep)}</a>
        })}
        <p class="small muted">{t(Key::RescueNext)}</p>
    }
}
