use super::case::{Names, say_due, say_reminder, say_stage, stage_tone};
use crate::device::clock;
use crate::model::App;
use crate::pictures::fetch_ahead;
use crate::store::RecordEntries;
use crate::ui::{Empty, Link, ListRow, Loading, Pill, Tabs, Tone, say_kind};
use crate::words::{Key, fill, t};
use domain::case::{Case, Duty, Stage};
use domain::record::Record;
use domain::register::{Day, PersonId, UnitId};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How many of the newest records are looked through for cases.
const LOOK_BACK: u32 = 500;

/// A case that a unit of this person has to deal with, or that this person watches.
#[derive(Clone)]
struct Task {
    record: Record,
    case: Case,
    names: Names,
    mine: bool,
}

/// The units in whose name this person works.
pub(super) fn my_units(app: App) -> Vec<UnitId> {
    app.registers
        .with(|r| r.as_ref().map(|r| r.works_for.clone()).unwrap_or_default())
}

fn me(app: App) -> Option<PersonId> {
    app.session
        .with_untracked(|s| s.as_ref().map(|s| s.known.person.clone()))
}

/// The unit in whose name this person deals with a case, if there is one: a unit that the person
/// works for, or the one for which the person was named.
pub(super) fn my_unit(app: App, case: &Case) -> Option<UnitId> {
    let (mine, me) = (my_units(app), me(app));
    let named = |d: &Duty| d.assignee.is_some() && d.assignee == me;
    let mut duties = case.duties.iter();
    let found = duties.find(|d| mine.contains(&d.unit) || named(d));
    found.map(|d| d.unit.clone())
}

/// Whether this person is the 监管责任人 of the outfall that a record names.
pub(super) fn watches(app: App, record: &Record) -> bool {
    let outfall = record.current().and_then(|v| v.fields.outfall());
    let (me, today) = (me(app), Day::in_china(clock::wall()));
    let (Some(outfall), Some(me), Some(today)) = (outfall, me, today) else {
        return false;
    };
    app.registers.with(|r| {
        let mut all = r.iter().flat_map(|r| &r.outfalls);
        all.any(|o| o.id == *outfall && o.is_supervised_by(&me, today))
    })
}

/// Whether this person watches over any outfall.
fn supervises(app: App) -> bool {
    let (Some(me), Some(today)) = (me(app), Day::in_china(clock::wall())) else {
        return false;
    };
    app.registers.with(|r| {
        let mut all = r.iter().flat_map(|r| &r.outfalls);
        all.any(|o| o.is_supervised_by(&me, today))
    })
}

/// The cases on this phone that units have, and that are this person's to do or to watch; the
/// most urgent first.
fn open_tasks(app: App, records: &[RecordEntries]) -> Vec<Task> {
    let task = |entries: &RecordEntries| {
        let (record, case) = entries.case()?;
        let mine = my_unit(app, &case).is_some();
        let wanted = case.stage.is_with_units() && (mine || watches(app, &record));
        wanted.then(|| Task {
            names: Names::on_phone(app, entries),
            record,
            case,
            mine,
        })
    };
    let mut tasks: Vec<Task> = records.iter().filter_map(task).collect();
    tasks.sort_by_key(|t| {
        let done = t.case.stage == Stage::ClosureApplied;
        (done, t.case.due.map(|d| d.now))
    });
    tasks
}

fn watch(app: App) -> RwSignal<Option<Vec<Task>>, LocalStorage> {
    let tasks = RwSignal::new_local(None);
    Effect::new(move || {
        app.recorded.track();
        app.registers.track();
        let Some(store) = app.store() else { return };
        spawn_local(async move {
            if let Ok(page) = store.records(None, LOOK_BACK).await {
                let found = untrack(|| open_tasks(app, &page.records));
                let ids: Vec<_> = found.iter().map(|t| t.record.record_id).collect();
                let _ = tasks.try_set(Some(found));
                let mine = page.records.into_iter();
                let mine: Vec<_> = mine.filter(|r| ids.contains(&r.record_id)).collect();
                fetch_ahead(&store, &mine).await;
            }
        });
    });
    tasks
}

