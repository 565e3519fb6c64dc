//! What a phone carries of others' work: the reaches of its person's posts, for a while, the
//! cases that were handed to its person's units, and those that concern outfalls which its person
//! supervises.

use crate::store::PhoneScope;
use domain::hash::Sha256;
use domain::register::{Day, OutfallId, PersonId, ReachId, Registers, UnitId};
use domain::time::WallMs;
use std::collections::BTreeSet;

/// Records of own reaches that a phone carries, milliseconds back.
const CARRIED_MS: i64 = 90 * 24 * 3_600_000;

/// What the person's phone may pull now.
pub fn phone_scope(registers: &Registers, person: &PersonId, now: WallMs) -> PhoneScope {
    PhoneScope {
        person: person.clone(),
        reaches: reaches(registers, person, now)
            .into_iter()
            .cloned()
            .collect(),
        since_ms: WallMs(now.0 - CARRIED_MS),
        units: units(registers, person, now).into_iter().cloned().collect(),
        watched: watched(registers, person, now)
            .into_iter()
            .cloned()
            .collect(),
    }
}

/// Changes whenever the person's phone scope does; never 0, and exact in a JavaScript number.
pub fn scope_version(registers: &Registers, person: &PersonId, now: WallMs) -> u64 {
    let reaches: Vec<&str> = reaches(registers, person, now)
        .into_iter()
        .map(ReachId::as_str)
        .collect();
    let units = units(registers, person, now);
    let units: Vec<&str> = units.into_iter().map(UnitId::as_str).collect();
    let watched = watched(registers, person, now);
    let watched: Vec<&str> = watched.into_iter().map(OutfallId::as_str).collect();
    let parts = [reaches, units, watched].map(|ids| ids.join("\n"));
    let hash = Sha256::of(parts.join("\n\n").as_bytes());
    let folded = hash.bytes()[..6]
        .iter()
        .fold(0_u64, |n, b| n << 8 | u64::from(*b));
    folded.max(1)
}

/// The units in whose name the person works on cases.
fn units<'a>(registers: &'a Registers, person: &PersonId, now: WallMs) -> BTreeSet<&'a UnitId> {
    Day::in_china(now).map_or_else(BTreeSet::new, |day| registers.works_for(person, day))
}

/// The outfalls whose 监管责任人 the person is.
fn watched<'a>(
    registers: &'a Registers,
    person: &PersonId,
    now: WallMs,
) -> BTreeSet<&'a OutfallId> {
    Day::in_china(now).map_or_else(BTreeSet::new, |day| registers.supervised_by(person, day))
}

fn reaches<'a>(registers: &'a Registers, person: &PersonId, now: WallMs) -> BTreeSet<&'a ReachId> {
    let Some(day) = Day::in_china(now) else {
        return BTreeSet::new();
    };
    registers
        .held_posts(person, day)
        .flat_map(|(post, _)| &post.reaches)
        .collect()
}
