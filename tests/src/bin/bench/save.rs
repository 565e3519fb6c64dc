use crate::figures::Figures;
use crate::{RUNS, signed_in};
use std::time::Instant;
use tempfile::TempDir;
use xunhe_tests::browser::{PHONE, Phone};
use xunhe_tests::page::Page;
use xunhe_tests::photos;
use xunhe_tests::server::Server;

/// From the file in hand to "已存手机", as a person sees it, with the disk's own limit beside it.
pub(crate) async fn save() {
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
    let (mut intake, mut submit, mut three) =
        (Figures::default(), Figures::default(), Figures::default());
    for _ in 0..RUNS {
        page.tap("home-cleanup").await;
        page.tap("kind-LJ-01").await;
        page.choose("photo-before", &small.path).await;
        page.see_count("photo-tile", 1).await;
        page.tap("save").await;
        page.see("saved-confirmation").await;
        intake.add(measured(&page, "photo-stored").await);
        submit.add(measured(&page, "entry-saved").await);
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
        three.add(begun.elapsed().as_secs_f64() * 1_000.0);
        page.tap("saved-home").await;
    }
    intake.row("300 KiB photo stored, read back and hashed");
    submit.row("record saved (entry, outbox, chain, draft out)");
    three.row("report with three 4 MB photos, copies included, by hand of the driver");
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
