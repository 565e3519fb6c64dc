use super::records::visible;
use crate::app::Shared;
use crate::clock;
use crate::export::{self, Ledger, Material, Period};
use crate::http::{Caller, Failure};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, StatusCode, header};
use domain::access::{Object, Scope};
use domain::entry::Kind;
use domain::register::{Day, DivisionId};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    from: Option<Day>,
    to: Option<Day>,
    division: Option<DivisionId>,
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A ledger as xlsx: of the period that ends on the 25th, or of the days asked for.
#[utoipa::path(get, path = "/ledgers/{ledger}", tag = "desk",
    params(
        ("ledger" = String, Path, description = "problems, cleanups, patrols"),
        ("from" = Option<String>, Query, description = "first day received"),
        ("to" = Option<String>, Query, description = "last day received"),
        ("division" = Option<String>, Query, description = "this division and below")),
    responses((status = 200, description = "xlsx")))]
pub(super) async fn read(
    caller: Caller,
    State(app): State<Shared>,
    Path(word): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Workbook, Failure> {
    caller.may(&Object::Nothing)?;
    let ledger = Ledger::named(&word).ok_or_else(Failure::not_found)?;
    let period = period(&asked)?;
    let scope = Scope::of(&caller.actor);
    let registers = app.registry.current();
    let office = asked.division.as_ref();
    let office = office.and_then(|d| registers.tree().get(d));
    let office = office.map_or_else(|| "全部".to_owned(), |d| d.name.clone());
    let items = export::gather(&*app.store, &scope, ledger, period, asked.division.clone()).await?;
    let name = format!("{word}-{}-{}.xlsx", period.from, period.to);
    let written = tokio::task::spawn_blocking(move || {
        let material = Material {
            registers: &registers,
            period,
            office,
            items,
        };
        export::write(ledger, &material)
    });
    let bytes = written.await.map_err(|e| Failure::broken(&e))?;
    let bytes = bytes.map_err(|e| Failure::broken(&e))?;
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
    let patrol = Kind::from(stored.row.kind.clone()) == Kind::PatrolStart;
    let item = export::item(stored).filter(|_| patrol);
    let item = item.ok_or_else(Failure::not_found)?;
    let bytes = export::patrol_sheet(&item, &app.registry.current());
    Ok(workbook(&name, bytes.map_err(|e| Failure::broken(&e))?))
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

fn period(asked: &Asked) -> Result<Period, Failure> {
    let usual = Day::in_china(clock::now()).and_then(Day::period_of_the_25th);
    let (from, to) = usual.ok_or_else(Failure::not_found)?;
    let period = Period {
        from: asked.from.unwrap_or(from),
        to: asked.to.unwrap_or(to),
    };
    if period.to < period.from {
        let why = "the last day lies before the first";
        return Err(Failure::new(StatusCode::BAD_REQUEST, "period_reversed").because(why));
    }
    Ok(period)
}
