//! Meeting a server: which one it is, and since which restore.

use super::{Answer, Change, Engine, Failure, Instruction, LinkState};
use crate::time::MonoMs;

impl Engine {
    pub(super) fn greeted(&mut self, now: MonoMs, result: Result<Answer, Failure>) {
        self.link.greeting = false;
        let hello = match result {
            Ok(Answer::Hello(hello)) => hello,
            Err(Failure::Unreachable | Failure::NotOurs) => return,
            // A server that says no to hello, or answers something else, is not open to us.
            Ok(_) | Err(_) => {
                self.link.failed(now, &Failure::NotOurs, &mut self.dice);
                return;
            }
        };
        let met = (hello.server_id, hello.epoch);
        self.link.greeted(now, &hello);
        self.announce_due = true;
        self.announce_retry.reset();
        if self.server == Some(met) || self.meeting == Some(met) {
            return;
        }
        self.meeting = Some(met);
        if self.server.is_none() {
            // Nothing is sent until it is recorded whose receipts these will be: a receipt that
            // nobody can tell the epoch of would outlive a restored server.
            self.record(vec![Change::Met {
                server_id: met.0,
                epoch: met.1,
            }]);
        } else {
            // Receipts of another epoch are void: everything is offered again, once the store
            // has turned it back into unsent. Answers still on the way belong to the old epoch,
            // and so do recordings: written after this one, they come to nothing.
            self.void_calls();
            self.pull_due = true;
            self.upkeep.forget();
            self.record(vec![Change::Reoffer {
                server_id: met.0,
                epoch: met.1,
            }]);
        }
    }

    /// The meeting was recorded, or was not: then forget having met, so that hello brings it up
    /// again.
    pub(super) fn met(&mut self, now: MonoMs, ok: bool) {
        self.meeting = None;
        // Until the store was read again nobody knows what is unsent.
        self.loaded = false;
        self.out.push(Instruction::Reload);
        if !ok {
            self.link.state = LinkState::Unknown;
            self.link.retry.fail(now, &mut self.dice, None);
        }
    }
}
