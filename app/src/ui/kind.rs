use crate::words::{Key, t};

/// What people call a kind of entry; the word on the wire for one that is newer than this app.
pub fn say_kind(kind: &str) -> String {
    let key = match kind {
        "cleanup" => Key::KindCleanup,
        "finding" => Key::KindFinding,
        "discharge" => Key::KindDischarge,
        "patrol_start" => Key::KindPatrolStart,
        "track" => Key::KindTrack,
        "patrol_finish" => Key::KindPatrolFinish,
        "ruling" => Key::KindRuling,
        "purge" => Key::KindPurge,
        "step" => Key::KindStep,
        "comment" => Key::KindComment,
        other => return other.to_owned(),
    };
    t(key).to_owned()
}
