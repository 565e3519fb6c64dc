//! 久未上传人员: which people a desk should call before the ledger closes. Plain rules over
//! registers and logs; who asks was decided before.

use crate::registry::name_of;
use crate::store::OpenLog;
use domain::ids::DeviceId;
use domain::register::{Day, PersonId, Registers};
use domain::time::WallMs;
use domain::wire::{LogReadiness, PersonReadiness, PhoneReadiness, PhoneSaid};
use std::cmp::Reverse;
use std::collections::BTreeMap;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Everybody of `people` who holds a post today that is not an office's, or of whose logs something
/// is missing, with their phones, the most urgent first.
///
/// First those of whom something is missing, then those who were never heard, then the others;
/// each the longest silent first.
pub(crate) fn everybody(
    registers: &Registers,
    people: impl IntoIterator<Item = PersonId>,
    logs: Vec<OpenLog>,
    today: Day,
) -> Vec<PersonReadiness> {
    let mut by_person: BTreeMap<PersonId, Vec<OpenLog>> = BTreeMap::new();
    for log in logs {
        by_person.entry(log.person.clone()).or_default().push(log);
    }
    let mut all: Vec<_> = people
        .into_iter()
        .filter_map(|person| {
            let logs = by_person.remove(&person).unwrap_or_default();
            let held: Vec<_> = registers.held_posts(&person, today).collect();
            let outside = held.iter().any(|(post, _)| !post.kind.is_office());
            let open = logs.iter().any(OpenLog::is_open);
            let posts = held.iter().map(|(post, _)| post.name.clone()).collect();
            (open || outside).then(|| one(registers, person, posts, logs))
        })
        .collect();
    all.sort_by_cached_key(|p| {
        let never = p.silent_since.is_none();
        (
            Reverse(p.waiting),
            Reverse(never),
            p.silent_since,
            p.person.clone(),
        )
    });
    all
}

/// Whether nothing was heard of the phone that matters for so many days; nobody who was never
/// heard is left out.
pub(crate) fn is_silent(person: &PersonReadiness, days: u32, now: WallMs) -> bool {
    let long = i64::from(days).saturating_mul(DAY_MS);
    person
        .silent_since
        .is_none_or(|since| now.0.saturating_sub(since.0) >= long)
}

fn one(
    registers: &Registers,
    person: PersonId,
    posts: Vec<String>,
    logs: Vec<OpenLog>,
) -> PersonReadiness {
    let mut by_device: BTreeMap<DeviceId, Vec<OpenLog>> = BTreeMap::new();
    for log in logs {
        by_device.entry(log.device).or_default().push(log);
    }
    let mut phones: Vec<(bool, PhoneReadiness)> = by_device
        .into_iter()
        .map(|(device, logs)| {
            let open = logs.iter().any(OpenLog::is_open);
            (open, phone(registers, device, logs))
        })
        .collect();
    phones.sort_by_key(|(open, phone)| (Reverse(*open), heard(phone)));
    // A phone of which nothing is missing matters only if it is the one in use: it may have been
    // given away long ago.
    let waiting = phones.iter().any(|(open, _)| *open);
    let silent_since = if waiting {
        phones.first().and_then(|(_, phone)| heard(phone))
    } else {
        phones.iter().filter_map(|(_, phone)| heard(phone)).max()
    };
    let known = registers.person(&person);
    let unit = known.and_then(|p| registers.unit(p.unit.as_ref()?));
    PersonReadiness {
        name: name_of(registers, &person),
        unit: unit.map(|u| u.name.clone()),
        person,
        posts,
        silent_since,
        waiting,
        phones: phones.into_iter().map(|(_, phone)| phone).collect(),
    }
}

fn heard(phone: &PhoneReadiness) -> Option<WallMs> {
    phone.said.as_ref().map(|said| said.heard_ms)
}

fn phone(registers: &Registers, device: DeviceId, logs: Vec<OpenLog>) -> PhoneReadiness {
    let said: Option<PhoneSaid> = logs
        .iter()
        .filter_map(|log| log.said.clone())
        .max_by_key(|said| said.heard_ms);
    PhoneReadiness {
        device,
        missing: logs.iter().map(|log| log.missing).sum(),
        // One announcement speaks of the photos of all logs of the installation.
        blobs: logs
            .iter()
            .filter(|log| log.waits_for_blobs())
            .map(|log| log.blobs)
            .max()
            .unwrap_or(0),
        said,
        logs: logs.into_iter().map(|l| log(registers, l)).collect(),
    }
}

