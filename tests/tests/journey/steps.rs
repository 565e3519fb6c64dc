//! What people do in several journeys.

use xunhe_tests::page::Page;
use xunhe_tests::photos::Photo;
use xunhe_tests::quick::Quick;
use xunhe_tests::server::Server;

/// A village grid inspector of the demonstration.
pub(crate) const INSPECTOR: &str = "wgy-yongji";
/// A supervisor of the county's river chief office.
pub(crate) const SUPERVISOR: &str = "hzb-yongji";

/// Somewhere on the bank, so that the record has a position.
pub(crate) const BANK: (f64, f64) = (34.8671, 110.4425);

pub(crate) async fn sign_in(page: &Page, server: &Server, account: &str) {
    page.fill("sign-in-account", account).await;
    page.fill("sign-in-password", &server.password).await;
    page.tap("sign-in-submit").await;
}

/// Opens the app on the bank and signs in; returns when it works without a network.
pub(crate) async fn arrive(page: &Page, server: &Server, account: &str) {
    arrive_as(page, server, account, "段").await;
}

/// The same for somebody whose home names something else than a reach.
pub(crate) async fn arrive_as(page: &Page, server: &Server, account: &str, duty: &str) {
    page.stand_at(&server.url(), BANK.0, BANK.1).await;
    page.goto(&server.url()).await;
    sign_in(page, server, account).await;
    page.see("home-cleanup").await;
    page.ready_for_offline().await;
    // Reach and catalogue are there, so that both have names without a network.
    page.see_text("home-reach", duty).await;
}

/// Kind, photos, save: the three touches of a clean-up, and the confirmation.
pub(crate) async fn record_cleanup(page: &Page, before: &[&Photo], after: &[&Photo]) {
    Quick::Cleanup.record(page, before, after).await;
}

/// Every picture on the screen is there, also without a network.
pub(crate) const DRAWN: &str = "const all = [...document.images];
     return all.length > 0 && all.every(i => i.complete && i.naturalWidth > 0)";
