use crate::figures::Figures;
use crate::filled::{ACCOUNT, Filled, Wanted};
use crate::signed_in_at;
use axum::Router;
use axum::body::Bytes;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use xunhe_tests::browser::{PHONE, Phone};
use xunhe_tests::page::Page;
use xunhe_tests::photos;
use xunhe_tests::quick::Quick;
use xunhe_tests::server::Server;
use xunhe_tests::strait::{Speed, Strait};

const PHOTO: usize = 200 * 1024;
const CUT: Duration = Duration::from_secs(5);
const LIMIT: Duration = Duration::from_mins(10);
/// Runs with texts; one with photos takes minutes.
const RUNS: usize = 3;
/// Reports saved while photos go up.
const SAVES: usize = 7;

/// The links of the peers' figures, and how many photos they carried over each.
const LINKS: [(&str, Speed, u32); 3] = [
    ("2G 250 kbps / 300 ms", speed(250_000, 300), 10),
    ("3G 750 kbps / 100 ms", speed(750_000, 100), 20),
    ("4G 9 Mbps / 40 ms", speed(9_000_000, 40), 100),
];

const fn speed(bits: u32, round_trip: u64) -> Speed {
    Speed {
        bits,
        round_trip: Duration::from_millis(round_trip),
    }
}

/// A phone's queue over narrow links: the app in its browser, the real server, and between them a
/// relay that counts.
pub(crate) async fn link() {
    println!(
        "| link | what | s | up KiB | down KiB | the same bytes in one plain upload, s | goal s |\n\
         |---|---|--:|--:|--:|--:|--:|"
    );
    // One link alone, if its name was said.
    let wanted = std::env::args().nth(2).unwrap_or_default();
    for ((name, speed, photos), goal) in LINKS.into_iter().zip(["6", "3", "1"]) {
        if !name.starts_with(&wanted) {
            continue;
        }
        let reports = Wanted {
            reports: 500,
            photos: 0,
            photo: 0,
        };
        let pictures = Wanted {
            reports: photos,
            photos: 1,
            photo: PHOTO,
        };
        let what = format!("{photos} photos of 200 KiB");
        rows(name, "500 reports", speed, reports, RUNS, goal).await;
        let goal = if photos == 100 { "20" } else { "–" };
        rows(name, &what, speed, pictures, 1, goal).await;
    }
    println!();
    if LINKS[0].0.starts_with(&wanted) {
        newest().await;
    }
}

/// What one run came to.
struct Run {
    seconds: f64,
    up: u64,
    down: u64,
}

async fn rows(name: &str, what: &str, speed: Speed, wanted: Wanted, runs: usize, goal: &str) {
    let filled = Filled::make(wanted, 7).await;
    let plain = plain(speed, filled.texts.max(filled.photos)).await;
    let (mut took, mut up, mut down) = (Figures::default(), Figures::default(), Figures::default());
    let mut add = |run: &Run| {
        took.add(run.seconds);
        up.add(kib(run.up));
        down.add(kib(run.down));
    };
    for _ in 0..runs {
        add(&run(&filled, speed, None).await);
    }
    let (seconds, up) = (took.median(), up.median());
    println!(
        "| {name} | {what} | {seconds:.2} | {up:.0} | {:.0} | {plain:.2} | {goal} |",
        down.median()
    );
    // Texts are soon over; in the middle of what they took.
    let cut = run(&filled, speed, Some(Duration::from_secs_f64(seconds / 2.0))).await;
    println!(
        "| {name} | {what}, cut for 5 s in the middle | {:.2} | {:.0} ({:+.0}) | {:.0} | | |",
        cut.seconds,
        kib(cut.up),
        kib(cut.up) - up,
        kib(cut.down),
    );
}

fn kib(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes / 1024).unwrap())
}

/// From the word that there is a network until the page says that everything is received.
async fn run(filled: &Filled, speed: Speed, cut: Option<Duration>) -> Run {
    let data = TempDir::new().unwrap();
    let bank = Bank::open(data.path(), filled).await;
    let before = bank.strait.carried();
    bank.strait.narrow(speed);
    bank.go_on(&format!("平台已收 {} 条", filled.reports)).await;
    if let Some(after) = cut {
        tokio::time::sleep(after).await;
        bank.strait.cut();
        tokio::time::sleep(CUT).await;
        bank.strait.narrow(speed);
    }
    let seconds = bank.done().await;
    let (up, down) = bank.strait.carried();
    bank.page.close().await;
    Run {
        seconds,
        up: up - before.0,
        down: down - before.1,
    }
}

/// A phone with a full queue, and no network.
struct Bank {
    strait: Strait,
    page: Page,
    _phone: Phone,
    _server: Server,
}

