use super::dark::Dark;
use crate::model::App;
use crate::patrol::{Ending, Patrol, Walked};
use crate::ui::{Chip, ChipGroup, Link, Notice, Tone, Top};
use crate::way::Way;
use crate::words::{Key, fill, say_code, t};
use domain::patrol::{Lacking, Tick};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// 开始巡河: one tap. While one is under way the button leads back to it.
#[component]
pub(super) fn StartPatrol() -> impl IntoView {
    let app = App::here();
    let way = Way::here();
    let busy = RwSignal::new(false);
    let under_way = move || app.patrol.with(Option::is_some);
    let touched = move |_| {
        if under_way() {
            way.go("/patrol");
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match Patrol::begin(app).await {
                Ok(()) => way.go("/patrol"),
                Err(code) => app.trouble.set(Some(code)),
            }
            let _ = busy.try_set(false);
        });
    };
    let on_duty = move || app.duty().is_some_and(|d| d.reach.is_some());
    view! {
        <Show when=move || on_duty() || under_way()>
            <button type="button" class="button button-main button-big button-wide" data-testid="home-patrol"
                disabled=move || busy.get() on:click=touched>
                {move || t(if under_way() { Key::PatrolBack } else { Key::PatrolStart })}
            </button>
            <Show when=under_way><p class="small muted">{move || app.walked.with(say_walked)}</p></Show>
        </Show>
    }
}

/// 1,240 米 · 23 分钟.
pub(super) fn say_walked(walked: &Walked) -> String {
    let minutes = walked.tally.tracked_ms / 60_000;
    let metres = walked.tally.metres.floor();
    fill(Key::PatrolSum, &[("m", &metres), ("min", &minutes)])
}

/// 还差 340 米 / 4 分钟.
pub(super) fn say_lacking(lacking: Lacking) -> String {
    let mut parts = Vec::new();
    if lacking.metres > 0 {
        parts.push(fill(Key::LackMetres, &[("n", &lacking.metres)]));
    }
    if lacking.seconds > 0 {
        parts.push(fill(
            Key::LackMinutes,
            &[("n", &lacking.seconds.div_ceil(60))],
        ));
    }
    if lacking.percent > 0 {
        parts.push(fill(Key::LackPercent, &[("n", &lacking.percent)]));
    }
    fill(Key::PatrolLacking, &[("what", &parts.join(" / "))])
}

/// The patrol as it goes.
#[component]
pub(super) fn PatrolScreen() -> impl IntoView {
    let app = App::here();
    let (ending, dark) = (RwSignal::new(false), RwSignal::new(false));
    move || match app.patrol.get() {
        None => view! {
            <main class="screen">
                <Top title=t(Key::PatrolTitle) back="/" />
                <Notice tone=Tone::Info><p>{t(Key::PatrolNone)}</p></Notice>
            </main>
        }
        .into_any(),
        Some(patrol) if ending.get() => view! { <Finish patrol ending /> }.into_any(),
        Some(_) if dark.get() => view! { <Dark dark /> }.into_any(),
        Some(patrol) => view! { <Walking patrol ending dark /> }.into_any(),
    }
}

