use crate::app::Shared;
use crate::clock;
use crate::cursor::Cursor;
use crate::http::{Caller, Failure};
use crate::registry::{Named, name_of};
use crate::scope::{phone_scope, scope_version};
use crate::seen;
use crate::store::FeedRow;
use axum::extract::{Query, State};
use domain::access::Object;
use domain::register::{DivisionId, Registers};
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
    if let Some(known) = &known {
        seen::cursor(&app, known, &heads).await?;
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
        rows.extend(
            found
                .into_iter()
                .map(|row| told(&registers, &head.shard, row)),
        );
        cursor.shards.insert(head.shard, through);
    }
    Ok(axum::Json(PullAnswer {
        rows,
        cursor: app.cursors.write(&cursor)?,
        more,
        reset,
        registers_version: Some(app.registry.version()),
        epoch: Some(app.epoch()),
    }))
}

/// A feed row as a phone is told it.
pub(super) fn told(registers: &Registers, shard: &DivisionId, row: FeedRow) -> PulledRow {
    let named = row.entry.as_ref().map(|e| Named::of(registers, e));
    let named = named.unwrap_or_default();
    PulledRow {
        shard: shard.clone(),
        seq: row.seq,
        op: row.op,
        record_id: row.record_id,
        author_name: row.author.map(|a| name_of(registers, &a)),
        post_name: named.post,
        names: named.persons,
        entry: row.entry,
        received_ms: row.received_ms,
        quarantined: row.quarantined,
        verdict: row.verdict,
        judged: row.judged,
    }
}
