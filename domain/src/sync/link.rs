use super::retry::Dice;
use super::{Failure, LinkState, Retry, SessionState};
use crate::ids::ServerId;
use crate::receipt::ReceiptKey;
use crate::time::{MonoMs, WallMs};
use crate::wire::{Hello, Limits};

/// What is known of the server and of the way to it.
#[derive(Debug, Clone, Default)]
pub(super) struct Link {
    pub(super) state: LinkState,
    pub(super) session: SessionState,
    pub(super) keys: Vec<ReceiptKey>,
    pub(super) limits: Limits,
    pub(super) greeting: bool,
    /// The server answered what was announced since it was last greeted. Until then it is not
    /// known whether it still has what it gave receipts for, and newer receipts would hide that.
    pub(super) announced: bool,
    pub(super) retry: Retry,
    /// The number of the registers' state.
    pub(super) registers: Option<u64>,
    /// What hello said of the newest backup.
    pub(super) backed_up: Option<WallMs>,
    /// Server and epoch that hello named.
    pub(super) met: Option<(ServerId, u64)>,
    heard: Option<(WallMs, MonoMs)>,
    /// Kept over hellos: a server that greets and then turns away is not asked in a circle.
    turned_away: Retry,
}

/// The code with which a device's credential is told that it may not do this.
const SUBMIT_ONLY: &str = "submit_only";

impl Link {
    /// Whether calls other than hello make sense.
    pub(super) fn is_open(&self) -> bool {
        self.state == LinkState::Up && self.session != SessionState::Expired
    }

    /// Whether news may be asked for.
    pub(super) fn is_own(&self) -> bool {
        self.is_open() && self.session == SessionState::Good
    }

    /// Whether hello should be said now.
    pub(super) fn should_greet(&self, now: MonoMs) -> bool {
        self.state != LinkState::Up && !self.greeting && self.retry.due(now)
    }

    pub(super) fn greeted(&mut self, now: MonoMs, hello: &Hello) {
        self.state = LinkState::Up;
        self.announced = false;
        self.session = match (hello.signed_in, hello.submit_only) {
            (true, false) => SessionState::Good,
            (true, true) => SessionState::Lent,
            (false, _) => SessionState::Expired,
        };
        self.backed_up = hello.backed_up_ms;
        self.met = Some((hello.server_id, hello.epoch));
        self.keys.clone_from(&hello.receipt_keys);
        self.limits = hello.limits;
        self.registers = (hello.signed_in).then_some(hello.registers_version);
        self.heard = Some((hello.time_ms, now));
        self.retry.reset();
    }

    /// Something does not fit what hello said: ask again before anything else.
    pub(super) fn greet_again(&mut self) {
        if self.state == LinkState::Up {
            self.state = LinkState::Unknown;
        }
    }

    /// The server's clock, carried on by the monotonic one.
    pub(super) fn server_now(&self, now: MonoMs) -> Option<WallMs> {
        let (wall, mono) = self.heard?;
        Some(WallMs(
            wall.0.saturating_add(i64::try_from(now.since(mono)).ok()?),
        ))
    }

    /// Takes what a failure says about the way to the server.
    pub(super) fn failed(&mut self, now: MonoMs, failure: &Failure, dice: &mut Dice) {
        match failure {
            Failure::Unreachable => self.state = LinkState::Down,
            Failure::NotOurs => self.state = LinkState::NotOurs,
            // Ended, or another tab signed somebody else in: hello tells which.
            Failure::SignedOut => {
                self.session = SessionState::Expired;
                self.state = LinkState::Unknown;
                self.turned_away.fail(now, dice, None);
                self.retry = self.turned_away;
                return;
            }
            Failure::Fault { status: 403, fault } if fault.code == SUBMIT_ONLY => {
                self.greet_again();
                return;
            }
            _ => return,
        }
        self.retry.fail(now, dice, None);
    }

    /// A call other than hello was answered: the session is what hello said.
    pub(super) fn answered(&mut self) {
        self.turned_away.reset();
    }
}
