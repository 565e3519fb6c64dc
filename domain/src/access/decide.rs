use super::action::Needs;
use super::{Access, Action, Actor, LogObject, Object, Over, PersonActor, RecordObject, Right};
use crate::register::{PersonId, UnitId};

/// What [`may`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// Go on.
    Allow,
    /// Answer 404, with the same words as for something that does not exist.
    Hidden,
    /// Say no, and why: the caller already knows that it exists.
    Denied(Refusal),
}

/// Why a call is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// Nobody is signed in. What was saved on the phone stays there.
    SignInRequired,
    /// The account was disabled.
    AccountDisabled,
    /// A device credential only submits.
    SubmitOnly,
    /// Somebody else made it.
    NotAuthor,
    /// May read it, not add to it.
    ReadOnly,
    /// Only the desk in charge decides this.
    NotDesk,
    /// Only the unit that it was handed to does this.
    NotUnit,
    /// It was withdrawn; nothing can be added.
    Withdrawn,
}

impl Refusal {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SignInRequired => "sign_in_required",
            Self::AccountDisabled => "account_disabled",
            Self::SubmitOnly => "submit_only",
            Self::NotAuthor => "not_author",
            Self::ReadOnly => "read_only",
            Self::NotDesk => "not_desk",
            Self::NotUnit => "not_unit",
            Self::Withdrawn => "record_withdrawn",
        }
    }
}

impl Decision {
    /// Whether it is [`Decision::Allow`].
    pub const fn is_allowed(self) -> bool {
        matches!(self, Self::Allow)
    }
}

/// Whether `actor` may do `action` to `object`.
///
/// The only place that decides. A pair of action and object that does not belong together is
/// hidden: a mistake in a route must not open a door.
pub fn may(actor: &Actor, action: Action, object: &Object<'_>) -> Decision {
    use Decision::{Allow, Denied, Hidden};
    let needs = action.needs();
    if needs == Needs::Nobody {
        return Allow;
    }
    match (actor, needs, object) {
        (Actor::Anonymous, ..) => Denied(Refusal::SignInRequired),
        (Actor::Person(p), ..) if p.disabled => Denied(Refusal::AccountDisabled),
        (
            Actor::Person(PersonActor { person: me, .. }) | Actor::Device { author: me },
            Needs::Submitter,
            _,
        ) => submits(me, action, object),
        (Actor::Device { .. }, ..) => Denied(Refusal::SubmitOnly),
        (Actor::Person(_), Needs::Person, Object::Nothing) => Allow,
        (Actor::Person(p), Needs::Reader, Object::Record(record)) => match p.reach_into(record) {
            Some(_) => Allow,
            None => Hidden,
        },
        (Actor::Person(p), Needs::Writer, Object::Record(record)) => match p.reach_into(record) {
            None => Hidden,
            Some(_) if record.withdrawn => Denied(Refusal::Withdrawn),
            Some(Access::Write | Access::Decide) => Allow,
            Some(Access::Read) => Denied(Refusal::ReadOnly),
        },
        (Actor::Person(p), Needs::Decider, Object::Record(record)) => match p.reach_into(record) {
            None => Hidden,
            Some(_) if record.withdrawn => Denied(Refusal::Withdrawn),
            Some(Access::Decide) => Allow,
            Some(_) => Denied(Refusal::NotDesk),
        },
        (Actor::Person(p), Needs::Worker, Object::Duty { record, unit }) => {
            match p.reach_into(record) {
                None => Hidden,
                Some(_) if record.withdrawn => Denied(Refusal::Withdrawn),
                Some(_) if p.works_in(unit, record) => Allow,
                Some(_) => Denied(Refusal::NotUnit),
            }
        }
        (Actor::Person(p), Needs::Author, Object::Record(record)) => match p.reach_into(record) {
            None => Hidden,
            Some(_) if record.withdrawn => Denied(Refusal::Withdrawn),
            Some(_) if record.author == p.person => Allow,
            Some(_) => Denied(Refusal::NotAuthor),
        },
        (Actor::Person(p), Needs::Warden, Object::Log(log)) if p.wards(log) => Allow,
        _ => Hidden,
    }
}

/// Submitting is for what oneself made.
fn submits(me: &PersonId, action: Action, object: &Object<'_>) -> Decision {
    let of_upload = matches!(
        action,
        Action::UploadAppend | Action::UploadState | Action::UploadCancel
    );
    match object {
        Object::Nothing if !of_upload => Decision::Allow,
        Object::Entry { author } if !of_upload && *author == me => Decision::Allow,
        // Whether another's entry is held here is not the caller's to know.
        Object::Entry { .. } if !of_upload && action != Action::Verify => {
            Decision::Denied(Refusal::NotAuthor)
        }
        Object::Upload { owner } if of_upload && *owner == me => Decision::Allow,
        _ => Decision::Hidden,
    }
}

impl PersonActor {
    /// The widest access to a record; `None` if it is not visible.
    fn reach_into(&self, record: &RecordObject) -> Option<Access> {
        let own = record.is_of(&self.person).then_some(Access::Write);
        let covering = self.rights.iter().filter(|r| r.over.covers(record));
        covering.map(|r| r.access).chain(own).max()
    }

    /// Whether the person's desk answers for where the writer of a log works. Nobody says of an
    /// own log that it will never come.
    fn wards(&self, log: &LogObject) -> bool {
        let covers = |r: &Right| match &r.over {
            Over::Within(top) => {
                r.access == Access::Decide && log.paths.iter().any(|p| p.is_within(top))
            }
            _ => false,
        };
        log.person != self.person && self.rights.iter().any(covers)
    }

    /// Whether the person acts for a unit that the record was handed to: as one of its handlers,
    /// or because the case was assigned to them by name.
    fn works_in(&self, unit: &UnitId, record: &RecordObject) -> bool {
        let handles = |r: &Right| r.over == Over::Unit(unit.clone()) && r.access >= Access::Write;
        record.units.contains(unit)
            && (record.handlers.contains(&self.person) || self.rights.iter().any(handles))
    }
}

impl Over {
    /// Whether it covers a record.
    fn covers(&self, record: &RecordObject) -> bool {
        match self {
            Self::Within(top) => record.paths.iter().any(|p| p.is_within(top)),
            Self::Below(top) => record.paths.iter().any(|p| p.is_below(top)),
            Self::Reaches(reaches) => record.reach.as_ref().is_some_and(|r| reaches.contains(r)),
            Self::Unit(unit) => record.units.contains(unit),
            Self::Watched(outfalls) => record.is_watched_by(outfalls),
        }
    }
}