fn log(registers: &Registers, log: OpenLog) -> LogReadiness {
    LogReadiness {
        log_id: log.log_id,
        announced: log.seq,
        missing: log.missing,
        gaps: Vec::new(),
        forked: log.forked,
        closed_by: log.closed.as_ref().map(|c| name_of(registers, &c.by)),
        closed: log.closed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::LogId;
    use domain::register::RegisterSet;
    use serde_json::json;

    const NOW: WallMs = WallMs(1_800_000_000_000);

    /// A log on a phone that was heard so many days ago, if ever, with so much missing.
    fn log(person: &str, device: u8, days: Option<i64>, missing: u64) -> OpenLog {
        let heard_ms = days.map(|d| WallMs(NOW.0 - d * DAY_MS));
        OpenLog {
            log_id: LogId::new([device; 16]),
            person: person.parse().unwrap(),
            device: DeviceId::new([device; 16]),
            seq: 9,
            missing,
            blobs: 0,
            heard_ms,
            forked: false,
            closed: None,
            said: heard_ms.map(|heard_ms| PhoneSaid {
                heard_ms,
                unsent: 0,
                unsent_bytes: 0,
                oldest_ms: heard_ms,
                blob_bytes: 0,
                parked: 0,
                app_version: "test".to_owned(),
                persisted: true,
                room: None,
            }),
        }
    }

    /// Persons a to d with a post outside, e without a post, f in an office.
    fn registers() -> Registers {
        let outside = ["a", "b", "c", "d"].map(|id| (id, "patroller"));
        let posts: Vec<_> = outside.into_iter().chain([("f", "chief_office")]).collect();
        let persons = ["a", "b", "c", "d", "e", "f"].map(|id| json!({"id": id, "name": id}));
        let post = |(id, kind): &(&str, &str)| json!({"id": id, "kind": kind, "division": "yj", "name": "巡河员"});
        let held = |(id, _): &(&str, &str)| json!({"post": id, "person": id, "from": "2020-01-01", "manner": "regular"});
        let set = json!({
            "divisions": [{"id": "yj", "name": "永济市", "level": "county"}],
            "persons": persons,
            "posts": posts.iter().map(post).collect::<Vec<_>>(),
            "assignments": posts.iter().map(held).collect::<Vec<_>>(),
        });
        let set: RegisterSet = serde_json::from_value(set).unwrap();
        Registers::build(set).unwrap()
    }

    fn listed(logs: Vec<OpenLog>) -> Vec<PersonReadiness> {
        let registers = registers();
        let people = registers.persons().map(|p| p.id.clone());
        let people: Vec<_> = people.collect();
        let today = Day::in_china(NOW).unwrap();
        everybody(&registers, people, logs, today)
    }

    fn order(logs: Vec<OpenLog>) -> Vec<String> {
        let all = listed(logs);
        all.iter().map(|p| p.person.to_string()).collect()
    }

    #[test]
    fn first_whoever_has_something_not_here_then_who_never_came_then_the_longest_silent() {
        let logs = vec![
            log("a", 1, Some(9), 0),
            log("b", 2, Some(1), 3),
            log("d", 4, Some(20), 0),
        ];
        assert_eq!(order(logs), ["b", "c", "d", "a"]);
    }

    #[test]
    fn a_person_without_a_post_is_there_only_for_what_is_missing() {
        assert_eq!(order(vec![log("e", 5, Some(9), 0)]), ["a", "b", "c", "d"]);
        let with = order(vec![log("e", 5, Some(9), 1)]);
        assert_eq!(with, ["e", "a", "b", "c", "d"]);
    }

    #[test]
    fn of_two_phones_the_one_in_use_counts_unless_the_other_still_has_something() {
        let silent = |old: u64| {
            let all = listed(vec![log("a", 1, Some(30), old), log("a", 2, Some(0), 0)]);
            let a = all.iter().find(|p| p.person.as_str() == "a").unwrap();
            is_silent(a, 3, NOW)
        };
        assert!(!silent(0), "given away with nothing on it");
        assert!(silent(2), "lost with two reports on it");
    }

    #[test]
    fn silent_for_three_days_means_three_times_twenty_four_hours() {
        let silent = |days, limit| {
            let all = listed(vec![log("a", 1, Some(days), 1)]);
            is_silent(&all[0], limit, NOW)
        };
        assert!(silent(3, 3) && !silent(2, 3) && silent(0, 0));
        let never = listed(vec![]);
        assert!(is_silent(&never[0], 3, NOW));
    }
}