#[component]
fn Walking(patrol: Patrol, ending: RwSignal<bool>, dark: RwSignal<bool>) -> impl IntoView {
    let app = App::here();
    let reach = app.duty().map(|d| d.label);
    let walked = app.walked;
    let metres = move || walked.with(|w| w.tally.metres.floor().to_string());
    let clock = move || {
        let seconds = walked.with(|w| w.tally.tracked_ms / 1_000);
        format!(
            "{:02}:{:02}:{:02}",
            seconds / 3_600,
            seconds / 60 % 60,
            seconds % 60
        )
    };
    let enough = move || {
        walked.with(|w| match w.lacking {
            None => t(Key::PatrolNoRule).to_owned(),
            Some(lacking) if lacking.is_nothing() => t(Key::PatrolEnough).to_owned(),
            Some(lacking) => say_lacking(lacking),
        })
    };
    let share = move || {
        walked.with(|w| match w.percent {
            Some(percent) => fill(Key::PatrolShare, &[("n", &percent)]),
            None => t(Key::PatrolNoLine).to_owned(),
        })
    };
    let position = move || {
        walked.with(|w| match w.accuracy_m {
            _ if w.no_position => t(Key::PatrolNoPosition).to_owned(),
            Some(m) => fill(Key::PlaceFound, &[("m", &m.round())]),
            None => t(Key::PlaceSearching).to_owned(),
        })
    };
    let gaps = move || walked.with(|w| fill(Key::PatrolGaps, &[("n", &w.tally.gaps)]));
    let paused = move || walked.with(|w| w.paused);
    view! {
        <main class="screen">
            <Top title=t(Key::PatrolTitle) back="/" />
            <p class="muted">{reach}</p>
            <div class="gauges">
                <div class="gauge"><strong data-testid="patrol-metres">{metres}</strong><span>{t(Key::PatrolMetres)}</span></div>
                <div class="gauge"><strong data-testid="patrol-clock">{clock}</strong><span>{t(Key::PatrolTime)}</span></div>
            </div>
            <Notice tone=Tone::Info><p data-testid="patrol-lacking">{enough}</p><p class="small" data-testid="patrol-share">{share}</p></Notice>
            <p class="small muted" role="status">{position}</p>
            <Show when=move || { walked.with(|w| w.tally.gaps) > 0 }>
                <p class="small muted">{gaps}" · "{t(Key::PatrolGapsWhy)}</p>
            </Show>
            <super::home::QuickRecords />
            <div class="pair">
                <Link href="/map" class="button button-wide" testid="patrol-map">{t(Key::MapOpen)}</Link>
                <button type="button" class="button button-wide" data-testid="patrol-dark" on:click=move |_| dark.set(true)>
                    {t(Key::PatrolDark)}
                </button>
            </div>
        </main>
        <div class="save-bar">
            <div class="pair">
                <button type="button" class="button" data-testid="patrol-pause" on:click=move |_| patrol.pause()>
                    {move || t(if paused() { Key::PatrolGoOn } else { Key::PatrolPause })}
                </button>
                <button type="button" class="button button-main" data-testid="patrol-end" on:click=move |_| ending.set(true)>
                    {t(Key::PatrolEnd)}
                </button>
            </div>
        </div>
    }
}

