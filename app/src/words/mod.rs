//! Words for people, in two languages, from `app/locales`.
//!
//! Errors travel as stable codes; [`say_code`] finds their words. The language is a setting read
//! once at start: changing it loads the page anew, which a store of drafts makes harmless.

mod english;
mod figures;

pub use english::prepare;
pub use figures::{decimal, whole};

/// Something that the app says: in Chinese, and its place among the English words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(&'static str, usize);

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// The words of `key`.
pub fn t(key: Key) -> &'static str {
    let Key(chinese, place) = key;
    english::word(place).unwrap_or(chinese)
}

/// The words of `key` with its `{placeholders}` filled.
pub fn fill(key: Key, values: &[(&str, &dyn std::fmt::Display)]) -> String {
    let mut text = t(key).to_owned();
    for (name, value) in values {
        text = text.replace(&format!("{{{name}}}"), &value.to_string());
    }
    text
}

/// What happened, what is safe, what to do next, for a stable code; a code that is not known is
/// shown with the advice that always holds.
pub fn say_code(code: &str) -> String {
    by_code(&format!("code.{code}")).map_or_else(
        || fill(Key::ErrorUnknown, &[("code", &code)]),
        |key| t(key).to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_that_can_reach_a_person_has_words() {
        for code in CODES {
            assert!(
                by_code(&format!("code.{code}")).is_some(),
                "no words for {code}"
            );
        }
    }

    #[test]
    fn an_unknown_code_is_shown_as_it_is() {
        assert!(say_code("from_the_future").contains("from_the_future"));
    }

    #[test]
    fn placeholders_are_filled() {
        let line = fill(Key::ErrorUnknown, &[("code", &"x1")]);
        assert!(line.contains("x1") && !line.contains('{'), "{line}");
    }

    /// Drafts, intake, the phone's store, the server, and why a record is to be checked.
    const CODES: &[&str] = &[
        "erased",
        "kind_missing",
        "photo_missing",
        "too_many_photos",
        "after_photo_missing",
        "note_too_long",
        "place_unreadable",
        "photo_empty",
        "photo_too_large",
        "photo_not_an_image",
        "photo_truncated",
        "photo_heic",
        "photo_unreadable",
        "photo_damaged",
        "photo_missing_here",
        "store_full",
        "store_blocked",
        "store_newer",
        "store_lost",
        "store_unavailable",
        "store_unreadable",
        "store_contended",
        "patrol_under_way",
        "store_failed",
        "bad_entry",
        "wrong_password",
        "too_many_tries",
        "unreachable",
        "not_ours",
        "not_signed_in",
        "camera_denied",
        "location_denied",
        "approver_not_permitted",
        "author_mismatch",
        "rescue_damaged",
        "rescue_foreign",
        "rescue_in_the_way",
        "rescue_named_by_nothing",
        "rescue_too_new",
        "rescue_unknown_file",
        "rescue_unreadable",
        "account_disabled",
        "already_vetted",
        "begins_nothing",
        "blob_hash_mismatch",
        "body_hash_mismatch",
        "body_not_understood",
        "body_unreadable",
        "chain_contradiction",
        "comment_length",
        "disk_full",
        "division_unknown",
        "empty_blob",
        "fields_not_understood",
        "header_form_unknown",
        "header_unreadable",
        "kind_unknown",
        "media_type_not_allowed",
        "no_desk",
        "not_author",
        "not_found",
        "not_permitted",
        "not_readable",
        "other_site",
        "own_entry",
        "person_unknown",
        "photo_bad_chunk",
        "post_not_held",
        "post_unknown",
        "reach_unknown",
        "read_only",
        "reason_missing",
        "repeated_blob",
        "same_id_other_bytes",
        "server_failed",
        "sign_in_required",
        "submit_only",
        "too_large",
        "not_desk",
        "not_unit",
        "record_withdrawn",
        "step_incomplete",
        "unit_unknown",
        "words_missing",
        "no_duty",
        "period_reversed",
        "ledger_too_long",
    ];
}
