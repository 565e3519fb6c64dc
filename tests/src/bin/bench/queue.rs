use crate::figures::Figures;
use crate::{RUNS, seed};
use domain::register::Day;
use domain::wire::RecordPage;
use serde_json::json;
use std::time::Instant;
use tempfile::TempDir;
use xunhe_tests::api::Api;
use xunhe_tests::browser::{DESK, Phone};
use xunhe_tests::page::Page;
use xunhe_tests::pen;
use xunhe_tests::server::Server;

/// Questions of each sort and client.
const ASKED: usize = 60;
const CLIENTS: usize = 8;

/// How many cases; 100,000 with `XUNHE_CASES=100000`.
fn wanted() -> u32 {
    let set = std::env::var("XUNHE_CASES").ok();
    set.and_then(|n| n.parse().ok()).unwrap_or(10_000)
}

/// The desk of a city over so many cases: what the queue asks the server, and what is seen.
pub(crate) async fn queue() {
    let data = TempDir::new().unwrap();
    let server = Server::start(data.path());
    let begun = Instant::now();
    let entries = seed::cases(&server, wanted()).await;
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{} cases of {entries} entries, taken in {seconds:.0} s.\n",
        wanted()
    );
    over_http(&server).await;
    println!();
    on_the_screen(&server).await;
}

async fn over_http(server: &Server) {
    let city = Api::sign_in(&server.url(), "hzb-yc", &server.password).await;
    let county = Api::sign_in(&server.url(), "hzb-hejin", &server.password).await;
    println!(
        "| asked by HTTP | of | 1 client p50 ms | p95 | {CLIENTS} clients p50 ms | p95 | goal p95 |\n\
         |---|--:|--:|--:|--:|--:|--:|"
    );
    let today = Day::in_china(pen::now()).unwrap();
    let (deep, ids) = far_down(&city).await;
    let lists = [
        ("first page", String::new()),
        ("待受理", "stage=registered".to_owned()),
        ("待交办", "stage=accepted".to_owned()),
        ("整改中", "stage=handed_over,in_hand".to_owned()),
        ("待复核", "stage=closure_applied".to_owned()),
        ("已销号", "stage=closed".to_owned()),
        ("one unit", "unit=swj-yanhu".to_owned()),
        ("overdue", format!("due_before={today}")),
        ("one county", "division=hejin".to_owned()),
        ("one town", "division=hejin-102".to_owned()),
        ("one problem", "problem=SL-03".to_owned()),
        ("search: words", "search=岸边".to_owned()),
        ("search: nothing found", "search=找不到的话".to_owned()),
        (
            "one unit, overdue",
            format!("unit=swj-yanhu&due_before={today}"),
        ),
        ("the middle page", format!("after={deep}")),
    ];
    for (name, filter) in &lists {
        let path = format!("/records?{filter}");
        let total = total(&city, &path).await;
        ask(name, &total, &city, &[path], 200).await;
    }
    let path = "/records?".to_owned();
    let of = total(&county, &path).await;
    ask("first page of a county's desk", &of, &county, &[path], 200).await;
    for (name, filter) in [("map", ""), ("map of 待受理", "stage=registered")] {
        ask(name, "–", &city, &[format!("/map/records?{filter}")], 200).await;
    }
    let paths: Vec<_> = ids.iter().map(|id| format!("/records/{id}")).collect();
    ask("one case, each time another", "–", &city, &paths, 100).await;
}

async fn total(api: &Api, path: &str) -> String {
    let page: RecordPage = serde_json::from_slice(&api.bytes(path).await).unwrap();
    page.total.to_string()
}

/// The mark of the page in the middle, and cases of all pages before it.
async fn far_down(api: &Api) -> (String, Vec<String>) {
    let (mut mark, mut ids) = (None::<String>, Vec::new());
    let mut left = None;
    loop {
        let after = mark.map(|m| format!("&after={m}")).unwrap_or_default();
        let bytes = api.bytes(&format!("/records?limit=200{after}")).await;
        let page: RecordPage = serde_json::from_slice(&bytes).unwrap();
        let pages = left.unwrap_or(page.total / 400);
        ids.push(page.rows[0].record_id.to_string());
        ids.push(page.rows[99].record_id.to_string());
        mark = page.next;
        if pages <= 1 {
            return (mark.unwrap(), ids);
        }
        left = Some(pages - 1);
    }
}