/// 交给我的, on the home screen of whoever works for a unit or supervises an outfall.
#[component]
pub(super) fn TasksLine() -> impl IntoView {
    let app = App::here();
    let works = move || !my_units(app).is_empty() || supervises(app);
    view! {
        <Show when=works>
            <Line tasks=watch(app) />
        </Show>
    }
}

#[component]
fn Line(tasks: RwSignal<Option<Vec<Task>>, LocalStorage>) -> impl IntoView {
    let count = move |counts: fn(&Task) -> bool| {
        tasks.with(|t| t.iter().flatten().filter(|t| counts(t)).count())
    };
    let to_do = move || {
        let to_do = count(|t| t.mine && t.case.stage != Stage::ClosureApplied);
        let watched = count(|t| !t.mine);
        let mut parts = Vec::new();
        if to_do > 0 || watched == 0 {
            parts.push(match to_do {
                0 => t(Key::HomeTasksNone).to_owned(),
                n => fill(Key::TasksCount, &[("n", &n)]),
            });
        }
        if watched > 0 {
            parts.push(fill(Key::TasksWatched, &[("n", &watched)]));
        }
        parts.join(" · ")
    };
    view! {
        <Link href="/tasks" class="status-line" testid="home-tasks">
            <strong>{t(Key::HomeTasks)}</strong>
            <span>{to_do}</span>
        </Link>
    }
}

/// What was handed to the person's units, and below it what the person watches.
#[component]
pub(super) fn Tasks() -> impl IntoView {
    let app = App::here();
    let tasks = watch(app);
    let list = move || match tasks.get() {
        None => view! { <Loading /> }.into_any(),
        Some(found) if found.is_empty() => view! { <Empty words=t(Key::TasksEmpty) /> }.into_any(),
        Some(found) => {
            let (mine, watched): (Vec<_>, Vec<_>) = found.into_iter().partition(|t| t.mine);
            let rows = |tasks: Vec<Task>| {
                tasks
                    .into_iter()
                    .map(|task| view! { <Row task /> })
                    .collect_view()
            };
            view! {
                <ul class="list">{rows(mine)}</ul>
                {(!watched.is_empty()).then(|| view! {
                    <section class="stack-tight" data-testid="tasks-watched">
                        <h2>{t(Key::TasksWatch)}</h2>
                        <ul class="list">{rows(watched)}</ul>
                    </section>
                })}
            }
            .into_any()
        }
    };
    view! {
        <main class="screen">
            <header class="top"><h1>{t(Key::TasksTitle)}</h1></header>
            {list}
        </main>
        <Tabs />
    }
}

#[component]
fn Row(task: Task) -> impl IntoView {
    let app = App::here();
    let Task {
        record,
        case,
        names,
        ..
    } = task;
    let current = record.current();
    let code = current.and_then(|v| v.fields.problem()).cloned();
    let what = code.map_or_else(|| say_kind(record.kind.as_str()), |c| app.problem_name(&c));
    let reach = current.and_then(|v| v.body.reach.clone());
    let place = reach.map(|r| app.reach_name(&r));
    let due = case.due.zip(Day::in_china(clock::wall()));
    let reminder = due.and_then(|(due, today)| say_reminder(due.now, today, &app.calendar()));
    let due = due.map(|(due, today)| say_due(due.now, today));
    let who = match case.lead().and_then(|d| d.assignee.as_ref()) {
        Some(person) if Some(person) == me(app).as_ref() => t(Key::TasksByMe).to_owned(),
        Some(person) => fill(Key::CaseAssignee, &[("name", &names.person(person))]),
        None => t(Key::TasksByAnyone).to_owned(),
    };
    let urged = !case.urged.is_empty();
    view! {
        <ListRow href=format!("/records/{}", record.record_id) testid="task-row">
            <strong>{what}</strong>
            <span class="small muted">{place}</span>
            <span class="small" data-testid="task-assignee">{who}</span>
            <span class="row">
                <Pill tone=stage_tone(&case.stage) word=say_stage(&case.stage) />
                {due.map(|(word, tone)| view! { <Pill tone word testid="task-due" /> })}
                {reminder.map(|word| view! { <Pill tone=Tone::Warn word /> })}
                {urged.then(|| view! { <Pill tone=Tone::Bad word=t(Key::StepUrge) testid="task-urged" /> })}
            </span>
        </ListRow>
    }
}
