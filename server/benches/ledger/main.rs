//! How long a ledger takes, and how much memory: `cargo bench -p xunhe-server --bench ledger`.
//!
//! The real server over a real socket with as many problems as a large county has in a month,
//! each with a picture before and one after. The memory is that of the whole process, the asking
//! side included, which drops what it gets piece by piece.

#![expect(clippy::unwrap_used, reason = "a bench ends at the first surprise")]
#![expect(clippy::print_stdout, reason = "the table is the product")]

#[path = "../../tests/it/support/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    reason = "shared with the tests, which use all of it"
)]
mod support;

use domain::entry::{BlobRef, Entry};
use domain::ids::EntryId;
use domain::record::{Fields, Finding, Outcome, ProblemCode};
use image::{ExtendedColorType, ImageEncoder as _, codecs::jpeg::JpegEncoder};
use reqwest::Method;
use std::time::Instant;
use support::pen::{jpeg, photo, thumb};
use support::{Client, Pen, TestServer};
use uuid::Uuid;

const ROWS: u32 = 2_000;
const ROUNDS: usize = 5;

#[tokio::main]
async fn main() {
    // `cargo test` runs benches with --test to see that they start: they are not measured then.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    let server = TestServer::start().await;
    fill(&server.client("wgy-hejin").await).await;
    let desk = server.client("hzb-hejin").await;
    println!("| {ROWS} rows | median s | least | most | file MiB | memory above rest, MiB |");
    println!("|---|--:|--:|--:|--:|--:|");
    for (name, photos) in [("without pictures", 0), ("with 2 pictures each", 1)] {
        let path = format!("/api/v1/ledgers/problems?photos={photos}");
        let (mut times, mut file, mut peak) = (Vec::new(), 0, 0);
        for _ in 0..ROUNDS {
            let rest = memory("VmRSS");
            // The highest mark begins again here.
            std::fs::write("/proc/self/clear_refs", "5").unwrap();
            let begun = Instant::now();
            file = take(&desk, &path).await;
            times.push(begun.elapsed().as_secs_f64());
            peak = peak.max(memory("VmHWM").saturating_sub(rest));
        }
        times.sort_by(f64::total_cmp);
        println!(
            "| {name} | {:.2} | {:.2} | {:.2} | {} | {} |",
            times[ROUNDS / 2],
            times[0],
            times[ROUNDS - 1],
            file >> 20,
            peak >> 10
        );
    }
    server.running.stop().await;
}

/// Asks for a ledger and drops it as it comes; its size in bytes.
async fn take(desk: &Client, path: &str) -> usize {
    let mut answer = desk.request(Method::GET, path).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let mut size = 0;
    while let Some(piece) = answer.chunk().await.unwrap() {
        size += piece.len();
    }
    size
}

/// A line of `/proc/self/status`, KiB.
fn memory(name: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

async fn fill(phone: &Client) {
    let mut pen = Pen::new("wgy-hejin").on("fh-chaijia").at(110.69, 35.54);
    for row in 0..ROWS {
        let copies = [small(row * 2), small(row * 2 + 1)];
        let [before, after] = [0, 1].map(|n| {
            let seed = u8::try_from((row * 2 + n) % 251).unwrap();
            let original = photo(&jpeg(seed, 40 + usize::try_from(row).unwrap()));
            let copy = thumb(&original, &copies[usize::try_from(n).unwrap()]);
            [original, copy]
        });
        let report = report(&mut pen, &before, &after);
        phone.push(&[&report.1]).await;
        for copy in &copies {
            phone.begin(report.0, copy, copy).await;
        }
    }
}

fn report(pen: &mut Pen, before: &[BlobRef; 2], after: &[BlobRef; 2]) -> (EntryId, Entry) {
    let fields = Fields::Finding(Finding {
        problem: ProblemCode("SL-03".to_owned()),
        photos: vec![before[0].sha256],
        after: vec![after[0].sha256],
        no_photo_reason: None,
        outcome: Outcome::HandedUp,
        note: Some("桥下游右岸堆放建筑垃圾约两车，挤占河道".to_owned()),
    });
    let id = EntryId::new(Uuid::now_v7());
    let blobs = [before.clone(), after.clone()].concat();
    let written = fields.write().unwrap();
    (
        id,
        pen.write(id, id.as_record(), fields.kind(), written, blobs),
    )
}

/// A copy as phones make it: 320 pixels, quality 82, about as heavy as one of a river bank.
fn small(seed: u32) -> Vec<u8> {
    let mut state = seed;
    let noise = (0..320 * 240 * 3).map(|at: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let shade = u8::try_from(at / 1_440).unwrap();
        shade / 2 + state.to_be_bytes()[0] / 10
    });
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 82)
        .write_image(
            &noise.collect::<Vec<_>>(),
            320,
            240,
            ExtendedColorType::Rgb8,
        )
        .unwrap();
    bytes
}