/// 结束巡河: ten ticks, none of them needed.
#[component]
fn Finish(patrol: Patrol, ending: RwSignal<bool>) -> impl IntoView {
    let app = App::here();
    let way = Way::here();
    let found = RwSignal::new(Vec::<Tick>::new());
    let (why, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let wrong = RwSignal::new(None::<String>);
    let lacking = app.walked.with_untracked(|w| w.lacking);
    let lacking = lacking.filter(|l| !l.is_nothing());
    let chip = move |tick: Tick| {
        let mine = tick.clone();
        let chosen = Signal::derive(move || found.with(|f| f.contains(&mine)));
        let label = say_tick(&tick);
        let touch = move || {
            found.update(|all| {
                if all.contains(&tick) {
                    all.retain(|t| *t != tick);
                } else {
                    all.push(tick.clone());
                }
            });
        };
        view! { <Chip label chosen touch testid="tick" /> }
    };
    let nothing = Signal::derive(move || found.with(Vec::is_empty));
    let save = move |_| {
        busy.set(true);
        let words = |s: RwSignal<String>| {
            Some(s.get_untracked().trim().to_owned()).filter(|w| !w.is_empty())
        };
        let ending = Ending {
            found: found.get_untracked(),
            explanation: words(why),
            note: words(note),
        };
        let patrol = patrol.clone();
        spawn_local(async move {
            match patrol.finish(ending).await {
                Ok(record) => way.replace(&format!("/saved/{record}")),
                Err(code) => {
                    let _ = wrong.try_set(Some(code));
                }
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <main class="screen">
            <header class="top">
                <button type="button" class="back" aria-label=t(Key::NavBack) data-testid="patrol-not-yet"
                    on:click=move |_| ending.set(false)>"‹"</button>
                <h1>{t(Key::PatrolEnd)}</h1>
            </header>
            <p><strong>{app.walked.with_untracked(say_walked)}</strong></p>
            {lacking.map(|lacking| view! {
                <Notice tone=Tone::Warn testid="patrol-short">
                    <p><strong>{t(Key::PatrolShort)}</strong></p>
                    <p>{say_lacking(lacking)}</p>
                    <p class="small">{t(Key::PatrolShortSafe)}</p>
                </Notice>
                <label class="field">
                    <span>{t(Key::PatrolWhy)}</span>
                    <textarea class="input" rows="2" maxlength="500" data-testid="patrol-why"
                        on:input:target=move |e| why.set(e.target().value())></textarea>
                </label>
            })}
            <ChipGroup question=t(Key::PatrolFound)>
                <Chip label=t(Key::PatrolNothing) chosen=nothing touch=move || found.set(Vec::new()) testid="tick-none" />
                {Tick::ALL.map(chip).collect_view()}
            </ChipGroup>
            <label class="field">
                <span>{t(Key::FormNote)}</span>
                <textarea class="input" rows="2" maxlength="2000" data-testid="patrol-note"
                    on:input:target=move |e| note.set(e.target().value())></textarea>
            </label>
        </main>
        <div class="save-bar">
            {move || wrong.get().map(|code| view! {
                <Notice tone=Tone::Bad><p>{say_code(&code)}</p></Notice>
            })}
            <button type="button" class="button button-main button-big" data-testid="patrol-save"
                disabled=move || busy.get() on:click=save>
                {t(Key::FormSave)}
            </button>
        </div>
    }
}

/// What a tick says.
pub(super) fn say_tick(tick: &Tick) -> String {
    let key = match tick {
        Tick::Rubbish => Key::TickRubbish,
        Tick::Discharge => Key::TickDischarge,
        Tick::Occupation => Key::TickOccupation,
        Tick::Extraction => Key::TickExtraction,
        Tick::Dumping => Key::TickDumping,
        Tick::Building => Key::TickBuilding,
        Tick::Water => Key::TickWater,
        Tick::Works => Key::TickWorks,
        Tick::Board => Key::TickBoard,
        Tick::Else => Key::TickElse,
        Tick::Other(word) => return word.clone(),
    };
    t(key).to_owned()
}

/// How a patrol ended, for its record page.
#[component]
pub(super) fn PatrolFacts(finish: domain::patrol::PatrolFinish) -> impl IntoView {
    let valid = match &finish.rule {
        None => None,
        Some(_) if finish.lacking.is_nothing() => Some((t(Key::PatrolValid), Tone::Good)),
        Some(_) => Some((t(Key::PatrolShort), Tone::Warn)),
    };
    let sum = fill(
        Key::PatrolSum,
        &[("m", &finish.metres), ("min", &(finish.seconds / 60))],
    );
    let share = match finish.percent {
        Some(percent) => fill(Key::PatrolShare, &[("n", &percent)]),
        None => t(Key::PatrolNoLine).to_owned(),
    };
    let found = if finish.found.is_empty() {
        t(Key::PatrolNothing).to_owned()
    } else {
        finish
            .found
            .iter()
            .map(say_tick)
            .collect::<Vec<_>>()
            .join("、")
    };
    let lacking = (!finish.lacking.is_nothing()).then(|| say_lacking(finish.lacking));
    view! {
        <section class="card stack-tight" data-testid="patrol-facts">
            <span class="row">
                <strong>{sum}</strong>
                {valid.map(|(word, tone)| view! { <crate::ui::Pill tone word testid="patrol-validity" /> })}
            </span>
            <span class="small muted">{share}</span>
            {lacking.map(|l| view! { <span>{l}</span> })}
            {finish.explanation.map(|w| view! { <p>{w}</p> })}
            <span>{found}</span>
        </section>
    }
}
