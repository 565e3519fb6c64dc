use super::records::{object, visible};
use crate::app::Shared;
use crate::clock;
use crate::export::{self, About, Album, Gathered, Heading, Item, Ledger, Limits, PatrolSheet};
use crate::http::{Caller, Failure};
use crate::store::StoredRecord;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, StatusCode, header};
use domain::access::{Object, Scope, desk_division};
use domain::entry::Kind;
use domain::register::{Day, DivisionId, Period, Registers};
use domain::time::WallMs;
use domain::wire::LedgerPeriods;
use serde::Deserialize;
use tokio::sync::Semaphore;

/// A ledger takes memory for its pictures; who comes third waits.
static ROOM: Semaphore = Semaphore::const_new(2);

/// More reports of one patrol than a sheet could name.
const REPORTS: u32 = 50;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    from: Option<Day>,
    to: Option<Day>,
    division: Option<DivisionId>,
    #[serde(default = "yes")]
    photos: u8,
}

const fn yes() -> u8 {
    1
}

#[derive(Debug, Deserialize)]
pub(super) struct Of {
    division: Option<DivisionId>,
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// For which days ledgers are now: those that hold today by the server's clock, and those before.
#[utoipa::path(get, path = "/ledgers", tag = "desk",
    params(("division" = Option<String>, Query, description = "whose setting; the caller's desk if absent")),
    responses((status = 200, description = "wire::LedgerPeriods", body = serde_json::Value)))]
pub(super) async fn periods(
    caller: Caller,
    State(app): State<Shared>,
    Query(asked): Query<Of>,
) -> Result<Json<LedgerPeriods>, Failure> {
    caller.may(&Object::Nothing)?;
    let registers = app.registry.current();
    let usual = usual(&caller, &registers, asked.division, clock::now())?;
    Ok(Json(usual))
}

/// A ledger as xlsx: of the period that holds today, or of the days asked for.
#[utoipa::path(get, path = "/ledgers/{ledger}", tag = "desk",
    params(
        ("ledger" = String, Path, description = "problems, cleanups, patrols"),
        ("from" = Option<String>, Query, description = "first day received"),
        ("to" = Option<String>, Query, description = "last day received"),
        ("division" = Option<String>, Query, description = "this division and below"),
        ("photos" = Option<u8>, Query, description = "0: only how many there are")),
    responses((status = 200, description = "xlsx")))]
pub(super) async fn read(
    caller: Caller,
    State(app): State<Shared>,
    Path(word): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Workbook, Failure> {
    caller.may(&Object::Nothing)?;
    let ledger = Ledger::named(&word).ok_or_else(Failure::not_found)?;
    let (registers, now) = (app.registry.current(), clock::now());
    let heading = heading(&caller, &registers, ledger, &asked, now)?;
    let period = heading.period;
    let about = About {
        registers: &registers,
        period,
        now,
    };
    let scope = Scope::of(&caller.actor);
    let room = ROOM.acquire().await.map_err(|e| Failure::broken(&e))?;
    let (store, limits) = (&*app.store, Limits::default());
    let gathered = export::gather(store, &scope, ledger, about, asked.division, limits).await?;
    let Gathered::Rows(rows) = gathered else {
        let why = "more rows than a sheet takes: ask for fewer days or a smaller division";
        return Err(Failure::bad("ledger_too_long", why));
    };
    let album = match asked.photos {
        0 => Album::closed(),
        _ => export::album(&app.vault, &rows, limits).await,
    };
    let written = tokio::task::spawn_blocking(move || {
        let bytes = export::write(&heading, rows, album);
        drop(room);
        bytes
    });
    let bytes = written.await?.map_err(|e| Failure::broken(&e))?;
    let name = format!("{word}-{}-{}.xlsx", period.from, period.to);
    Ok(workbook(&name, bytes))
}

/// 巡河记录表: one patrol on one page.
#[utoipa::path(get, path = "/records/{id}/patrol-sheet", tag = "desk",
    params(("id" = String, Path, description = "record id of a patrol")),
    responses((status = 200, description = "xlsx")))]