impl Bank {
    async fn open(data: &Path, filled: &Filled) -> Self {
        let server = Server::start(data);
        let strait = Strait::start(&server.url());
        let phone = Phone::new(PHONE);
        let page = signed_in_at(&strait.url, &server.password, &phone, ACCOUNT).await;
        strait.cut();
        filled.put_into(&page).await;
        page.reload().await;
        let waiting = format!("{} 条待上传", filled.reports);
        page.see_text("status-line", &waiting).await;
        page.see_text("status-line", "没有连上平台").await;
        Self {
            strait,
            page,
            _phone: phone,
            _server: server,
        }
    }

    /// Tells the page that there is a network, as a system does, and looks out for some words.
    async fn go_on(&self, words: &str) {
        self.page.run(&WATCH.replace("WORDS", words)).await;
    }

    /// Seconds until the words were there.
    async fn done(&self) -> f64 {
        let begun = Instant::now();
        loop {
            let script = "return window.seenAt === null ? null : window.seenAt - window.begunAt";
            if let Some(ms) = self.page.run(script).await.as_f64() {
                return ms / 1_000.0;
            }
            assert!(begun.elapsed() < LIMIT, "it does not come to an end");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Milliseconds from `from` on the page's clock until the answer to the last push.
    async fn received(&self, from: f64) -> f64 {
        let script =
            format!("return {PUSHED}.filter(p => p.startTime >= {from}).at(-1)?.responseEnd");
        let begun = Instant::now();
        loop {
            if let Some(at) = self.page.run(&script).await.as_f64().filter(|at| *at > 0.0) {
                return at - from;
            }
            assert!(begun.elapsed() < LIMIT, "it is not received");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn number(&self, script: &str) -> f64 {
        self.page.run(script).await.as_f64().unwrap()
    }
}

/// How soon the newest text is there while a hundred photos wait on 2G.
async fn newest() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let wanted = Wanted {
        reports: 100,
        photos: 1,
        photo: PHOTO,
    };
    let filled = Filled::make(wanted, 8).await;
    let small = photos::write(files.path(), "small.jpg", &photos::tiny(64));
    let bank = Bank::open(data.path(), &filled).await;
    let (name, speed, _) = LINKS[0];
    bank.strait.narrow(speed);
    bank.go_on("· 0 条待上传").await;
    bank.done().await;
    let (mut during, mut with) = (Figures::default(), Figures::default());
    for _ in 0..SAVES {
        // Chunks are on their way again.
        let before = bank.strait.carried().0;
        let more = || bank.strait.carried().0 > before + 100 * 1024;
        bank.page.wait_for("photos go up", more).await;
        Quick::Finding.record(&bank.page, &[&small], &[]).await;
        let saved = "const m = performance.getEntriesByName('entry-saved').at(-1); \
                     return m.startTime + m.duration";
        let saved = bank.number(saved).await;
        during.add(bank.received(saved).await);
        bank.page.tap("saved-home").await;
    }
    for _ in 0..SAVES {
        bank.strait.cut();
        bank.page.see_text("status-line", "没有连上平台").await;
        Quick::Finding.record(&bank.page, &[&small], &[]).await;
        bank.page.tap("saved-home").await;
        bank.strait.narrow(speed);
        bank.go_on("· 0 条待上传").await;
        let begun = bank.number("return window.begunAt").await;
        with.add(bank.received(begun).await);
        bank.done().await;
    }
    let left = bank.page.text("status-line").await.unwrap_or_default();
    bank.page.close().await;
    println!(
        "| newest text while photos wait, {name} | median ms | least | most |\n|---|--:|--:|--:|"
    );
    during.row("saved during an upload, until the answer to its push");
    with.row("saved without a network, from the word that there is one");
    println!("\nAt the end: {left}");
}

/// The same bytes to somebody who only takes them.
async fn plain(speed: Speed, bytes: u64) -> f64 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let take = async |all: Bytes| all.len().to_string();
    let limit = axum::extract::DefaultBodyLimit::disable();
    let app = Router::new()
        .route("/", axum::routing::post(take))
        .layer(limit);
    let serving = tokio::spawn(async move { axum::serve(listener, app).await });
    let strait = Strait::start(&url);
    strait.narrow(speed);
    let body = vec![0x5A; usize::try_from(bytes).unwrap()];
    let begun = Instant::now();
    let sent = reqwest::Client::new().post(&strait.url).body(body).send();
    let heard = sent.await.unwrap().text().await.unwrap();
    assert_eq!(heard, bytes.to_string());
    serving.abort();
    begun.elapsed().as_secs_f64()
}

/// All pushes that were answered, by the browser's own record.
const PUSHED: &str =
    "performance.getEntriesByType('resource').filter(r => r.name.endsWith('/sync/push'))";

/// A frame of the page is what a person sees.
const WATCH: &str = "window.seenAt = null;
    window.begunAt = performance.now();
    performance.setResourceTimingBufferSize(100000);
    const look = () => {
        const line = document.querySelector(\"[data-testid='status-line']\");
        if (line?.textContent.includes('WORDS')) window.seenAt = performance.now();
        else requestAnimationFrame(look);
    };
    window.dispatchEvent(new Event('online'));
    requestAnimationFrame(look);";
