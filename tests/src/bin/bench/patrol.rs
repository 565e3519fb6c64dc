use crate::figures::Figures;
use crate::signed_in_as;
use domain::entry::Kind;
use domain::patrol::{PART_MS, TrackFix, read_track};
use domain::record::Fields;
use serde_json::json;
use tempfile::TempDir;
use xunhe_tests::api::Api;
use xunhe_tests::browser::{PHONE, Phone};
use xunhe_tests::page::Page;
use xunhe_tests::server::Server;

const HOURS: u32 = 4;
const FIXES_AN_HOUR: u32 = 3_600;
const RESUMES: usize = 5;

/// Four hours at 1 Hz along the 汾河, without a network. The page's clock and its positions are
/// made by a script; everything behind them is the product. A fix is given when what the one
/// before caused is on the medium, so an hour passes in about a minute.
pub(crate) async fn patrol() {
    let data = TempDir::new().unwrap();
    let mut server = Server::start(data.path());
    let phone = Phone::new(PHONE);
    signed_in_as(&server, &phone, "xz-hejin")
        .await
        .close()
        .await;
    server.kill();
    let mut page = walking(&phone, &server, false).await;
    page.tap("home-patrol").await;
    page.see_text("patrol-lacking", "还差").await;

    println!(
        "| hour | main thread ms a fix | tasks > 50 ms | longest ms | JS heap MiB | wasm memory MiB | IndexedDB MiB |\n\
         |---|--:|--:|--:|--:|--:|--:|"
    );
    state(&page, "begin", None).await;
    for hour in 0..HOURS {
        let busy = metric(&page, "TaskDuration").await;
        page.run("window.long = []").await;
        feed(&page, hour * FIXES_AN_HOUR, FIXES_AN_HOUR).await;
        let busy = metric(&page, "TaskDuration").await - busy;
        let a_fix = busy * 1_000.0 / f64::from(FIXES_AN_HOUR);
        state(&page, &(hour + 1).to_string(), Some(a_fix)).await;
    }
    println!();
    let walked = page.text("patrol-metres").await.unwrap();

    let mut resumed = Figures::default();
    for _ in 0..RESUMES {
        phone.kill_renderer();
        phone.kill_browser();
        drop(page);
        page = walking(&phone, &server, true).await;
        page.tap("home-patrol").await;
        page.see_text("patrol-metres", &walked).await;
        let at = "return performance.getEntriesByName('patrol-resumed')[0].startTime";
        resumed.add(page.run(at).await.as_f64().unwrap());
    }
    println!("| after four hours | median ms | least | most |\n|---|--:|--:|--:|");
    resumed.row("killed browser opened again to the patrol going on, its track read");
    println!();

    page.tap("patrol-end").await;
    page.tap("patrol-save").await;
    page.see_text("saved-confirmation", "已存手机").await;
    server.restart();
    page.tap("saved-home").await;
    page.tap("tab-outbox").await;
    page.tap("sync-now").await;
    page.tap("tab-home").await;
    page.see_text("status-line", "0 条待上传").await;
    let api = Api::sign_in(&server.url(), "hzb-hejin", &server.password).await;
    // The texts first, then the tracks.
    let held = async || {
        let list = api.records().await;
        list.rows.iter().all(|r| r.blobs_held == r.blobs_named)
    };
    page.until("every track is held", held).await;
    page.close().await;
    arrived(&api).await;
}

/// The phone opened with a made clock and made positions; once the patrol has begun the clock is
/// right.
async fn walking(phone: &Phone, server: &Server, begun: bool) -> Page {
    let page = phone.open().await;
    let made = MADE.replace("BEGUN", &begun.to_string());
    page.before_load(&made).await;
    page.cdp("Performance.enable", json!({})).await;
    page.goto(&server.url()).await;
    page
}

async fn feed(page: &Page, from: u32, count: u32) {
    // One call of the driver waits 30 s at most.
    for chunk in (from..from + count).step_by(600) {
        let script = format!("window.walk({chunk}, 600).then(() => done(true))");
        assert_eq!(page.run_async(&script).await, json!(true));
    }
}

async fn state(page: &Page, name: &str, a_fix: Option<f64>) {
    page.cdp("HeapProfiler.collectGarbage", json!({})).await;
    let heap = metric(page, "JSHeapUsedSize").await;
    let wasm = number(page, "return window.memory?.buffer.byteLength ?? 0").await;
    let tasks = number(page, "return window.long.length").await;
    let longest = number(page, "return Math.max(0, ...window.long)").await;
    let used = "navigator.storage.estimate().then(e => done(e.usageDetails?.indexedDB ?? e.usage))";
    let used = page.run_async(used).await.as_f64().unwrap();
    let a_fix = a_fix.map_or_else(|| "–".to_owned(), |ms| format!("{ms:.2}"));
    println!(
        "| {name} | {a_fix} | {tasks:.0} | {longest:.0} | {:.1} | {:.1} | {:.1} |",
        mib(heap),
        mib(wasm),
        mib(used)
    );
}

