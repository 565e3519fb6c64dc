//! What is going to happen, in the order of virtual time.

use super::net::Fate;
use crate::phone::wire::Ask;
use domain::ids::ServerId;
use domain::sync::{Answer, Call, Change, Failure, Inspection, Ticket};
use std::collections::BTreeMap;

/// One start of the page on one tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TabId(pub(super) u64);

/// The server that a recording is meant for.
pub(super) type Under = Option<(ServerId, u64)>;

/// Something that happens.
#[derive(Debug)]
pub(super) enum Event {
    /// Somebody does something, or something breaks.
    Act,
    /// A request reaches the server, or what is on the way to it.
    Arrive(Box<Sent>),
    /// A tab hears of a request's end.
    Answered {
        tab: TabId,
        ticket: Ticket,
        result: Box<Result<Answer, Failure>>,
    },
    /// A tab's transaction comes to its end.
    Record {
        tab: TabId,
        ticket: Ticket,
        under: Under,
        changes: Vec<Change>,
        disk: DiskFate,
    },
    /// A tab's question to its store is answered.
    Inspect {
        tab: TabId,
        ticket: Ticket,
        what: Inspection,
    },
    /// The alarm of a tab rings.
    Alarm { tab: TabId },
}

/// A request on its way.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) tab: TabId,
    pub(super) ticket: Ticket,
    pub(super) call: Call,
    pub(super) ask: Ask,
    pub(super) fate: Fate,
    /// When the phone gives it up.
    pub(super) until: u64,
}

/// How a transaction ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DiskFate {
    /// Written, and said so.
    Done,
    /// Not written.
    Failed,
    /// Written, but the connection was lost before anybody heard of it.
    DoneUnheard,
}

/// Events by time; those of one time in the order in which they were planned.
#[derive(Debug, Default)]
pub(super) struct Queue {
    due: BTreeMap<(u64, u64), Event>,
    planned: u64,
}

impl Queue {
    pub(super) fn plan(&mut self, at: u64, event: Event) {
        self.planned += 1;
        self.due.insert((at, self.planned), event);
    }

    /// What happens next, if that is not later.
    pub(super) fn next_until(&mut self, until: u64) -> Option<(u64, Event)> {
        let next = self.due.first_entry()?;
        let ((at, _), soon) = (*next.key(), next.key().0 <= until);
        soon.then(|| (at, next.remove()))
    }

    /// Whether a tab waits for something else than its alarm.
    pub(super) fn is_busy(&self, id: TabId) -> bool {
        self.due.values().any(|event| match event {
            Event::Act | Event::Alarm { .. } => false,
            Event::Arrive(sent) => sent.tab == id,
            Event::Answered { tab, .. }
            | Event::Record { tab, .. }
            | Event::Inspect { tab, .. } => *tab == id,
        })
    }

    /// What a tab was going to write; each change that was said to be written, wholly.
    pub(super) fn take_records(&mut self, id: TabId) -> Vec<(Under, Vec<Change>)> {
        let mine = |event: &Event| matches!(event, Event::Record { tab, .. } if *tab == id);
        let at: Vec<_> = self
            .due
            .iter()
            .filter(|(_, e)| mine(e))
            .map(|(at, _)| *at)
            .collect();
        let taken = at.iter().filter_map(|at| self.due.remove(at));
        taken
            .filter_map(|event| match event {
                Event::Record {
                    under,
                    changes,
                    disk,
                    ..
                } if disk != DiskFate::Failed => Some((under, changes)),
                _ => None,
            })
            .collect()
    }
}
