//! Anti-entropy: once a day, and after a snapshot, the view is compared with the server's, block
//! by block, and what differs is asked for again.

use super::engine::Pending;
use super::{Answer, Change, Engine, Failure, Inspection, Instruction};
use crate::feed::Block;
use crate::time::MonoMs;

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
/// Blocks of one round; a phone that differs in more goes on with the next.
const ROUND: usize = 64;

impl Engine {
    pub(super) fn check_due(&self, now: MonoMs) -> bool {
        let Some(server_now) = self.link.server_now(now) else {
            return false;
        };
        let long_ago = |at: crate::time::WallMs| server_now.0.abs_diff(at.0) >= DAY_MS;
        self.upkeep.check_due || self.upkeep.checked.is_none_or(long_ago)
    }

    pub(super) fn digested(&mut self, now: MonoMs, result: Result<Answer, Failure>) {
        match result {
            Ok(Answer::Digested(digest)) if self.is_epoch(Some(digest.epoch)) => {
                self.upkeep.check_due = false;
                let ticket = self.ticket(Pending::Inspecting);
                let what = Inspection::Differing(digest.shards);
                self.out.push(Instruction::Inspect { ticket, what });
            }
            // An older server knows no digest: news alone must do until tomorrow.
            Err(Failure::Fault {
                status: 404 | 405, ..
            }) => {
                self.upkeep.check_due = false;
                self.compared(now);
            }
            Ok(_) | Err(_) => self.upkeep_failed(now),
        }
    }

    pub(super) fn differs(&mut self, now: MonoMs, mut blocks: Vec<Block>) {
        self.upkeep.check_due = blocks.len() > ROUND;
        blocks.truncate(ROUND);
        if blocks.is_empty() {
            self.compared(now);
        } else {
            self.upkeep.differing = blocks;
        }
    }

    pub(super) fn block_pulled(
        &mut self,
        now: MonoMs,
        block: Block,
        result: Result<Answer, Failure>,
    ) {
        match result {
            Ok(Answer::Block(found)) if self.is_epoch(Some(found.epoch)) => {
                // Feeds begin with 1: the server has none of that name, so nothing in it is new.
                let no_feed = found.through == 0;
                self.record(vec![Change::Repaired {
                    block,
                    through: if no_feed { u64::MAX } else { found.through },
                    rows: found.rows,
                }]);
            }
            // A block that cannot be asked for keeps nothing else back until tomorrow.
            Err(Failure::Fault {
                status: 400 | 404 | 422,
                ..
            }) => self.set_aside(now, &block),
            Ok(_) | Err(_) => self.upkeep_failed(now),
        }
    }

    pub(super) fn repaired(&mut self, now: MonoMs, block: &Block) {
        self.owe_sweep();
        self.set_aside(now, block);
    }

    fn set_aside(&mut self, now: MonoMs, block: &Block) {
        self.upkeep.differing.retain(|b| b != block);
        self.upkeep.retry.reset();
        // Otherwise the next round compares what this one left out.
        if self.upkeep.differing.is_empty() && !self.upkeep.check_due {
            self.compared(now);
        }
    }

    fn compared(&mut self, now: MonoMs) {
        let at = self.link.server_now(now);
        self.record(at.map(|at| Change::Checked { at }).into_iter().collect());
    }
}
