use crate::filled::{ACCOUNT, Filled, Wanted};
use crate::signed_in_at;
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use xunhe_tests::browser::{PHONE, Phone};
use xunhe_tests::page::Page;
use xunhe_tests::server::Server;
use xunhe_tests::strait::Strait;

/// I-18: 500 reports with three photos of 2 MiB each, 3 GB in all.
const QUEUE: Wanted = Wanted {
    reports: 500,
    photos: 3,
    photo: 2 * 1024 * 1024,
};
const WHILE: Duration = Duration::from_mins(2);
const EVERY: Duration = Duration::from_secs(1);
const OPENINGS: u32 = 3;

/// What a page with a very full queue needs: to open, and while it sends as fast as it can.
pub(crate) async fn memory() {
    let data = TempDir::new().unwrap();
    let server = Server::start(data.path());
    let strait = Strait::start(&server.url());
    let phone = Phone::new(PHONE);
    let page = signed_in_at(&strait.url, &server.password, &phone, ACCOUNT).await;
    let empty = used(&page, &phone).await;
    let filled = Filled::make(QUEUE, 9).await;
    strait.cut();
    filled.put_into(&page).await;
    let (waiting, gigabytes) = (filled.reports, gb(filled.photos));
    drop(filled);
    page.close().await;

    println!(
        "| {waiting} reports and {gigabytes:.2} GB of photos wait | usable, ms | the queue counted on the screen, ms |\n|---|--:|--:|"
    );
    let mut page = None;
    for n in 1..=OPENINGS {
        phone.kill_browser();
        let opened = phone.open().await;
        opened
            .before_load(&MADE.replace("WORDS", &format!("{waiting} 条待上传")))
            .await;
        opened.cdp("Performance.enable", json!({})).await;
        opened.goto(&strait.url).await;
        opened
            .until_true("the queue is counted", "return !!window.seenAt")
            .await;
        let at = "return performance.getEntriesByName('usable')[0].startTime";
        let usable = opened.run(at).await.as_f64().unwrap();
        let seen = opened.run("return window.seenAt").await.as_f64().unwrap();
        println!("| browser killed and opened, no network: {n} | {usable:.0} | {seen:.0} |");
        page = Some(opened);
    }
    let page = page.unwrap();

    println!(
        "\n| MiB | page's process, private | resident | JS heap | wasm |\n|---|--:|--:|--:|--:|"
    );
    empty.row("nothing waits");
    used(&page, &phone).await.row("opened, no network");
    let before = strait.carried().0;
    let begun = Instant::now();
    strait.widen();
    page.run("window.dispatchEvent(new Event('online'))").await;
    let mut most = Used::default();
    while begun.elapsed() < WHILE {
        most = most.or_more(&used(&page, &phone).await);
        tokio::time::sleep(EVERY).await;
    }
    let sent = gb(strait.carried().0 - before);
    let took = begun.elapsed().as_secs();
    most.row(&format!("most in {took} s of sending, {sent:.2} GB"));
    println!(
        "\nAt the end: {}",
        page.text("status-line").await.unwrap_or_default()
    );
    page.close().await;
}

/// Bytes.
#[derive(Debug, Clone, Copy, Default)]
struct Used {
    private: f64,
    resident: f64,
    heap: f64,
    wasm: f64,
}

impl Used {
    fn or_more(self, other: &Self) -> Self {
        Self {
            private: self.private.max(other.private),
            resident: self.resident.max(other.resident),
            heap: self.heap.max(other.heap),
            wasm: self.wasm.max(other.wasm),
        }
    }

    fn row(&self, name: &str) {
        let mib = |bytes: f64| bytes / 1_048_576.0;
        println!(
            "| {name} | {:.0} | {:.0} | {:.1} | {:.1} |",
            mib(self.private),
            mib(self.resident),
            mib(self.heap),
            mib(self.wasm)
        );
    }
}

async fn used(page: &Page, phone: &Phone) -> Used {
    let metrics = page.cdp("Performance.getMetrics", json!({})).await;
    let all = metrics["metrics"].as_array().unwrap();
    let heap = all.iter().find(|m| m["name"] == "JSHeapUsedSize");
    let heap = heap.map_or(0.0, |m| m["value"].as_f64().unwrap_or_default());
    let wasm = "return window.memory?.buffer.byteLength ?? 0";
    let wasm = page.run(wasm).await.as_f64().unwrap_or_default();
    // The page's is the largest of them.
    let pages = phone
        .renderers()
        .into_iter()
        .map(|process| rollup(&process));
    let (private, resident) = pages.fold(
        (0.0, 0.0),
        |most, one| if one.0 > most.0 { one } else { most },
    );
    Used {
        private,
        resident,
        heap,
        wasm,
    }
}

/// What a process has for itself and what it has in all, as the system counts.
fn rollup(process: &Path) -> (f64, f64) {
    let text = std::fs::read_to_string(process.join("smaps_rollup")).unwrap_or_default();
    let of = |names: &[&str]| -> f64 {
        let lines = text
            .lines()
            .filter(|l| names.iter().any(|name| l.starts_with(name)));
        let kib = lines.filter_map(|l| l.split_whitespace().nth(1)?.parse::<f64>().ok());
        kib.sum::<f64>() * 1_024.0
    };
    (of(&["Private_"]), of(&["Rss:"]))
}

fn gb(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes / 1_000_000).unwrap()) / 1_000.0
}

/// The first frame that shows the words, and the program's memory.
const MADE: &str = "(() => {
    const look = () => {
        const line = document.querySelector(\"[data-testid='status-line']\");
        if (line?.textContent.includes('WORDS')) window.seenAt = performance.now();
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    for (const how of ['instantiate', 'instantiateStreaming']) {
        const made = WebAssembly[how];
        WebAssembly[how] = async (...asked) => {
            const result = await made(...asked);
            window.memory ??= (result.instance ?? result).exports.memory;
            return result;
        };
    }
})();";
