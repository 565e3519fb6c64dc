use super::Check;
use crate::ops::said;
use crate::ops::terminal::Terminal;
use crate::store::audit::{Audit, FeedLine};
use crate::store::{FeedHead, StoreError};
use domain::feed::row_hash;
use domain::hash::Sha256;

const PAGE: u32 = 5_000;

/// The audit chain: numbers without gaps, each row chained to the one before, each naming an
/// entry that is there, and the counter at the last of them.
pub(in crate::ops) async fn check(
    audit: &mut dyn Audit,
    terminal: &Terminal,
) -> Result<Check, StoreError> {
    let mut check = Check::new("feed", said!("审计链", "audit chain"));
    let heads = audit.heads().await?;
    let rows = heads.iter().map(|h| h.seq).sum();
    let progress = terminal.progress(&said!("核对审计链", "checking the chain"), rows, 0);
    for head in &heads {
        let mut end = End::default();
        loop {
            let lines = audit.feed(&head.shard, end.seq, PAGE).await?;
            if lines.is_empty() {
                break;
            }
            check.looked(lines.len() as u64);
            progress.add(lines.len() as u64, 0);
            for line in &lines {
                one(&mut check, head, &mut end, line);
            }
        }
        let shard = &head.shard;
        if end.seq != head.seq {
            let (last, counter) = (end.seq, head.seq);
            check.wrong(said!(
                "{shard}：最后一行是第 {last} 号，计数是 {counter}：末尾被删了或计数被改了",
                "{shard}: the last row is {last}, the counter says {counter}: rows at the end were \
                 deleted or the counter was changed"
            ));
        } else if end.hash != head.row_hash {
            check.wrong(said!(
                "{shard}：计数里的链值与最后一行不同",
                "{shard}: the counter's hash is not that of the last row"
            ));
        }
    }
    Ok(check)
}

/// How far a shard was looked through.
#[derive(Default)]
struct End {
    seq: u64,
    hash: Option<Sha256>,
}

fn one(check: &mut Check, head: &FeedHead, end: &mut End, line: &FeedLine) {
    let (shard, seq, entry) = (&head.shard, line.seq, line.entry_id);
    let follows = seq == end.seq + 1;
    if !follows {
        let (from, to) = (end.seq + 1, seq - 1);
        check.wrong(said!(
            "{shard}：缺第 {from} 到 {to} 号，被删了",
            "{shard}: rows {from} to {to} are missing; they were deleted"
        ));
    } else if row_hash(end.hash.as_ref(), &line.entry_hash) != line.row_hash {
        check.wrong(said!(
            "{shard} 第 {seq} 号：链值不对，这一行或前一行被改过",
            "{shard} row {seq}: its hash does not follow; it or the row before was changed"
        ));
    }
    match &line.entry {
        None => check.wrong(said!(
            "{shard} 第 {seq} 号：条目 {entry} 不在了",
            "{shard} row {seq}: there is no entry {entry}"
        )),
        Some((hash, record)) if *hash != line.entry_hash || *record != line.record_id => {
            check.wrong(said!(
                "{shard} 第 {seq} 号：条目 {entry} 不是收到时的那一条",
                "{shard} row {seq}: entry {entry} is not the one that was received"
            ));
        }
        Some(_) => {}
    }
    (end.seq, end.hash) = (seq, Some(line.row_hash));
}
