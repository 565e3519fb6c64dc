use crate::figures::Figures;
use crate::{RUNS, SPEEDS, signed_in, throttle};
use tempfile::TempDir;
use xunhe_tests::browser::{PHONE, Phone};
use xunhe_tests::server::Server;

/// Offline, from the reload to the moment at which the first button can be touched.
pub(crate) async fn start() {
    let data = TempDir::new().unwrap();
    let mut server = Server::start(data.path());
    let phone = Phone::new(PHONE);
    let page = signed_in(&server, &phone).await;
    server.kill();
    println!("| offline reload to usable | median ms | least | most |\n|---|--:|--:|--:|");
    for (name, rate) in SPEEDS {
        throttle(&page, rate).await;
        let mut times = Figures::default();
        for _ in 0..RUNS {
            page.reload().await;
            page.see("home-cleanup").await;
            // The page's own clock, from the start of the navigation to the first button.
            let at = page
                .run("return window.performance.getEntriesByName('usable')[0]?.startTime")
                .await;
            times.add(at.as_f64().unwrap());
        }
        times.row(name);
    }
    page.close().await;
}
