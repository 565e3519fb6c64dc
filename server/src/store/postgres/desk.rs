use super::PgStore;
use super::codec::{count, get, id as key, int, parse, parse_opt, text, uuid};
use super::feed::words;
use crate::store::desk::{COUNTED, PAGE_ROWS, PAGE_ROWS_MAX, read_mark, write_mark};
use crate::store::{Page, Search, StoreError};
use domain::access::Scope;
use domain::case::Stage;
use domain::ids::{EntryId, RecordId};
use domain::time::WallMs;
use domain::wire::{RecordFilter, RecordRow, Spot};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Postgres, query::Query};

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

/// The scope (1–6), every filter but the page mark (7–20) and what is looked for (21–26).
macro_rules! matching {
    () => {
        " FROM record r WHERE
          (r.author = $1 OR r.behalf = $1 OR r.assignee = $1 OR r.reach = ANY($2)
            OR EXISTS (SELECT 1 FROM record_division d WHERE d.record_id = r.record_id
                AND d.division IN (SELECT n.id FROM division n
                    JOIN unnest($3::text[], $4::text[]) AS g(lo, hi)
                    ON n.path >= g.lo AND n.path < g.hi))
            OR EXISTS (SELECT 1 FROM record_unit u WHERE u.record_id = r.record_id
                AND u.unit = ANY($5))
            OR (r.outfall = ANY($6)
                AND EXISTS (SELECT 1 FROM record_unit u WHERE u.record_id = r.record_id)))
          AND ($7::text IS NULL OR r.kind = $7)
          AND ($8::text IS NULL OR EXISTS (SELECT 1 FROM record_division d
                WHERE d.record_id = r.record_id AND d.division IN (SELECT n.id FROM division n
                    JOIN division top ON top.id = $8 WHERE n.path >= top.path
                      AND n.path < substr(top.path, 1, length(top.path) - 1) || '0')))
          AND ($9::text IS NULL OR r.reach = $9)
          AND ($10::text IS NULL OR r.author = $10)
          AND ($11::text IS NULL OR r.problem = $11)
          AND ($12::text IS NULL OR r.outcome = $12)
          AND ($13::boolean IS NULL OR (r.blobs_held >= r.blobs_named) = $13)
          AND ($14::boolean IS NULL OR r.quarantined = $14)
          AND ($15::bigint IS NULL OR r.received_ms >= $15)
          AND ($16::bigint IS NULL OR r.received_ms < $16)
          AND ($17::text[] IS NULL OR r.stage = ANY($17))
          AND ($18::text IS NULL OR EXISTS (SELECT 1 FROM record_unit u
                WHERE u.record_id = r.record_id AND u.unit = $18))
          AND ($19::text IS NULL OR (r.due < $19 AND r.closed_ms IS NULL))
          AND ($20::boolean IS NULL OR (r.escalated IS NOT NULL) = $20)
          AND ($21::text IS NULL OR r.words ILIKE $21 ESCAPE '\\'
            OR (r.number = $22 AND ($23::text IS NULL OR r.shard = $23))
            OR r.author = ANY($24) OR r.reach = ANY($25) OR r.problem = ANY($26))"
    };
}

pub(super) use matching;

pub(super) async fn page(
    store: &PgStore,
    scope: &Scope,
    filter: &RecordFilter,
    search: &Search,
) -> Result<Page, StoreError> {
    let limit = filter.limit.unwrap_or(PAGE_ROWS).clamp(1, PAGE_ROWS_MAX);
    let mark = filter.after.as_deref().map(read_mark).transpose()?;
    let total = sqlx::query(concat!(
        "SELECT count(*) AS total FROM (SELECT 1",
        matching!(),
        " LIMIT $27) AS counted"
    ));
    let total = filtered(total, (scope, filter, search))?
        .bind(i64::from(COUNTED) + 1)
        .fetch_one(&store.pool)
        .await?;
    let total: u64 = count(&total, "total")?;
    let rows = sqlx::query(concat!(
        "SELECT ",
        row_columns!(),
        matching!(),
        " AND ($28::bigint IS NULL OR (r.received_ms, r.record_id) < ($28, $29::bytea))
          ORDER BY r.received_ms DESC, r.record_id DESC LIMIT $27"
    ));
    let rows = filtered(rows, (scope, filter, search))?
        .bind(i64::from(limit) + 1)
        .bind(mark.map(|(at, _)| at))
        .bind(mark.map(|(_, id)| key(id)))
        .fetch_all(&store.pool)
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

/// Where the divisions of a scope begin and end, as two parameters.
pub(super) fn bounds(scope: &Scope) -> (Vec<String>, Vec<String>) {
    let ranges = scope.ranges.iter();
    ranges.map(|r| (r.from.clone(), r.to.clone())).unzip()
}

/// Binds what [`matching`] names.
pub(super) fn filtered<'q>(
    query: Query<'q, Postgres, PgArguments>,
    (scope, filter, search): (&Scope, &RecordFilter, &Search),
) -> Result<Query<'q, Postgres, PgArguments>, StoreError> {
    let stages = filter.stage.split(',').map(text);
    let stages = (!filter.stage.is_empty()).then(|| stages.collect::<Vec<_>>());
    let (shard, number) = search.number.clone().unzip();
    let (from, to) = bounds(scope);
    Ok(query
        .bind(scope.person.as_ref().map(ToString::to_string))
        .bind(words(&scope.reaches))
        .bind(from)
        .bind(to)
        .bind(words(&scope.units))
        .bind(words(&scope.watched))
        .bind(filter.kind.as_deref().map(text))
        .bind(filter.division.as_ref().map(ToString::to_string))
        .bind(filter.reach.as_ref().map(ToString::to_string))
        .bind(filter.author.as_ref().map(ToString::to_string))
        .bind(filter.problem.as_deref().map(text))
        .bind(filter.outcome.as_deref().map(text))
        .bind(filter.complete)
        .bind(filter.quarantined)
        .bind(filter.from_ms.map(|at| at.0))
        .bind(filter.to_ms.map(|at| at.0))
        .bind(stages)
        .bind(filter.unit.as_ref().map(ToString::to_string))
        .bind(filter.due_before.map(|day| day.to_string()))
        .bind(filter.escalated)
        .bind(search.pattern().as_deref().map(text))
        .bind(number.map(int).transpose()?)
        .bind(shard.flatten().map(|s| s.to_string()))
        .bind(words(&search.persons))
        .bind(words(&search.reaches))
        .bind(words(&search.problems)))
}

pub(super) fn record_row(row: &PgRow) -> Result<RecordRow, StoreError> {
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
pub(super) fn number(row: &PgRow) -> Result<String, StoreError> {
    let (shard, number): (&str, u64) = (get(row, "shard")?, count(row, "number")?);
    Ok(format!("{}-{number:06}", shard.to_uppercase()))
}

pub(super) fn spot(row: &PgRow) -> Result<Option<Spot>, StoreError> {
    let (lat, lon): (Option<i32>, Option<i32>) = (get(row, "lat_e7")?, get(row, "lon_e7")?);
    Ok(lat.zip(lon).map(|(lat_e7, lon_e7)| Spot { lat_e7, lon_e7 }))
}
