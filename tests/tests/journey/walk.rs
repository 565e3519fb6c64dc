//! Walking along the water: positions one after the other, a second apart.

use xunhe_tests::page::Page;
use xunhe_tests::server::Server;

/// Beside the drawn line of 柴家镇's reach of the 汾河, which is good to 1 km.
pub(crate) const FENHE: (f64, f64) = (35.5472, 110.6980);

/// One step, metres: as fast as a bicycle.
pub(crate) const STEP_M: u32 = 12;

/// Metres of one degree of longitude at these banks.
const DEGREE_M: f64 = 90_600.0;

/// So many steps west of a bank.
pub(crate) fn place(bank: (f64, f64), steps: u32) -> (f64, f64) {
    (bank.0, bank.1 - f64::from(steps * STEP_M) / DEGREE_M)
}

/// Steps to the west, one a second; each is counted before the next.
pub(crate) async fn walk(
    page: &Page,
    server: &Server,
    bank: (f64, f64),
    steps: std::ops::Range<u32>,
) {
    for step in steps {
        let before = metres(page).await;
        a_second_passes(page).await;
        let (lat, lon) = place(bank, step + 1);
        page.stand_at(&server.url(), lat, lon).await;
        page.until_true(
            "the step is counted",
            &format!("return +document.querySelector(\"[data-testid='patrol-metres']\").textContent > {before}"),
        )
        .await;
    }
}

/// Stands somewhere until the page has heard of it.
pub(crate) async fn stand(page: &Page, server: &Server, (lat, lon): (f64, f64)) {
    a_second_passes(page).await;
    page.run("window.ear ??= navigator.geolocation.watchPosition(p => { window.heard = p.coords.longitude; });")
        .await;
    page.stand_at(&server.url(), lat, lon).await;
    page.until_true(
        "the page has heard where it is",
        &format!("return window.heard === {lon}"),
    )
    .await;
}

async fn a_second_passes(page: &Page) {
    page.until_true(
        "a second has passed on the way",
        "window.stepped ??= performance.now(); return performance.now() - window.stepped > 1000",
    )
    .await;
    page.run("window.stepped = performance.now();").await;
}

/// What the patrol screen says.
pub(crate) async fn metres(page: &Page) -> u32 {
    let text = page.text("patrol-metres").await.unwrap_or_default();
    text.parse().unwrap_or(0)
}
