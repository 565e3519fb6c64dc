use super::SqliteStore;
use super::codec::{count, get, int, many, parse, parse_opt, uuid};
use crate::store::desk::{COUNTED, PAGE_ROWS, PAGE_ROWS_MAX, read_mark, write_mark};
use crate::store::{Page, Search, StoreError};
use domain::access::Scope;
use domain::case::Stage;
use domain::ids::{EntryId, RecordId};
use domain::time::WallMs;
use domain::wire::{RecordFilter, RecordRow, Spot};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Sqlite, query::Query};
use uuid::Uuid;

/// The columns of a list row.
macro_rules! row_columns {
    () => {
        "r.record_id, r.shard, r.number, r.kind, r.problem, r.outcome, r.author, r.division,
         r.reach, r.recorded_ms, r.received_ms, r.blobs_held, r.blobs_named, r.comments,
         r.versions, r.quarantined, r.words, r.behalf, r.stage, r.lead, r.assignee, r.due,
         r.ladder, r.urged, r.asked, r.escalated, r.lat_e7, r.lon_e7,
         (SELECT e.entry_id FROM entry e JOIN blob_ref b USING (entry_no)
            JOIN blob_held h ON h.sha256 = b.sha256 AND h.person = e.author
            WHERE e.record_id = r.record_id AND b.role = 'thumb'
            ORDER BY e.entry_no, b.idx LIMIT 1) AS thumb_entry,
         (SELECT b.idx FROM entry e JOIN blob_ref b USING (entry_no)
            JOIN blob_held h ON h.sha256 = b.sha256 AND h.person = e.author
            WHERE e.record_id = r.record_id AND b.role = 'thumb'
            ORDER BY e.entry_no, b.idx LIMIT 1) AS thumb_idx"
    };
}
pub(super) use row_columns;

/// The scope (1–3, 17, 21), every filter but the page mark (4–13, 18–20, 22) and what is looked
/// for (23–28).
///
/// Which divisions and units are meant is found once for all records; the `+` keeps the planner
/// from asking an index for each of hundreds of divisions at every record.
macro_rules! matching {
    () => {
        " FROM record r WHERE
          (r.author = ?1 OR r.behalf = ?1 OR r.assignee = ?1 OR r.reach IN (SELECT value FROM json_each(?2))
            OR EXISTS (SELECT 1 FROM record_division d WHERE d.record_id = r.record_id
                AND +d.division IN (SELECT n.id FROM division n JOIN json_each(?3) g
                    ON n.path >= g.value ->> 0 AND n.path < g.value ->> 1))
            OR EXISTS (SELECT 1 FROM record_unit u WHERE u.record_id = r.record_id
                AND +u.unit IN (SELECT value FROM json_each(?17)))
            OR (r.outfall IN (SELECT value FROM json_each(?21))
                AND EXISTS (SELECT 1 FROM record_unit u WHERE u.record_id = r.record_id)))
          AND (?4 IS NULL OR r.kind = ?4)
          AND (?5 IS NULL OR EXISTS (SELECT 1 FROM record_division d WHERE d.record_id = r.record_id
                AND +d.division IN (SELECT n.id FROM division n JOIN division top ON top.id = ?5
                    WHERE n.path >= top.path
                      AND n.path < substr(top.path, 1, length(top.path) - 1) || '0')))
          AND (?6 IS NULL OR r.reach = ?6)
          AND (?7 IS NULL OR r.author = ?7)
          AND (?8 IS NULL OR r.problem = ?8)
          AND (?9 IS NULL OR r.outcome = ?9)
          AND (?10 IS NULL OR (r.blobs_held >= r.blobs_named) = ?10)
          AND (?11 IS NULL OR r.quarantined = ?11)
          AND (?12 IS NULL OR r.received_ms >= ?12)
          AND (?13 IS NULL OR r.received_ms < ?13)
          AND (?18 IS NULL OR r.stage IN (SELECT value FROM json_each(?18)))
          AND (?19 IS NULL OR EXISTS (SELECT 1 FROM record_unit u
                WHERE u.record_id = r.record_id AND u.unit = ?19))
          AND (?20 IS NULL OR (r.due < ?20 AND r.closed_ms IS NULL))
          AND (?22 IS NULL OR (r.escalated IS NOT NULL) = ?22)
          AND (?23 IS NULL OR r.words LIKE ?23 ESCAPE '\\'
            OR (r.number = ?24 AND (?25 IS NULL OR r.shard = ?25))
            OR r.author IN (SELECT value FROM json_each(?26))
            OR r.reach IN (SELECT value FROM json_each(?27))
            OR r.problem IN (SELECT value FROM json_each(?28)))"
    };
}

pub(super) use matching;

