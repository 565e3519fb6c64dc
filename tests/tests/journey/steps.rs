//! What people do in several journeys.

use std::path::Path;
use std::process::Command;
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

/// A clean-up that the phone holds and the server does not: it was killed before.
pub(crate) async fn record_unsent(page: &Page, server: &mut Server, photo: &Photo) {
    arrive(page, server, INSPECTOR).await;
    server.kill();
    record_cleanup(page, &[photo], &[]).await;
    page.tap("saved-home").await;
}

/// Every picture on the screen is there, also without a network.
pub(crate) const DRAWN: &str = "const all = [...document.images];
     return all.length > 0 && all.every(i => i.complete && i.naturalWidth > 0)";

/// The registers as an operator would have them by now: somebody's posts ended long ago. A
/// release that writes registers will do this by its own command.
const END_POSTS: &str = "
import json, sqlite3, sys
data = sqlite3.connect(sys.argv[1])
version, body = data.execute('SELECT version, body FROM registers ORDER BY version DESC').fetchone()
registers = json.loads(body)
for held in registers['assignments']:
    if held['person'] == sys.argv[2]:
        held['from'], held['to'] = '2020-01-01', '2020-12-31'
data.execute('INSERT INTO registers VALUES (?, ?)', (version + 1, json.dumps(registers)))
data.commit()
";

pub(crate) fn end_posts(data: &Path, person: &str) {
    let mut python = Command::new("python3");
    python.args(["-c", END_POSTS]);
    python.arg(data.join("xunhe.sqlite")).arg(person);
    assert!(python.status().unwrap().success());
}
