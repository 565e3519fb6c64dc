use crate::app::Shared;
use crate::clock;
use crate::cursor::Cursor;
use crate::http::{Caller, Failure};
use crate::registry::name_of;
use crate::scope::{phone_scope, scope_version};
use axum::extract::{Query, State};
use domain::access::Object;
use domain::register::DivisionId;
use domain::wire::{PullAnswer, PulledRow};
use serde::Deserialize;

/// Rows of one answer: about 100 KB of text, and a phone may ask again at once.
const ROWS: u32 = 200;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    cursor: Option<String>,
}

/// What is new in the caller's phone scope.
#[utoipa::path(get, path = "/sync/pull", tag = "sync",
    params(("cursor" = Option<String>, Query, description = "where the last pull ended")),
    responses((status = 200, description = "wire::PullAnswer", body = serde_json::Value)))]
pub(super) async fn pull(
    caller: Caller,
    State(app): State<Shared>,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<PullAnswer>, Failure> {
    caller.may(&Object::Nothing)?;
    let (person, now) = (&caller.signed_in()?.person, clock::now());
    let registers = app.registry.current();
    let version = scope_version(&registers, person, now);
    let known = match asked.cursor {
        Some(text) => Some(app.cursors.read(&text).ok_or_else(|| {
            Failure::bad(
                "cursor_unreadable",
                "not a cursor of this server; ask without one",
            )
        })?),
        None => None,
    };
    let heads = app.store.feed_heads().await?;
    if known
        .as_ref()
        .is_some_and(|known| is_ahead(&app, known, &heads))
    {
        app.raise_epoch("a phone has seen feed numbers that are not here")
            .await?;
    }
    let valid = |c: &Cursor| c.epoch == app.epoch() && c.scope == version;
    let reset = known.as_ref().is_some_and(|c| !valid(c));
    let mut cursor = known.filter(valid).unwrap_or_default();
    (cursor.epoch, cursor.scope) = (app.epoch(), version);

    let scope = phone_scope(&registers, person, now);
    let (mut rows, mut more) = (Vec::new(), false);
    for head in heads {
        let after = cursor.shards.get(&head.shard).copied().unwrap_or(0);
        let room = ROWS.saturating_sub(u32::try_from(rows.len()).unwrap_or(ROWS));
        if after >= head.seq {
            continue;
        }
        if room == 0 {
            more = true;
            break;
        }
        let (found, through) = app.store.since(&scope, &head.shard, after, room).await?;
        more |= through < head.seq;
        rows.extend(found.into_iter().map(|row| PulledRow {
            shard: head.shard.clone(),
            seq: row.seq,
            op: row.op,
            record_id: row.record_id,
            // Phones that never had a record hear that it left, and nothing of what it was.
            author_name:
                (row.author.filter(|_| row.entry.is_some())).map(|a| name_of(&registers, &a)),
            entry: row.entry,
            received_ms: row.received_ms,
            quarantined: row.quarantined,
            verdict: row.verdict,
            judged: row.judged,
        }));
        cursor.shards.insert(head.shard, through);
    }
    Ok(axum::Json(PullAnswer {
        rows,
        cursor: app.cursors.write(&cursor)?,
        more,
        reset,
        registers_version: Some(app.registry.version()),
    }))
}

/// A cursor that only this server can have made, beyond what this server holds.
fn is_ahead(app: &Shared, cursor: &Cursor, heads: &[crate::store::FeedHead]) -> bool {
    let held = |shard: &DivisionId| {
        heads
            .iter()
            .find(|h| h.shard == *shard)
            .map_or(0, |h| h.seq)
    };
    cursor.epoch == app.epoch() && cursor.shards.iter().any(|(shard, seq)| *seq > held(shard))
}
