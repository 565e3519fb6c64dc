//! What the rules say of an entry that is one: where it belongs, and whether somebody must look
//! before it counts. Nothing here refuses: what was recorded is kept.

use crate::registry::record_object;
use crate::store::{Judge, RecordPlace, Verdict};
use domain::access::{Action, Actor, Object, may};
use domain::case::Step;
use domain::entry::{Body, BodyError, CheckedEntry, Fix, Header, Kind};
use domain::record::Fields;
use domain::register::{Day, DivisionId, PersonId, ReachId, Registers, UnitId};
use domain::time::WallMs;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Stable codes of quarantine; the words for people live in the locale files.
pub mod code {
    /// The kind, or this version of it, is newer than this server.
    pub const KIND_UNKNOWN: &str = "kind_unknown";
    /// The common part of the body does not read.
    pub const BODY_UNREADABLE: &str = "body_not_understood";
    /// The fields of the kind do not read.
    pub const FIELDS_UNREADABLE: &str = "fields_not_understood";
    /// The division is not registered.
    pub const DIVISION_UNKNOWN: &str = "division_unknown";
    /// The reach is not registered.
    pub const REACH_UNKNOWN: &str = "reach_unknown";
    /// The post is not registered.
    pub const POST_UNKNOWN: &str = "post_unknown";
    /// The author did not hold the post.
    pub const POST_NOT_HELD: &str = "post_not_held";
    /// A person named in it is not registered.
    pub const PERSON_UNKNOWN: &str = "person_unknown";
    /// A step names a unit, person or desk that is not registered.
    pub const UNIT_UNKNOWN: &str = "unit_unknown";
    /// A step names an approver who may not decide about the case.
    pub const APPROVER_NOT_PERMITTED: &str = "approver_not_permitted";
    /// A fix that is no place on Earth.
    pub const PLACE_UNREADABLE: &str = "place_unreadable";
    /// The author may not add this to the record.
    pub const NOT_PERMITTED: &str = "not_permitted";
    /// The entry names itself as a record that its kind cannot begin.
    pub const BEGINS_NOTHING: &str = "begins_nothing";
}

/// The shard of records that belong nowhere while no division is registered at all.
const NOWHERE: &str = "root";

/// The rules over one version of the registers.
#[derive(Debug, Clone)]
pub struct Rules(pub Arc<Registers>);

impl Judge for Rules {
    fn judge(&self, entry: &CheckedEntry, record: Option<&RecordPlace>, now: WallMs) -> Verdict {
        let header = entry.header();
        let body = entry.body();
        // An unknown kind still has the common part, and so a place.
        let common = match &body {
            Ok((body, _)) => Some(body.clone()),
            Err(_) => Body::read(&entry.raw().body).ok(),
        };
        let quarantine = match &body {
            Err(error) => Some(not_understood(error)),
            Ok((body, fields)) => self.doubt(header, body, fields, record, now),
        };
        self.place(header, common.as_ref(), quarantine, now)
    }

    fn permits(&self, entry: &CheckedEntry, record: &RecordPlace, now: WallMs) -> bool {
        let header = entry.header();
        entry.body().is_ok_and(|(_, fields)| {
            self.may_add(header, &fields, record, now) && self.may_approve(&fields, record, now)
        })
    }
}

fn not_understood(error: &BodyError) -> &'static str {
    match error {
        BodyError::Unknown { .. } => code::KIND_UNKNOWN,
        BodyError::Body(_) | BodyError::Erased => code::BODY_UNREADABLE,
        BodyError::Fields { .. } => code::FIELDS_UNREADABLE,
    }
}