pub(super) async fn patrol_sheet(
    caller: Caller,
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Workbook, Failure> {
    let stored = visible(&app, &caller, &id).await?;
    let name = format!("patrol-{}.xlsx", stored.row.number);
    let is_patrol = Kind::from(stored.row.kind.clone()) == Kind::PatrolStart;
    let reports = made_on(&app, &caller, &stored).await?;
    let patrol = export::item(stored).filter(|_| is_patrol);
    let patrol = patrol.ok_or_else(Failure::not_found)?;
    let registers = app.registry.current();
    let sheet = PatrolSheet::of(patrol, reports, &registers, &app.vault).await;
    let written = tokio::task::spawn_blocking(move || sheet.write(&registers));
    let bytes = written.await?.map_err(|e| Failure::broken(&e))?;
    Ok(workbook(&name, bytes))
}

/// The reports made on a patrol that the caller may see too.
async fn made_on(
    app: &Shared,
    caller: &Caller,
    patrol: &StoredRecord,
) -> Result<Vec<Item>, Failure> {
    let author = &patrol.row.author;
    let ids = app.store.made_on(patrol.id(), author, REPORTS).await?;
    let mut reports = Vec::new();
    for id in ids {
        let stored = app.store.record(id).await?;
        let seen = stored.filter(|s| caller.may(&Object::Record(&object(app, s))).is_ok());
        reports.extend(seen.and_then(export::item));
    }
    Ok(reports)
}

/// Headers and bytes of a file for Excel.
type Workbook = ([(HeaderName, String); 2], Vec<u8>);

fn workbook(name: &str, bytes: Vec<u8>) -> Workbook {
    let attachment = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, XLSX.to_owned()),
        (header::CONTENT_DISPOSITION, attachment),
    ];
    (headers, bytes)
}

/// The periods by the setting of a division, else of the caller's desk.
fn usual(
    caller: &Caller,
    registers: &Registers,
    asked: Option<DivisionId>,
    now: WallMs,
) -> Result<LedgerPeriods, Failure> {
    // Only a server whose clock stands outside the calendar knows no period.
    let beyond = || Failure::new(StatusCode::INTERNAL_SERVER_ERROR, "server_failed");
    let today = Day::in_china(now).ok_or_else(beyond)?;
    let desk = || desk_division(registers, &caller.session()?.person, today).cloned();
    let division = asked.or_else(desk);
    let kind = division.as_ref().map(|d| registers.ledger_period(d));
    let kind = kind.unwrap_or_default();
    let period = kind.holding(today).ok_or_else(beyond)?;
    Ok(LedgerPeriods {
        division,
        today,
        now: period,
        before: kind.before(period).ok_or_else(beyond)?,
    })
}

/// What stands above the rows: who hands in, whose records, for which days.
fn heading(
    caller: &Caller,
    registers: &Registers,
    ledger: Ledger,
    asked: &Asked,
    now: WallMs,
) -> Result<Heading, Failure> {
    let usual = usual(caller, registers, asked.division.clone(), now)?;
    let period = Period {
        from: asked.from.unwrap_or(usual.now.from),
        to: asked.to.unwrap_or(usual.now.to),
    };
    if period.to < period.from {
        let why = "the last day lies before the first";
        return Err(Failure::bad("period_reversed", why));
    }
    let named = |id: &DivisionId| registers.tree().get(id).map(|d| d.name.clone());
    let person = registers.person(&caller.signed_in()?.person);
    let unit = person.and_then(|p| registers.unit(p.unit.as_ref()?));
    let scope = usual.division.as_ref().and_then(named);
    let scope = scope.unwrap_or_else(|| "全部可见".to_owned());
    Ok(Heading {
        ledger,
        unit: unit.map_or_else(|| scope.clone(), |u| u.name.clone()),
        scope,
        period,
        made: now,
    })
}
