//! What stands in a cell, in the words of the offices.

use super::Item;
use crate::registry::name_of;
use domain::case::Stage;
use domain::record::{Fields, Outcome, Version};
use domain::register::{Day, PostId, ReachId, Registers, UnitId};
use domain::time::WallMs;

/// `2026-11-24 10:42`, China.
pub(super) fn time(at: WallMs) -> String {
    let minutes = (at.0 + 8 * 3_600_000).div_euclid(60_000).rem_euclid(1_440);
    let day = Day::in_china(at).map(|d| d.to_string()).unwrap_or_default();
    format!("{day} {:02}:{:02}", minutes / 60, minutes % 60)
}

pub(super) fn version(item: &Item) -> Option<&Version> {
    item.record.current()
}

pub(super) fn author(item: &Item, registers: &Registers) -> String {
    name_of(registers, &item.record.author)
}

pub(super) fn post(post: Option<&PostId>, registers: &Registers) -> String {
    let known = post.and_then(|p| registers.post(p));
    known.map(|p| p.name.clone()).unwrap_or_default()
}

/// Its own division, else those that its reach touches.
pub(super) fn division(item: &Item, registers: &Registers) -> String {
    let own = item.stored.row.division.as_slice();
    let all = if own.is_empty() {
        &item.stored.divisions
    } else {
        own
    };
    let known = all.iter().filter_map(|d| registers.tree().get(d));
    let names: Vec<&str> = known.map(|d| d.name.as_str()).collect();
    names.join("、")
}

pub(super) fn reach(id: Option<&ReachId>, registers: &Registers) -> String {
    let known = id.and_then(|r| registers.reach(r));
    known.map(|r| r.name.clone()).unwrap_or_default()
}

pub(super) fn problem(item: &Item, registers: &Registers) -> String {
    let code = version(item).and_then(|v| v.fields.problem());
    let known = code.and_then(|c| registers.problem(c));
    let named = known.map(|p| p.name.clone());
    named
        .or_else(|| code.map(|c| c.0.clone()))
        .unwrap_or_default()
}

/// Words and position, WGS-84.
pub(super) fn place(item: &Item) -> String {
    let place = version(item).and_then(|v| v.body.place.as_ref());
    let fix = place.and_then(|p| p.fix.as_ref());
    let fix = fix.map(|f| format!("{:.6}, {:.6}（±{:.0}米）", f.lat, f.lon, f.accuracy_m));
    let words = place.and_then(|p| p.words.clone());
    [words, fix]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

pub(super) fn words(item: &Item) -> String {
    let words = version(item).and_then(|v| v.fields.words());
    words.unwrap_or_default().to_owned()
}

/// Why the bank could not be photographed, in the reporter's words.
pub(super) fn no_photo(fields: &Fields) -> Option<&str> {
    match fields {
        Fields::Cleanup(c) => c.no_photo_reason.as_deref(),
        Fields::Finding(f) => f.no_photo_reason.as_deref(),
        Fields::Discharge(d) => d.no_photo_reason.as_deref(),
        _ => None,
    }
}

pub(super) fn unit(id: &UnitId, registers: &Registers) -> String {
    registers
        .unit(id)
        .map_or_else(|| id.to_string(), |u| u.name.clone())
}

pub(super) fn stage(stage: &Stage) -> &str {
    match stage {
        Stage::OnSpot => "立行立改",
        Stage::Registered => "待受理",
        Stage::Rejected => "不予受理",
        Stage::Accepted => "待交办",
        Stage::HandedOver => "待签收",
        Stage::InHand => "整改中",
        Stage::ClosureApplied => "待复核",
        Stage::Closed => "已销号",
        Stage::Withdrawn => "已撤回",
        Stage::Other(word) => word,
    }
}

pub(super) fn outcome(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::FixedOnSpot => "当场处理完",
        Outcome::ToFollow => "待整改后照片",
        Outcome::HandedUp => "已上报",
        Outcome::Other(word) => word,
    }
}

/// What everybody reading a ledger should know of a record: that it came late, that somebody
/// must look at it.
pub(super) fn flags(item: &Item, late: bool) -> impl Iterator<Item = String> {
    let late = late.then(|| "补报".to_owned());
    let doubtful = item.stored.row.quarantined.then(|| "待核实".to_owned());
    late.into_iter().chain(doubtful)
}