async fn ask(name: &str, of: &str, api: &Api, paths: &[String], goal: u32) {
    let alone = asked(api.clone(), paths.to_vec()).await;
    let crowd = (0..CLIENTS).map(|_| tokio::spawn(asked(api.clone(), paths.to_vec())));
    let crowd: Vec<_> = crowd.collect();
    let mut together = Figures::default();
    for client in crowd {
        together.join(&client.await.unwrap());
    }
    let [a50, a95] = [50, 95].map(|p| alone.percentile(p));
    let [t50, t95] = [50, 95].map(|p| together.percentile(p));
    println!("| {name} | {of} | {a50:.1} | {a95:.1} | {t50:.1} | {t95:.1} | {goal} |");
}

async fn asked(api: Api, paths: Vec<String>) -> Figures {
    let mut times = Figures::default();
    for n in 0..ASKED {
        let begun = Instant::now();
        api.bytes(&paths[n % paths.len()]).await;
        times.add(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    times
}

/// By the page's own clock, full speed.
async fn on_the_screen(server: &Server) {
    let desk = Phone::new(DESK);
    let page = desk.open().await;
    page.before_load(FIRST_ROWS).await;
    page.goto(&format!("{}/console/", server.url())).await;
    page.fill("sign-in-account", "hzb-yc").await;
    page.fill("sign-in-password", &server.password).await;
    page.tap("sign-in-submit").await;
    page.see("console-row").await;
    println!("| on the screen | median ms | least | most |\n|---|--:|--:|--:|");
    let mut opened = Figures::default();
    for _ in 0..RUNS {
        page.reload().await;
        opened.add(when(&page, "rows").await);
    }
    opened.row("console opened anew until rows are drawn");
    page.see("queue-record").await;
    let mut next = Figures::default();
    for _ in 0..20 {
        page.run(WATCH_RECORD).await;
        page.key("j").await;
        next.add(when(&page, "shown").await);
    }
    next.row("J until the next case is drawn beside the list (it waits 120 ms for another J)");
    let mut tray = Figures::default();
    for name in ["tray-accepted", "tray-closed", "tray-registered", "tray-"] {
        page.run(WATCH_ROWS).await;
        page.tap(name).await;
        tray.add(when(&page, "changed").await);
    }
    tray.row("another tray touched until its rows are drawn");
    page.close().await;
}

async fn when(page: &Page, name: &str) -> f64 {
    let come = format!("return window.{name} !== undefined");
    page.until_true(name, &come).await;
    let answer = page
        .run(&format!(
            "const at = window.{name}; window.{name} = undefined; return at"
        ))
        .await;
    assert_ne!(answer, json!(null));
    answer.as_f64().unwrap()
}

/// From the start of the navigation to the frame after the first row.
const FIRST_ROWS: &str = "(() => {
    window.after = (name, from) => requestAnimationFrame(() =>
        setTimeout(() => { window[name] = performance.now() - from; }));
    const look = new MutationObserver(() => {
        if (!document.querySelector(\"[data-testid='console-row']\")) return;
        look.disconnect();
        window.after('rows', 0);
    });
    look.observe(document, { childList: true, subtree: true });
})();";

/// From the next key to the frame after another case stands beside the list.
const WATCH_RECORD: &str = "const title = () =>
        document.querySelector(\"[data-testid='queue-record'] h1\")?.textContent;
    const old = title();
    let begun;
    addEventListener('keydown', e => { begun = e.timeStamp; }, { capture: true, once: true });
    const look = new MutationObserver(() => {
        const now = title();
        if (begun === undefined || !now || now === old) return;
        look.disconnect();
        window.after('shown', begun);
    });
    look.observe(document, { childList: true, subtree: true, characterData: true });";

/// From the next touch to the frame after the number of rows in all changed.
const WATCH_ROWS: &str = "const total = () =>
        document.querySelector(\"[data-testid='console-total']\")?.textContent;
    const old = total();
    let begun;
    addEventListener('click', e => { begun = e.timeStamp; }, { capture: true, once: true });
    const look = new MutationObserver(() => {
        if (begun === undefined || total() === old) return;
        look.disconnect();
        window.after('changed', begun);
    });
    look.observe(document, { childList: true, subtree: true, characterData: true });";
