//! The service worker under faults: whatever comes in place of a file, the phone has one whole
//! version or the other, never a mixture and never none.

use domain::hash::Sha256;
use serde_json::{Value, json};
use xunhe_tests::browser::{PHONE, Phone};
use xunhe_tests::page::Page;
use xunhe_tests::site::{Fault, Site, Which};

type Files = Vec<(String, Sha256)>;

/// Registers the worker, or looks for a newer one, which takes over at once: no form is open.
/// How that ended stands in `window.ended`.
async fn install(page: &Page) {
    page.run(
        "window.ended = undefined;
        navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }).then(async r => {
            const before = r.active;
            if (!r.installing && !r.waiting) await r.update();
            const found = r.installing || r.waiting;
            const look = () => {
                if (found.state === 'installed' && before) found.postMessage({ type: 'take-over' });
                if (['activated', 'redundant'].includes(found.state)) window.ended = found.state;
            };
            found.onstatechange = look; look();
        });",
    )
    .await;
}

async fn ended(page: &Page, word: &str) {
    page.until_true(
        &format!("the installation ends as {word}"),
        &format!("return window.ended === '{word}'"),
    )
    .await;
}

/// What the phone would start with: the files of complete versions. The other number counts
/// versions of which only a part is there.
async fn kept(page: &Page) -> (Files, u64) {
    let script = "(async () => {
        const files = []; let halves = 0;
        for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            if (!await cache.match('/__complete')) { halves++; continue; }
            for (const request of await cache.keys()) {
                const url = new URL(request.url).pathname;
                if (url === '/__complete') continue;
                const bytes = await (await cache.match(request)).arrayBuffer();
                const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
                files.push([url, Array.from(digest, b => b.toString(16).padStart(2, '0')).join('')]);
            }
        }
        done({ files, halves }); })()";
    let found = page.run_async(script).await;
    let pair = |v: &Value| {
        let text = |i: usize| v[i].as_str().unwrap().to_owned();
        (text(0), text(1).parse().unwrap())
    };
    let files = found["files"].as_array().unwrap().iter().map(pair);
    let mut files: Files = files.collect();
    files.sort();
    (files, found["halves"].as_u64().unwrap())
}

/// Every file in every way: what was there stays, whole.
async fn every_fault(site: &Site, page: &Page, which: Which, stays: &Files) {
    for (url, _) in site.files(which) {
        for fault in Fault::ALL {
            site.serve(which, Some((&url, fault)));
            install(page).await;
            if fault == Fault::Hangs {
                page.wait_for("the file hangs", || site.hangs()).await;
                assert_eq!(kept(page).await.0, *stays, "while {url} hangs");
                site.let_go();
            }
            ended(page, "redundant").await;
            assert_eq!(kept(page).await, (stays.clone(), 0), "{url}: {fault:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_has_one_whole_version_whatever_comes_in_place_of_a_file() {
    let site = Site::open().await;
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    // A page that the worker leaves alone: the app itself would register the worker, too.
    let beside = format!("{}/healthz", site.url());
    page.goto(&beside).await;
    let whole = |which| {
        let mut files = site.files(which);
        files.sort();
        files
    };
    let (first, second) = (whole(Which::First), whole(Which::Second));
    assert!(first.len() >= 10 && first != second);

    every_fault(&site, &page, Which::First, &Vec::new()).await;
    site.serve(Which::First, None);
    install(&page).await;
    ended(&page, "activated").await;
    assert_eq!(kept(&page).await, (first.clone(), 0));

    every_fault(&site, &page, Which::Second, &first).await;
    // The first starts without a network after all that.
    site.go_down(true);
    page.goto(site.url()).await;
    page.see("sign-in-submit").await;
    page.goto(&beside).await;
    site.go_down(false);
    site.serve(Which::Second, None);
    install(&page).await;
    ended(&page, "activated").await;
    assert_eq!(kept(&page).await, (second, 0));
    site.go_down(true);
    page.goto(site.url()).await;
    page.see("sign-in-submit").await;

    // The emergency exit: worker and files go, what was recorded stays.
    let databases = "indexedDB.databases().then(all => done(all.length))";
    let before = page.run_async(databases).await;
    assert!(before.as_u64() > Some(0));
    site.go_down(false);
    site.kill_switch(true);
    page.goto(site.url()).await;
    page.goto(&beside).await;
    page.until_true_soon(
        "the worker and its files are gone",
        "Promise.all([navigator.serviceWorker.getRegistrations(), caches.keys()])
            .then(([workers, names]) => done(workers.length === 0 && names.length === 0))",
    )
    .await;
    assert_eq!(page.run_async(databases).await, before);
    assert_eq!(before, json!(1));
    page.close().await;
}
