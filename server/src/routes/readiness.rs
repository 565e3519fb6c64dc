use super::ledgers::usual;
use crate::app::Shared;
use crate::clock;
use crate::http::{Caller, Failure};
use crate::readiness::{everybody, is_silent};
use crate::store::{OpenLog, StoreError};
use axum::Json;
use axum::extract::{Query, State};
use domain::access::{Action, LogObject, Object, may};
use domain::entry::LogHead;
use domain::register::{PersonId, Registers};
use domain::wire::{LogReadiness, PersonReadiness, Readiness, Run};
use serde::Deserialize;

/// More logs than a province has phones.
const LOGS: u32 = 100_000;
/// People of one page.
const PAGE: usize = 100;
/// Gaps of a log that are told one by one.
const GAPS: usize = 20;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default = "three")]
    silent_days: u32,
    #[serde(default)]
    skip: u32,
}

/// So long a phone may be silent before somebody should ask.
const fn three() -> u32 {
    3
}

/// 久未上传人员: of the people whose logs the caller may close, those who were silent.
#[utoipa::path(get, path = "/readiness", tag = "desk",
    params(
        ("silent_days" = Option<u32>, Query, description = "silent for so many days, by default 3; 0: everybody"),
        ("skip" = Option<u32>, Query, description = "without so many of the first")),
    responses((status = 200, description = "wire::Readiness", body = serde_json::Value)))]
pub(super) async fn readiness(
    caller: Caller,
    State(app): State<Shared>,
    Query(asked): Query<Asked>,
) -> Result<Json<Readiness>, Failure> {
    caller.may(&Object::Nothing)?;
    let (registers, now) = (app.registry.current(), clock::now());
    let periods = usual(&caller, &registers, None, now)?;
    let people = answered_for(&caller, &registers);
    let logs = logs(&app, &people).await?;
    let everybody = everybody(&registers, people, logs, periods.today);
    let all = everybody.len();
    let silent = |p: &PersonReadiness| is_silent(p, asked.silent_days, now);
    let silent: Vec<_> = everybody.into_iter().filter(silent).collect();
    let count = |of: fn(&PersonReadiness) -> bool| number(silent.iter().filter(|p| of(p)).count());
    let (waiting, never) = (count(|p| p.waiting), count(|p| p.silent_since.is_none()));
    let total = number(silent.len());
    let skip = usize::try_from(asked.skip).unwrap_or(usize::MAX);
    let mut people: Vec<_> = silent.into_iter().skip(skip).take(PAGE).collect();
    for person in &mut people {
        let id = person.person.clone();
        let logs = person.phones.iter_mut().flat_map(|p| &mut p.logs);
        for log in logs.filter(|log| log.missing > 0) {
            log.gaps = gaps(&app, &id, log).await?;
        }
    }
    Ok(Json(Readiness {
        now_ms: now,
        today: periods.today,
        closes: periods.now.to,
        all: number(all),
        total,
        waiting,
        never,
        skip: asked.skip,
        people,
    }))
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Whose logs the caller may close.
fn answered_for(caller: &Caller, registers: &Registers) -> Vec<PersonId> {
    let all = registers.persons().map(|p| &p.id);
    let mine = all.filter(|id| {
        let log = LogObject::of(registers, id);
        may(&caller.actor, Action::LogClose, &Object::Log(&log)).is_allowed()
    });
    mine.cloned().collect()
}

/// Whoever answers for nobody costs no look at the logs.
async fn logs(app: &Shared, people: &[PersonId]) -> Result<Vec<OpenLog>, StoreError> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    app.store.all_logs(LOGS).await
}

/// Where entries are missing that nobody has given up.
async fn gaps(app: &Shared, person: &PersonId, log: &LogReadiness) -> Result<Vec<Run>, StoreError> {
    let end = LogHead {
        seq: log.announced,
        ..LogHead::empty(log.log_id)
    };
    let given_up = log.closed.as_ref().map_or(0, |closed| closed.through);
    let gaps = app.store.gaps(person, &[end]).await?.into_iter();
    let runs = gaps.filter(|gap| gap.to > given_up).map(|gap| Run {
        from: gap.from.max(given_up + 1),
        to: gap.to,
    });
    Ok(runs.take(GAPS).collect())
}
