use super::pull::told;
use crate::app::Shared;
use crate::clock;
use crate::http::{Caller, Failure};
use crate::scope::phone_scope;
use axum::Json;
use axum::extract::{Path, State};
use domain::access::Object;
use domain::feed::{Block, BlockHash};
use domain::wire::{BlockDigest, BlockRows, Digest, ShardDigest};
use std::collections::BTreeMap;

/// What the caller's phone scope holds, block by block: where a phone comes to something else,
/// it asks for the block.
#[utoipa::path(get, path = "/sync/digest", tag = "sync",
    responses((status = 200, description = "wire::Digest", body = serde_json::Value)))]
pub(super) async fn digest(
    caller: Caller,
    State(app): State<Shared>,
) -> Result<Json<Digest>, Failure> {
    caller.may(&Object::Nothing)?;
    let (registers, person) = (app.registry.current(), &caller.signed_in()?.person);
    let scope = phone_scope(&registers, person, clock::now());
    let shards = app.store.scope_rows(&scope).await?;
    let digested = shards.into_iter().map(|shard| {
        let mut blocks: BTreeMap<u64, BlockHash> = BTreeMap::new();
        for (seq, entry) in &shard.rows {
            let block = blocks.entry(Block::number_of(*seq)).or_default();
            block.row(*seq, entry);
        }
        ShardDigest {
            shard: shard.shard,
            through: shard.through,
            blocks: blocks.into_iter().map(block_digest).collect(),
        }
    });
    Ok(Json(Digest {
        epoch: app.epoch(),
        shards: digested.filter(|s| !s.blocks.is_empty()).collect(),
    }))
}

fn block_digest((no, block): (u64, BlockHash)) -> BlockDigest {
    let (count, hash) = block.finish();
    BlockDigest { no, count, hash }
}

/// Every row of the scope in one block.
#[utoipa::path(get, path = "/sync/digest/{shard}/{no}", tag = "sync",
    params(
        ("shard" = String, Path, description = "the shard"),
        ("no" = u64, Path, description = "which run of 256 numbers, from 0")),
    responses((status = 200, description = "wire::BlockRows", body = serde_json::Value)))]
pub(super) async fn block(
    caller: Caller,
    State(app): State<Shared>,
    Path((shard, no)): Path<(String, u64)>,
) -> Result<Json<BlockRows>, Failure> {
    caller.may(&Object::Nothing)?;
    let shard = shard.parse().map_err(|_| Failure::not_found())?;
    let (registers, person) = (app.registry.current(), &caller.signed_in()?.person);
    let scope = phone_scope(&registers, person, clock::now());
    let block = Block { shard, no };
    let (rows, through) = app.store.scope_block(&scope, &block).await?;
    let rows = rows.into_iter();
    Ok(Json(BlockRows {
        epoch: app.epoch(),
        through,
        rows: rows
            .map(|row| told(&registers, &block.shard, row))
            .collect(),
    }))
}
