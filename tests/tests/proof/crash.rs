//! A server that ends without a goodbye. The figures here are for every run of the tests; `cargo
//! xtask deep kill` and `cargo xtask deep power` go on for as long as wanted.

use xunhe_tests::crash::{kill, order, power};

const KILLS: u32 = 10;
const POWER_CUTS: u64 = 5;

#[tokio::test]
async fn a_killed_server_holds_what_it_receipted() {
    let looked_up = kill::run(KILLS, 1).await.unwrap();
    println!("{KILLS} kills, {looked_up} receipts looked up");
    assert!(looked_up > u64::from(KILLS));
}

#[tokio::test]
async fn nothing_is_receipted_before_it_is_on_the_medium() {
    let receipts = order::run(20, 1).await.unwrap();
    println!("{receipts} answers with a receipt");
    // Each entry, its photo and the small copy.
    assert_eq!(receipts, 60);
}

#[tokio::test]
async fn a_server_without_power_holds_what_it_receipted() {
    let (mut receipts, mut lost) = (0, 0);
    for seed in 1..=POWER_CUTS {
        let (looked_up, taken) = power::run(seed)
            .await
            .unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        (receipts, lost) = (receipts + looked_up, lost + taken);
    }
    println!("{POWER_CUTS} power cuts, {receipts} receipts looked up, {lost} writes lost");
    assert!(receipts > POWER_CUTS);
}