impl Rules {
    /// The first reason for which somebody must look.
    fn doubt(
        &self,
        header: &Header,
        body: &Body,
        fields: &Fields,
        record: Option<&RecordPlace>,
        now: WallMs,
    ) -> Option<&'static str> {
        if header.is_servers() || matches!(fields, Fields::Purge(_)) {
            // Only the server erases, and nothing keeps it from doing so: a division may have been
            // taken out of the registers since.
            let erases = header.is_servers() && matches!(fields, Fields::Purge(_));
            return (!erases).then_some(code::NOT_PERMITTED);
        }
        let known = &self.0;
        let unknown_person = |p: &PersonId| known.person(p).is_none();
        let place = body.place.iter().filter_map(|p| p.fix.as_ref());
        let mut fixes = place.chain(body.captures.iter().filter_map(|c| c.fix.as_ref()));
        let checks = [
            (
                body.division
                    .as_ref()
                    .is_some_and(|d| known.tree().get(d).is_none()),
                code::DIVISION_UNKNOWN,
            ),
            (
                body.reach
                    .as_ref()
                    .is_some_and(|r| known.reach(r).is_none()),
                code::REACH_UNKNOWN,
            ),
            (
                header
                    .acting_post
                    .as_ref()
                    .is_some_and(|p| known.post(p).is_none()),
                code::POST_UNKNOWN,
            ),
            (!self.holds_post(header, body, now), code::POST_NOT_HELD),
            (
                header
                    .on_behalf_of
                    .iter()
                    .any(|b| unknown_person(&b.person))
                    || body.participants.iter().any(|p| unknown_person(&p.person)),
                code::PERSON_UNKNOWN,
            ),
            (!fixes.all(Fix::is_on_earth), code::PLACE_UNREADABLE),
            (
                header.entry_id.as_record() == header.record_id && !header.kind.begins_record(),
                code::BEGINS_NOTHING,
            ),
            (
                matches!(fields, Fields::Step(step) if self.names_nobody(step)),
                code::UNIT_UNKNOWN,
            ),
            (
                record.is_some_and(|r| !self.may_add(header, fields, r, now)),
                code::NOT_PERMITTED,
            ),
            (
                record.is_some_and(|r| !self.may_approve(fields, r, now)),
                code::APPROVER_NOT_PERMITTED,
            ),
        ];
        checks
            .into_iter()
            .find_map(|(doubtful, code)| doubtful.then_some(code))
    }

    /// Whether the author held the post on the day of recording, or holds it today: a device
    /// clock may be years off, and a queue may be sent after a transfer.
    fn holds_post(&self, header: &Header, body: &Body, now: WallMs) -> bool {
        let Some(post) = &header.acting_post else {
            return true;
        };
        let days = [Day::in_china(body.clock.best()), Day::in_china(now)];
        days.into_iter().flatten().any(|day| {
            self.0
                .held_posts(&header.author, day)
                .any(|(held, _)| held.id == *post)
        })
    }

    /// Whether the author may add to a record that is known: a new version to an own one, a
    /// remark to one that may be written to, a step of a case where desk, unit or reporter may.
    fn may_add(&self, header: &Header, fields: &Fields, record: &RecordPlace, now: WallMs) -> bool {
        let object = record_object(&self.0, record);
        let record_object = Object::Record(&object);
        let actor = self.actor(&header.author, now);
        let asked = match fields {
            Fields::Comment(_) => may(&actor, Action::Comment, &record_object),
            Fields::Step(Step::Withdraw { .. }) => {
                may(&actor, Action::CaseWithdraw, &record_object)
            }
            Fields::Step(step) => match step.unit() {
                Some(unit) => {
                    let record = &object;
                    may(&actor, Action::CaseWork, &Object::Duty { record, unit })
                }
                None => may(&actor, Action::CaseDecide, &record_object),
            },
            Fields::Ruling(_) if record.kind == Kind::PatrolStart => {
                may(&actor, Action::PatrolRule, &record_object)
            }
            Fields::Ruling(_) => return false,
            Fields::Track(_) | Fields::PatrolFinish(_) => {
                return header.author == record.author && record.kind == Kind::PatrolStart;
            }
            _ => return header.author == record.author && header.kind == record.kind,
        };
        asked.is_allowed()
    }

    /// Whether whoever a step names as its approver may decide about the case.
    fn may_approve(&self, fields: &Fields, record: &RecordPlace, now: WallMs) -> bool {
        let Fields::Step(Step::Ladder { approver, .. }) = fields else {
            return true;
        };
        let object = record_object(&self.0, record);
        let object = Object::Record(&object);
        may(&self.actor(approver, now), Action::CaseDecide, &object).is_allowed()
    }

    /// A person with the rights of today; nobody for one who is not registered.
    fn actor(&self, person: &PersonId, now: WallMs) -> Actor {
        Day::in_china(now)
            .and_then(|day| Actor::of(&self.0, person, day, false))
            .unwrap_or(Actor::Anonymous)
    }

    /// A step may name units, persons and a desk that are not registered.
    fn names_nobody(&self, step: &Step) -> bool {
        let known = &self.0;
        let no_unit = |u: &UnitId| known.unit(u).is_none();
        match step {
            Step::HandOver {
                lead,
                assisting,
                assignee,
                ..
            } => {
                no_unit(lead)
                    || assisting.iter().any(no_unit)
                    || assignee.as_ref().is_some_and(|p| known.person(p).is_none())
            }
            Step::Escalate { to, .. } => known.tree().get(to).is_none(),
            Step::Ladder { approver, .. } => known.person(approver).is_none(),
            step => step.unit().is_some_and(no_unit),
        }
    }

    fn place(
        &self,
        header: &Header,
        body: Option<&Body>,
        quarantine: Option<&str>,
        now: WallMs,
    ) -> Verdict {
        let known = &self.0;
        let reach = body
            .and_then(|b| b.reach.as_ref())
            .and_then(|r| known.reach(r));
        let own = body
            .and_then(|b| b.division.as_ref())
            .and_then(|d| known.tree().get(d));
        let placed = reach.is_some() || own.is_some();
        let division = match own {
            Some(division) => Some(division.id.clone()),
            None if reach.is_none() => self.division_of_post(header, now),
            None => None,
        };
        let touched = reach.map_or(&[][..], |r| &r.divisions);
        let divisions: BTreeSet<&DivisionId> = division.iter().chain(touched).collect();
        let reach: Option<ReachId> = reach.map(|r| r.id.clone());
        let belonging = known.belonging(division.as_ref(), reach.as_ref());
        let mut shards: Vec<DivisionId> = belonging.shards.into_iter().collect();
        if shards.is_empty() {
            shards.extend(known.tree().roots().next().map(|d| d.id.clone()));
            shards.extend(
                NOWHERE
                    .parse()
                    .ok()
                    .filter(|_| known.tree().iter().next().is_none()),
            );
        }
        Verdict {
            quarantine: quarantine.map(ToOwned::to_owned),
            placed,
            divisions: divisions.into_iter().cloned().collect(),
            division,
            reach,
            shards,
        }
    }

    fn division_of_post(&self, header: &Header, now: WallMs) -> Option<DivisionId> {
        let named = header.acting_post.as_ref().and_then(|p| self.0.post(p));
        let held = || {
            let day = Day::in_china(now)?;
            self.0
                .held_posts(&header.author, day)
                .next()
                .map(|(post, _)| post)
        };
        named.or_else(held).map(|post| post.division.clone())
    }
}
