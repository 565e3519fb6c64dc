//! The server dies in the middle of a photo; what it had confirmed is not sent again.

use crate::steps::{self, INSPECTOR, SUPERVISOR};
use serde_json::json;
use tempfile::TempDir;
use xunhe_tests::api::Api;
use xunhe_tests::browser::{PHONE, Phone};
use xunhe_tests::photos;
use xunhe_tests::server::Server;

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_costs_at_most_the_chunks_under_way() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let photo = photos::jpeg(files.path(), "large.jpg", 8);
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, INSPECTOR).await;

    // A thin link, so that the photo takes many chunks.
    page.cdp("Network.enable", json!({})).await;
    let thin = json!({
        "offline": false, "latency": 20, "downloadThroughput": -1, "uploadThroughput": 600_000
    });
    page.cdp("Network.emulateNetworkConditions", thin).await;
    steps::record_cleanup(&page, &[&photo], &[]).await;
    page.tap("saved-home").await;
    page.tap("tab-outbox").await;
    page.until_true("a good part of the photo is confirmed", PART_SENT)
        .await;
    server.kill();
    page.tap("tab-home").await;
    page.see_text("status-line", "没有连上平台").await;
    server.restart();
    let wide = json!({
        "offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1
    });
    page.cdp("Network.emulateNetworkConditions", wide).await;
    page.tap("tab-outbox").await;
    page.tap("sync-now").await;
    page.see_text("receipt-photo", "照片已收 1/1").await;

    let api = Api::sign_in(&server.url(), SUPERVISOR, &server.password).await;
    let list = api.records().await;
    let view = api.record(&list, 0).await;
    let entry = view.entries[0].entry.clone().check().unwrap();
    let index = entry
        .header()
        .blobs
        .iter()
        .position(|b| b.sha256 == photo.sha256)
        .unwrap();
    assert_eq!(api.blob_hash(&view, 0, index).await, photo.sha256);

    // By the server's own account of both lives: no confirmed byte of the photo came twice.
    let chunks = server.chunks_of(photo.size);
    let sent: u64 = chunks.iter().map(|c| c.len).sum();
    assert!(chunks.len() > 3, "the photo went in one piece: {chunks:?}");
    assert_eq!(
        sent, photo.size,
        "confirmed bytes were sent again: {chunks:?}"
    );
    page.close().await;
}

const PART_SENT: &str = "const bar = document.querySelector(\"[data-testid='upload-progress']\");\
     return !!bar && Number(bar.value) >= 30 && Number(bar.value) < 90";
