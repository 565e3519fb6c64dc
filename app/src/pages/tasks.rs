use super::case::{say_due, say_stage, stage_tone};
use crate::device::clock;
use crate::model::App;
use crate::pictures::fetch_ahead;
use crate::store::RecordEntries;
use crate::ui::{Empty, Link, ListRow, Loading, Pill, Tabs};
use crate::words::{Key, fill, t};
use domain::case::{Case, Stage};
use domain::record::Record;
use domain::register::{Day, UnitId};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How many of the newest records are looked through for cases.
const LOOK_BACK: u32 = 500;

/// A case that a unit of this person has to deal with.
#[derive(Clone)]
struct Task {
    record: Record,
    case: Case,
}

/// The units in whose name this person works.
pub(super) fn my_units(app: App) -> Vec<UnitId> {
    app.registers
        .with(|r| r.as_ref().map(|r| r.works_for.clone()).unwrap_or_default())
}

/// The unit in whose name this person deals with a case, if there is one.
pub(super) fn my_unit(app: App, case: &Case) -> Option<UnitId> {
    let mine = my_units(app);
    case.duties
        .iter()
        .map(|d| d.unit.clone())
        .find(|u| mine.contains(u))
}

/// The cases on this phone that were handed to the person's units, the most urgent first.
fn open_tasks(app: App, records: &[RecordEntries]) -> Vec<Task> {
    let all = records.iter().filter_map(RecordEntries::case);
    let mut tasks: Vec<Task> = all
        .map(|(record, case)| Task { record, case })
        .filter(|t| t.case.stage.is_with_units() && my_unit(app, &t.case).is_some())
        .collect();
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

/// 交给我的, on the home screen of whoever works for a unit.
#[component]
pub(super) fn TasksLine() -> impl IntoView {
    let app = App::here();
    let works = move || !my_units(app).is_empty();
    view! {
        <Show when=works>
            <Line tasks=watch(app) />
        </Show>
    }
}

#[component]
fn Line(tasks: RwSignal<Option<Vec<Task>>, LocalStorage>) -> impl IntoView {
    let to_do = move || {
        let count = tasks.with(|t| {
            let all = t.iter().flatten();
            all.filter(|t| t.case.stage != Stage::ClosureApplied)
                .count()
        });
        if count == 0 {
            t(Key::HomeTasksNone).to_owned()
        } else {
            fill(Key::TasksCount, &[("n", &count)])
        }
    };
    view! {
        <Link href="/tasks" class="status-line" testid="home-tasks">
            <strong>{t(Key::HomeTasks)}</strong>
            <span>{to_do}</span>
        </Link>
    }
}

/// What was handed to the person's units.
#[component]
pub(super) fn Tasks() -> impl IntoView {
    let app = App::here();
    let tasks = watch(app);
    let list = move || {
        match tasks.get() {
        None => view! { <Loading /> }.into_any(),
        Some(found) if found.is_empty() => view! { <Empty words=t(Key::TasksEmpty) /> }.into_any(),
        Some(found) => view! {
            <ul class="list">{found.into_iter().map(|task| view! { <Row task /> }).collect_view()}</ul>
        }
        .into_any(),
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
    let Task { record, case } = task;
    let current = record.current();
    let code = current.and_then(|v| v.fields.problem()).cloned();
    let what = code.map(|c| app.problem_name(&c));
    let reach = current.and_then(|v| v.body.reach.clone());
    let place = reach.map(|r| app.reach_name(&r));
    let due = case.due.zip(Day::in_china(clock::wall()));
    let due = due.map(|(due, today)| say_due(due.now, today));
    view! {
        <ListRow href=format!("/records/{}", record.record_id) testid="task-row">
            <strong>{what}</strong>
            <span class="small muted">{place}</span>
            <span class="row">
                <Pill tone=stage_tone(&case.stage) word=say_stage(&case.stage) />
                {due.map(|(word, tone)| view! { <Pill tone word /> })}
            </span>
        </ListRow>
    }
}