fn mib(bytes: f64) -> f64 {
    bytes / 1_048_576.0
}

async fn number(page: &Page, script: &str) -> f64 {
    page.run(script).await.as_f64().unwrap()
}

/// A figure that Chromium keeps of the page.
async fn metric(page: &Page, name: &str) -> f64 {
    let answer = page.cdp("Performance.getMetrics", json!({})).await;
    let all = answer["metrics"].as_array().unwrap();
    let found = all.iter().find(|m| m["name"] == name).unwrap();
    found["value"].as_f64().unwrap()
}

/// What the platform holds of it in the end.
async fn arrived(api: &Api) {
    let list = api.records().await;
    let row = list.rows.iter().position(|r| r.kind == "patrol_start");
    let view = api.record(&list, row.unwrap()).await;
    let (mut fixes, mut blobs) = (Vec::<TrackFix>::new(), Figures::default());
    let mut spans = Figures::default();
    let mut finish = None;
    for (place, entry) in view.entries.iter().enumerate() {
        let checked = entry.entry.clone().check().unwrap();
        if checked.header().kind == Kind::Track {
            let bytes = api.blob(&view, place, 0).await;
            blobs.add(f64::from(u32::try_from(bytes.len()).unwrap()));
            let part = read_track(&bytes).unwrap();
            let span = part[part.len() - 1].at_ms - part[0].at_ms;
            assert!(span < PART_MS, "a part of {span} ms");
            spans.add(f64::from(i32::try_from(span).unwrap()) / 1_000.0);
            fixes.extend(part);
        }
        if let Fields::PatrolFinish(end) = checked.body().unwrap().1 {
            finish = Some(end);
        }
    }
    let finish = finish.unwrap();
    println!(
        "| of {} fixes at 1 Hz | |\n|---|--:|\n\
         | fixes on the platform | {} |\n\
         | track entries | {} |\n\
         | longest of them, s | {:.0} |\n\
         | track blobs together, KiB | {:.0} |\n\
         | bytes a fix | {:.1} |\n\
         | metres, gaps, share of the reach | {}, {}, {} % |",
        HOURS * FIXES_AN_HOUR,
        fixes.len(),
        blobs.count(),
        spans.most(),
        blobs.sum() / 1_024.0,
        blobs.sum() / f64::from(u32::try_from(fixes.len()).unwrap()),
        finish.metres,
        finish.gaps,
        finish.percent.unwrap_or_default(),
    );
}

/// A clock that stands where the walk is, positions by hand, and what they cost.
const MADE: &str = "(() => {
    const start = Math.floor(Date.now() / 1000) * 1000 - 4 * 3600 * 1000;
    const kept = Number(sessionStorage.getItem('walked') ?? 0);
    let now = start;
    Date.now = () => now;
    const hear = new Set();
    const watchPosition = found => { hear.add(found); return hear.size; };
    Object.defineProperty(navigator, 'geolocation', { value: { watchPosition, clearWatch: () => {} } });

    // Everything that is under way to the medium.
    let writing = 0;
    const open = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (...asked) {
        const transaction = open.apply(this, asked);
        writing += 1;
        for (const end of ['complete', 'abort']) transaction.addEventListener(end, () => { writing -= 1; });
        return transaction;
    };

    window.long = [];
    new PerformanceObserver(list => {
        for (const task of list.getEntries()) window.long.push(task.duration);
    }).observe({ type: 'longtask' });
    for (const how of ['instantiate', 'instantiateStreaming']) {
        const made = WebAssembly[how];
        WebAssembly[how] = async (...asked) => {
            const result = await made(...asked);
            const instance = result.instance ?? result;
            window.memory ??= instance.exports.memory;
            return result;
        };
    }

    // A metre a second up and down the reach, with the receiver's own unrest.
    const place = second => {
        const along = Math.abs(((second * 1.1) % 3600) - 1800);
        const unrest = 3 * Math.sin(second / 23) + Math.sin(second / 3.1);
        return {
            latitude: 35.5472 + unrest / 111320,
            longitude: 110.7020 - along / 90600,
            accuracy: 8 + Math.abs(unrest),
        };
    };
    const tick = () => new Promise(next => setTimeout(next));
    window.walk = async (from, count) => {
        for (let second = from; second < from + count; second += 1) {
            now = start + second * 1000;
            for (const found of hear) found({ coords: place(second), timestamp: now });
            do { await tick(); } while (writing > 0);
        }
    };
})();";