pub(super) async fn page(
    store: &SqliteStore,
    scope: &Scope,
    filter: &RecordFilter,
    search: &Search,
) -> Result<Page, StoreError> {
    let limit = filter.limit.unwrap_or(PAGE_ROWS).clamp(1, PAGE_ROWS_MAX);
    let mark = filter.after.as_deref().map(read_mark).transpose()?;
    let total = sqlx::query(concat!(
        "SELECT count(*) AS total FROM (SELECT 1",
        matching!(),
        " LIMIT ?16)"
    ));
    let total = filtered(total, (scope, filter, search), Some((None, COUNTED + 1)))?
        .fetch_one(&store.readers)
        .await?;
    let total: u64 = count(&total, "total")?;
    let rows = sqlx::query(concat!(
        "SELECT ",
        row_columns!(),
        matching!(),
        " AND (?14 IS NULL OR (r.received_ms, r.record_id) < (?14, ?15))
          ORDER BY r.received_ms DESC, r.record_id DESC LIMIT ?16"
    ));
    let rows = filtered(rows, (scope, filter, search), Some((mark, limit + 1)))?
        .fetch_all(&store.readers)
        .await?;
    let more = rows.len() > limit as usize;
    let rows: Vec<RecordRow> = rows
        .iter()
        .take(limit as usize)
        .map(record_row)
        .collect::<Result<_, _>>()?;
    let next = rows.last().filter(|_| more).map(write_mark);
    Ok(Page {
        rows,
        next,
        total: total.min(COUNTED.into()),
        beyond: total > COUNTED.into(),
    })
}

/// Binds what [`matching`] names.
pub(super) fn filtered<'q>(
    query: Query<'q, Sqlite, SqliteArguments>,
    (scope, filter, search): (&Scope, &RecordFilter, &Search),
    page: Option<(Option<(i64, Uuid)>, u32)>,
) -> Result<Query<'q, Sqlite, SqliteArguments>, StoreError> {
    let mark = page.and_then(|(mark, _)| mark);
    let stages = (!filter.stage.is_empty())
        .then(|| many(filter.stage.split(',')))
        .transpose()?;
    let (shard, number) = search.number.clone().unzip();
    Ok(query
        .bind(scope.person.as_ref().map(ToString::to_string))
        .bind(many(&scope.reaches)?)
        .bind(many(scope.ranges.iter().map(|r| (&r.from, &r.to)))?)
        .bind(filter.kind.clone())
        .bind(filter.division.as_ref().map(ToString::to_string))
        .bind(filter.reach.as_ref().map(ToString::to_string))
        .bind(filter.author.as_ref().map(ToString::to_string))
        .bind(filter.problem.clone())
        .bind(filter.outcome.clone())
        .bind(filter.complete)
        .bind(filter.quarantined)
        .bind(filter.from_ms.map(|at| at.0))
        .bind(filter.to_ms.map(|at| at.0))
        .bind(mark.map(|(at, _)| at))
        .bind(mark.map(|(_, id)| id.as_bytes().to_vec()))
        .bind(page.map(|(_, limit)| limit))
        .bind(many(&scope.units)?)
        .bind(stages)
        .bind(filter.unit.as_ref().map(ToString::to_string))
        .bind(filter.due_before.map(|day| day.to_string()))
        .bind(many(&scope.watched)?)
        .bind(filter.escalated)
        .bind(search.pattern())
        .bind(number.map(int).transpose()?)
        .bind(shard.flatten().map(|s| s.to_string()))
        .bind(many(&search.persons)?)
        .bind(many(&search.reaches)?)
        .bind(many(&search.problems)?))
}

pub(super) fn record_row(row: &SqliteRow) -> Result<RecordRow, StoreError> {
    let thumb = match get::<Option<&[u8]>, _>(row, "thumb_entry")? {
        Some(_) => Some((
            EntryId::new(uuid(row, "thumb_entry")?),
            count(row, "thumb_idx")?,
        )),
        None => None,
    };
    Ok(RecordRow {
        record_id: RecordId::new(uuid(row, "record_id")?),
        number: number(row)?,
        kind: get(row, "kind")?,
        problem: get(row, "problem")?,
        outcome: get(row, "outcome")?,
        author: parse(row, "author")?,
        author_name: String::new(),
        division: parse_opt(row, "division")?,
        reach: parse_opt(row, "reach")?,
        recorded_ms: WallMs(get(row, "recorded_ms")?),
        received_ms: WallMs(get(row, "received_ms")?),
        blobs_held: count(row, "blobs_held")?,
        blobs_named: count(row, "blobs_named")?,
        comments: count(row, "comments")?,
        versions: count(row, "versions")?,
        quarantined: get(row, "quarantined")?,
        words: get(row, "words")?,
        thumb,
        stage: Stage::from(get::<String, _>(row, "stage")?),
        lead: parse_opt(row, "lead")?,
        assignee: parse_opt(row, "assignee")?,
        due: parse_opt(row, "due")?,
        ladder: parse_opt(row, "ladder")?,
        urged: count(row, "urged")?,
        asked: get(row, "asked")?,
        escalated: parse_opt(row, "escalated")?,
        at: spot(row)?,
    })
}

/// As shown to people: the shard and the number in its feed.
pub(super) fn number(row: &SqliteRow) -> Result<String, StoreError> {
    let (shard, number): (&str, u64) = (get(row, "shard")?, count(row, "number")?);
    Ok(format!("{}-{number:06}", shard.to_uppercase()))
}

pub(super) fn spot(row: &SqliteRow) -> Result<Option<Spot>, StoreError> {
    let (lat, lon): (Option<i32>, Option<i32>) = (get(row, "lat_e7")?, get(row, "lon_e7")?);
    Ok(lat.zip(lon).map(|(lat_e7, lon_e7)| Spot { lat_e7, lon_e7 }))
}
