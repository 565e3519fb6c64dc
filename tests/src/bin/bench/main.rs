//! What a person waits for, measured in a real browser against the real server:
//! `cargo xtask bench start`, `save`, `taps`, `patrol`, `queue`, `link` and `memory`. Prints markdown tables.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measuring program at a terminal"
)]

mod figures;
mod filled;
mod link;
mod memory;
mod patrol;
mod queue;
mod save;
mod seed;
mod start;
mod taps;
mod words;

use serde_json::json;
use xunhe_tests::browser::Phone;
use xunhe_tests::page::Page;
use xunhe_tests::server::Server;

const RUNS: usize = 9;

/// How fast the processor of the page is.
const SPEEDS: [(&str, u32); 2] = [("full speed", 1), ("4× CPU throttle", 4)];

#[tokio::main]
async fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("start") => start::start().await,
        Some("save") => save::save().await,
        Some("taps") => taps::taps().await,
        Some("patrol") => patrol::patrol().await,
        Some("queue") => queue::queue().await,
        Some("link") => link::link().await,
        Some("memory") => memory::memory().await,
        other => {
            println!("bench start | save | taps | patrol | queue | link | memory, not {other:?}");
        }
    }
}

async fn signed_in(server: &Server, phone: &Phone) -> Page {
    signed_in_as(server, phone, "wgy-yongji").await
}

async fn signed_in_as(server: &Server, phone: &Phone, account: &str) -> Page {
    signed_in_at(&server.url(), &server.password, phone, account).await
}

async fn signed_in_at(url: &str, password: &str, phone: &Phone, account: &str) -> Page {
    let page = phone.open().await;
    page.stand_at(url, 34.8671, 110.4425).await;
    page.goto(url).await;
    page.fill("sign-in-account", account).await;
    page.fill("sign-in-password", password).await;
    page.tap("sign-in-submit").await;
    page.see_text("status-line", "已连上平台").await;
    page.ready_for_offline().await;
    page
}

async fn throttle(page: &Page, rate: u32) {
    page.cdp("Emulation.setCPUThrottlingRate", json!({"rate": rate}))
        .await;
}
