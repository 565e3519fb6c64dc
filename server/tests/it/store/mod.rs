//! One suite for every store engine. A case is named once, in the list below; each engine runs
//! them all on a fresh database.

mod accounts;
mod agree;
mod digest;
mod feed;
mod ingest;
mod kit;
mod logs;
mod postgres;
mod purge;
mod quarantine;
mod records;
mod sqlite;
mod two_servers;
mod uploads;

/// Names every case to `$engine`, a macro that makes a test of each.
macro_rules! conformance {
    ($engine:ident) => {
        $engine! {
            accounts: an_account_is_found_by_name_and_person,
            accounts: a_session_lives_until_it_is_closed,
            accounts: disabling_ends_sessions,
            accounts: registers_keep_their_versions,
            ingest: an_entry_is_kept_byte_for_byte,
            ingest: the_same_entry_again_is_a_duplicate_with_the_first_time,
            ingest: one_id_with_other_bytes_keeps_both,
            ingest: a_poison_entry_blocks_no_other,
            ingest: a_missing_predecessor_only_waits,
            ingest: a_forked_log_keeps_both,
            ingest: a_log_belongs_to_one_person_and_installation,
            ingest: gaps_leave_out_what_was_refused,
            ingest: nothing_changes_or_deletes_what_is_kept,
            feed: numbers_have_no_gaps_and_rows_are_chained,
            feed: a_boundary_record_is_in_both_feeds,
            feed: a_record_that_moves_leaves_one_feed_and_enters_the_other,
            feed: a_remark_that_overtook_its_record_is_brought_along,
            feed: readers_beside_writers_miss_nothing,
            purge: a_purge_takes_effect_in_the_transaction_that_keeps_it,
            purge: a_record_erased_whole_stays_where_it_was,
            purge: bytes_go_with_the_last_who_delivered_them,
            purge: bytes_that_come_too_late_do_not_count,
            purge: what_was_erased_is_not_asked_for_again,
            purge: everything_of_a_person_goes_but_acts_of_office,
            purge: tracks_go_by_age_alone,
            purge: nobody_but_the_server_erases,
            purge: what_the_server_writes_is_one_chain,
            quarantine: what_is_accepted_counts_from_then_on_and_is_told_again,
            quarantine: what_is_set_aside_never_counts_and_is_told,
            quarantine: the_first_ruling_about_an_entry_holds,
            quarantine: only_the_server_rules,
            quarantine: an_accepted_step_takes_effect_though_its_author_might_not,
            quarantine: an_accepted_version_moves_its_record,
            quarantine: what_waits_is_found_by_who_decides_and_not_by_its_author,
            records: a_record_is_folded_as_on_the_phone,
            records: scope_is_a_subtree_not_a_prefix,
            records: a_case_is_seen_by_the_units_that_have_it,
            records: a_case_is_watched_once_a_unit_has_it,
            records: what_was_sent_up_is_found,
            records: what_is_looked_for_is_found,
            records: a_patrol_knows_what_was_made_on_it,
            records: the_map_shows_what_the_list_shows,
            records: a_long_list_is_not_counted_to_its_end,
            records: map_layers_are_replaced_as_a_whole,
            records: blobs_count_only_for_who_delivered_them,
            records: what_is_derived_is_made_anew,
            digest: a_digest_names_the_last_row_of_each_entry_in_its_scope,
            digest: a_digest_forgets_what_left_the_shard,
            logs: an_announcement_shows_what_is_missing,
            logs: a_closed_log_alarms_only_beyond_its_end,
            logs: photos_that_came_after_the_announcement_are_not_waited_for,
            logs: a_key_vouches_for_two_who_showed_it_on_one_device,
            uploads: an_upload_is_opened_once,
            uploads: only_the_right_offset_is_counted,
            uploads: a_finished_upload_is_forgotten_with_its_chunks,
            uploads: stale_uploads_are_found,
        }
    };
}
pub(crate) use conformance;
