//! The phone's store: one suite, run on every disk that it has, in the browser.

#![allow(
    clippy::unwrap_used,
    reason = "a case that meets the unexpected fails loudly"
)]

mod cases;
mod indexed_db;
mod phone;
mod sample;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// Every case by its path, on every disk.
macro_rules! on_every_disk {
    ($($part:ident::$case:ident),+ $(,)?) => {
        on_every_disk!(in_memory: $($part::$case),+);
        on_every_disk!(in_indexed_db: $($part::$case),+);
    };
    ($disk:ident: $($part:ident::$case:ident),+) => {
        mod $disk {
            $(
                #[wasm_bindgen_test::wasm_bindgen_test]
                async fn $case() {
                    let phone = crate::phone::Phone::$disk(stringify!($case));
                    crate::cases::$part::$case(&phone).await;
                }
            )+
        }
    };
}

on_every_disk! {
    saving::saving_is_whole_and_harmless_when_repeated,
    saving::tabs_that_save_at_once_make_one_chain,
    saving::a_late_autosave_brings_no_draft_back,
    saving::what_no_server_would_take_is_not_saved,
    patrols::fixes_outlive_the_page_in_their_order,
    patrols::a_part_goes_in_and_its_fixes_go_out_together,
    patrols::a_part_takes_ten_minutes_and_leaves_the_rest,
    patrols::a_part_that_cannot_be_written_leaves_its_fixes,
    patrols::a_second_begin_leaves_the_patrol_as_it_is,
    photos::a_photo_cut_off_half_way_is_no_photo,
    photos::bytes_come_back_over_the_edges_of_chunks,
    photos::the_same_bytes_are_kept_once,
    photos::only_what_nobody_refers_to_is_cleared_away,
    delivery::receipts_make_it_received,
    delivery::a_restored_server_gets_everything_again,
    delivery::the_tray_keeps_what_was_refused,
    delivery::what_the_server_lacks_is_unsent_again,
    delivery::another_servers_tab_writes_nothing,
    delivery::an_announcement_says_what_was_seen,
    erased::words_and_photos_go_and_the_receipt_stays,
    erased::a_photo_that_others_name_stays,
    erased::only_the_servers_word_for_the_same_record_erases,
    erased::a_purge_of_another_server_erases_nothing,
    erased::what_comes_erased_is_kept_as_a_mark,
    news::a_header_damaged_on_its_way_is_put_right,
    news::a_row_of_another_record_than_its_entry_changes_nothing,
    news::rows_and_cursor_come_together,
    news::a_reset_never_removes_what_was_made_here,
    news::a_record_that_moved_away_is_forgotten,
    news::an_unknown_kind_is_kept,
    news::steps_count_in_the_order_of_the_server,
    news::the_last_ruling_of_the_server_holds,
    news::names_come_with_the_rows,
    news::what_others_may_not_add_changes_nothing,
    news::what_was_to_be_checked_counts_once_it_was_accepted,
    news::what_was_set_aside_counts_no_more_on_the_phone,
    view::a_block_that_differs_is_put_right,
    view::a_later_row_takes_the_place_of_an_earlier_one,
    view::the_slower_of_two_tabs_pulls_again,
    view::a_record_in_another_shard_stays,
    view::only_received_and_unneeded_photos_go,
    lists::records_come_newest_first_in_pages,
    lists::the_last_changed_draft_leads,
    lists::persons_do_not_meet,
    lists::log_and_settings_outlive_the_page,
}
