use crate::figures::Figures;
use crate::{RUNS, SPEEDS, signed_in, throttle};
use tempfile::TempDir;
use xunhe_tests::browser::{PHONE, Phone};
use xunhe_tests::page::Page;
use xunhe_tests::photos;
use xunhe_tests::quick::Quick;
use xunhe_tests::server::Server;

/// Touches of each quick record, and seconds from the first, on the home screen, to 已存手机, by
/// the page's own clock. The hand is the driver's, which looks every 100 ms; what the phone alone
/// lets a person wait for is the sum over the touches of the time until what they do is seen.
pub(crate) async fn taps() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let photo = photos::jpeg(files.path(), "photo.jpg", 4);
    let phone = Phone::new(PHONE);
    let page = signed_in(&server, &phone).await;
    page.before_load(STOPWATCH).await;
    server.kill();
    page.reload().await;
    println!(
        "| one 4 MB photo | taps from home | of these in the form | speed | s from first touch \
         to 已存手机: median | most | of it the phone's own: median | most |\n\
         |---|--:|--:|---|--:|--:|--:|--:|"
    );
    for quick in Quick::ALL {
        for (name, rate) in SPEEDS {
            throttle(&page, rate).await;
            let (mut whole, mut own) = (Figures::default(), Figures::default());
            let mut touched = 0;
            for _ in 0..RUNS {
                page.see(quick.button()).await;
                page.run("window.stopwatch()").await;
                let before = page.taps();
                quick.record(&page, &[&photo], &[]).await;
                touched = page.taps() - before;
                page.until_true("the watch stands", "return window.whole > 0")
                    .await;
                whole.add(seconds(&page, "whole").await);
                own.add(seconds(&page, "own").await);
                page.tap("saved-home").await;
            }
            let [w50, w100] = [whole.median(), whole.most()];
            let [o50, o100] = [own.median(), own.most()];
            println!(
                "| {} | {touched} | {} | {name} | {w50:.2} | {w100:.2} | {o50:.2} | {o100:.2} |",
                quick.name(),
                touched - 1,
            );
        }
    }
    page.close().await;
}

async fn seconds(page: &Page, name: &str) -> f64 {
    let milliseconds = page.run(&format!("return window.{name}")).await;
    milliseconds.as_f64().unwrap() / 1_000.0
}

/// What each touch leads to: the form, the chosen kind, the kept photo, the confirmation.
const STOPWATCH: &str = "window.stopwatch = () => {
    const named = id => document.querySelectorAll(`[data-testid='${id}']`).length;
    const steps = [
        () => named('save'),
        () => document.querySelector(\"[data-testid^='kind-'][aria-pressed='true']\"),
        () => named('photo-tile'),
        () => named('saved-confirmation'),
    ];
    window.whole = window.own = 0;
    let first, begun;
    const touched = event => { begun ??= event.timeStamp; first ??= begun; };
    const look = new MutationObserver(() => {
        if (begun === undefined || !steps[0]()) return;
        steps.shift();
        const from = begun;
        begun = undefined;
        // The frame that shows it.
        requestAnimationFrame(() => setTimeout(() => {
            const now = performance.now();
            window.own += now - from;
            if (steps.length === 0) window.whole = now - first;
        }));
        if (steps.length > 0) return;
        look.disconnect();
        removeEventListener('click', touched, true);
        removeEventListener('change', touched, true);
    });
    addEventListener('click', touched, true);
    addEventListener('change', touched, true);
    look.observe(document, { childList: true, subtree: true, attributes: true });
};";
