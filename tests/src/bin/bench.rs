//! What a person waits for, measured in a real browser against the real server:
//! `cargo xtask bench start` and `cargo xtask bench save`. Prints markdown tables.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measuring program at a terminal"
)]

use serde_json::json;
use std::time::Instant;
use tempfile::TempDir;
use xunhe_tests::browser::{PHONE, Phone};
use xunhe_tests::page::Page;
use xunhe_tests::photos;
use xunhe_tests::server::Server;

const RUNS: usize = 9;

#[tokio::main]
async fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("start") => start().await,
        Some("save") => save().await,
        other => println!("bench start | save, not {other:?}"),
    }
}

async fn signed_in(server: &Server, phone: &Phone) -> Page {
    let page = phone.open().await;
    page.stand_at(&server.url(), 34.8671, 110.4425).await;
    page.goto(&server.url()).await;
    page.fill("sign-in-account", "wgy-yongji").await;
    page.fill("sign-in-password", &server.password).await;
    page.tap("sign-in-submit").await;
    page.see_text("status-line", "已连上平台").await;
    page.ready_for_offline().await;
    page
}

/// Offline, from the reload to the moment at which the first button can be touched.
async fn start() {
    let data = TempDir::new().unwrap();
    let mut server = Server::start(data.path());
    let phone = Phone::new(PHONE);
    let page = signed_in(&server, &phone).await;
    server.kill();
    println!("| offline reload to usable | median ms | least | most |\n|---|--:|--:|--:|");
    for (name, rate) in [("full speed", 1), ("4× CPU throttle", 4)] {
        page.cdp("Emulation.setCPUThrottlingRate", json!({"rate": rate}))
            .await;
        let mut times = Vec::new();
        for _ in 0..RUNS {
            page.reload().await;
            page.see("home-cleanup").await;
            // The page's own clock, from the start of the navigation to the first button.
            let at = page
                .run("return window.performance.getEntriesByName('usable')[0]?.startTime")
                .await;
            times.push(at.as_f64().unwrap());
        }
        row(name, &mut times);
    }
    page.close().await;
}

/// From the file in hand to "已存手机", as a person sees it, with the disk's own limit beside it.
async fn save() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let small = photos::write(files.path(), "small.jpg", &noise(300 * 1024));
    let large: Vec<_> = (0..3)
        .map(|i| photos::jpeg(files.path(), &format!("large-{i}.jpg"), 6))
        .collect();
    let phone = Phone::new(PHONE);
    let page = signed_in(&server, &phone).await;
    server.kill();
    println!("| until 已存手机 | median ms | least | most |\n|---|--:|--:|--:|");
    let (mut intake, mut submit, mut three) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        page.tap("home-cleanup").await;
        page.tap("kind-LJ-01").await;
        page.choose("photo-before", &small.path).await;
        page.see_count("photo-tile", 1).await;
        page.tap("save").await;
        page.see("saved-confirmation").await;
        intake.push(measured(&page, "photo-stored").await);
        submit.push(measured(&page, "entry-saved").await);
        page.tap("saved-home").await;
    }
    for _ in 0..RUNS.div_ceil(2) {
        page.tap("home-cleanup").await;
        page.tap("kind-LJ-01").await;
        let begun = Instant::now();
        for (n, photo) in large.iter().enumerate() {
            page.choose("photo-before", &photo.path).await;
            page.see_count("photo-tile", n + 1).await;
        }
        page.tap("save").await;
        page.see("saved-confirmation").await;
        three.push(begun.elapsed().as_secs_f64() * 1_000.0);
        page.tap("saved-home").await;
    }
    row("300 KiB photo stored, read back and hashed", &mut intake);
    row(
        "record saved (entry, outbox, chain, draft out)",
        &mut submit,
    );
    row(
        "report with three 4 MB photos, copies included, by hand of the driver",
        &mut three,
    );
    page.close().await;
}

async fn measured(page: &Page, name: &str) -> f64 {
    let script = format!("return performance.getEntriesByName('{name}').pop()?.duration");
    page.run(&script).await.as_f64().unwrap()
}

fn noise(bytes: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let mut all = vec![0xFF, 0xD8, 0xFF, 0xE0];
    while all.len() < bytes - 2 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        all.push(state.to_be_bytes()[0]);
    }
    all.extend([0xFF, 0xD9]);
    all
}

fn row(name: &str, times: &mut [f64]) {
    times.sort_by(f64::total_cmp);
    let (least, most) = (times[0], times[times.len() - 1]);
    println!(
        "| {name} | {:.0} | {least:.0} | {most:.0} |",
        times[times.len() / 2]
    );
}
