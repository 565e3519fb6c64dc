use super::TrackFix;

/// A part of a track covers less than this, milliseconds (3-sync, *Entry*).
pub const PART_MS: i64 = 10 * 60 * 1_000;

/// Cuts the next part off the fixes that no part holds yet: those within ten minutes of the
/// first, however many came and however long nothing came. What is left belongs to later parts;
/// while nothing is left the part may still grow.
pub fn cut_part(open: &[TrackFix]) -> (&[TrackFix], &[TrackFix]) {
    let Some(first) = open.first() else {
        return (&[], &[]);
    };
    let within = |fix: &TrackFix| fix.at_ms.saturating_sub(first.at_ms) < PART_MS;
    let len = open.iter().take_while(|fix| within(fix)).count();
    open.split_at(len)
}
