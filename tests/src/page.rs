//! What a person does with a page: look, tap, type, choose a file. Waiting is for a condition,
//! never for a time.

use serde_json::{Value, json};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use thirtyfour::prelude::*;

const PATIENCE: Duration = Duration::from_secs(40);
const GLANCE: Duration = Duration::from_millis(100);

/// One open page.
pub struct Page {
    driver: WebDriver,
    taps: AtomicU32,
}

impl Page {
    pub(crate) fn new(driver: WebDriver) -> Self {
        Self {
            driver,
            taps: AtomicU32::new(0),
        }
    }

    /// How often the screen was touched so far; typing is not counted.
    pub fn taps(&self) -> u32 {
        self.taps.load(Ordering::Relaxed)
    }

    fn tapped(&self) {
        self.taps.fetch_add(1, Ordering::Relaxed);
    }

    /// The driver itself, for what has no word here.
    pub const fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Goes to an address.
    pub async fn goto(&self, url: &str) {
        self.driver.goto(url).await.unwrap();
    }

    /// Reloads as a person does, and waits until the old page is gone.
    pub async fn reload(&self) {
        self.run("window.beforeReload = true; location.reload();")
            .await;
        self.until("the page is loaded again", async || {
            self.ask("return window.beforeReload === undefined").await == Some(json!(true))
        })
        .await;
    }

    /// Waits for the element with this `data-testid`.
    pub async fn see(&self, testid: &str) -> WebElement {
        let css = format!("[data-testid='{testid}']");
        let found = self
            .driver
            .query(By::Css(&css))
            .desc(testid)
            .wait(PATIENCE, GLANCE)
            .and_displayed()
            .first()
            .await;
        match found {
            Ok(element) => element,
            Err(e) => panic!("{testid} never appeared: {e}\n{}", self.seen().await),
        }
    }

    /// How many elements have this `data-testid` now.
    pub async fn count(&self, testid: &str) -> usize {
        let css = format!("[data-testid='{testid}']");
        self.driver
            .find_all(By::Css(&css))
            .await
            .map_or(0, |found| found.len())
    }

    /// Waits until as many elements have this `data-testid`.
    pub async fn see_count(&self, testid: &str, wanted: usize) {
        self.until(&format!("{wanted} × {testid}"), async || {
            self.count(testid).await == wanted
        })
        .await;
    }

    /// Waits until the text of an element contains some words.
    pub async fn see_text(&self, testid: &str, words: &str) {
        self.until(&format!("{testid} says {words:?}"), async || {
            self.text(testid)
                .await
                .is_some_and(|text| text.contains(words))
        })
        .await;
    }

    /// The text of an element now.
    pub async fn text(&self, testid: &str) -> Option<String> {
        let script = "const e = document.querySelector(`[data-testid='${arguments[0]}']`);\
                      return e ? e.innerText : null";
        let answer = self
            .driver
            .execute(script, vec![json!(testid)])
            .await
            .ok()?;
        answer.json().as_str().map(str::to_owned)
    }

    /// Waits until a script answers `true`.
    pub async fn until_true(&self, what: &str, script: &str) {
        self.until(what, async || self.ask(script).await == Some(json!(true)))
            .await;
    }

    /// The same for a script that takes its time and calls `done(true)`.
    pub async fn until_true_soon(&self, what: &str, script: &str) {
        self.until(what, async || self.run_async(script).await == json!(true))
            .await;
    }

    /// Waits for something outside the page.
    pub async fn wait_for(&self, what: &str, mut holds: impl FnMut() -> bool) {
        self.until(what, async || holds()).await;
    }

    /// Chooses an option of a list by its value.
    pub async fn select(&self, testid: &str, value: &str) {
        let css = format!("[data-testid='{testid}'] option[value='{value}']");
        self.see(testid).await;
        self.driver
            .query(By::Css(&css))
            .first()
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
    }

    /// Presses a key while no field has the focus.
    pub async fn key(&self, key: &str) {
        self.run("document.activeElement.blur();").await;
        let body = self.driver.find(By::Tag("body")).await.unwrap();
        body.send_keys(key).await.unwrap();
    }

    /// Puts a value into a field whose keys depend on the browser's language, as for a date.
    pub async fn set(&self, testid: &str, value: &str) {
        self.see(testid).await;
        self.run(&format!(
            "const field = document.querySelector(\"[data-testid='{testid}']\");
             field.value = '{value}';
             field.dispatchEvent(new Event('change', {{ bubbles: true }}));"
        ))
        .await;
    }

    /// Taps an element.
    pub async fn tap(&self, testid: &str) {
        let mut last = None;
        self.until(&format!("{testid} can be tapped"), async || {
            let element = self.see(testid).await;
            match element.click().await {
                Ok(()) => true,
                Err(error) => {
                    // It lies under the bar at the bottom: a thumb would push the page up.
                    let _ = element.scroll_into_view().await;
                    last = Some(error);
                    false
                }
            }
        })
        .await;
        self.tapped();
    }

    /// Taps the one of several elements that says this.
    pub async fn tap_saying(&self, testid: &str, words: &str) {
        self.until(
            &format!("{testid} saying {words:?} can be tapped"),
            async || {
                let css = format!("[data-testid='{testid}']");
                let all = self.driver.find_all(By::Css(&css)).await;
                for element in all.unwrap_or_default() {
                    if element.text().await.is_ok_and(|text| text.contains(words)) {
                        let _ = element.scroll_into_view().await;
                        return element.click().await.is_ok();
                    }
                }
                false
            },
        )
        .await;
        self.tapped();
    }

    /// Types into a field.
    pub async fn fill(&self, testid: &str, text: &str) {
        let field = self.see(testid).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Gives a file to a file field, as camera or gallery would.
    pub async fn choose(&self, testid: &str, file: &Path) {
        let css = format!("[data-testid='{testid}']");
        // The field itself is not displayed: a label stands for it.
        let field = self
            .driver
            .query(By::Css(&css))
            .desc(testid)
            .wait(PATIENCE, GLANCE)
            .first()
            .await
            .unwrap();
        field.send_keys(file.to_string_lossy()).await.unwrap();
        self.tapped();
    }

    /// Runs a script in every page from now on, before anything of the page itself.
    pub async fn before_load(&self, script: &str) {
        let source = json!({ "source": script });
        self.cdp("Page.addScriptToEvaluateOnNewDocument", source)
            .await;
    }

    /// Puts another tab in front for a moment, as somebody does who looks at a message, and
    /// comes back.
    pub async fn look_elsewhere(&self) {
        let here = self.driver.window().await.unwrap();
        let there = self.driver.new_tab().await.unwrap();
        self.driver.switch_to_window(there).await.unwrap();
        self.driver.close_window().await.unwrap();
        self.driver.switch_to_window(here).await.unwrap();
    }

    /// Runs a script and takes its answer.
    pub async fn run(&self, script: &str) -> Value {
        self.driver
            .execute(script, vec![])
            .await
            .unwrap()
            .json()
            .clone()
    }

    async fn ask(&self, script: &str) -> Option<Value> {
        self.driver
            .execute(script, vec![])
            .await
            .ok()
            .map(|answer| answer.json().clone())
    }

    /// Runs an asynchronous script; it calls `done(value)`.
    pub async fn run_async(&self, script: &str) -> Value {
        let script = format!("const done = arguments[arguments.length - 1]; {script}");
        self.driver
            .execute_async(&script, vec![])
            .await
            .unwrap()
            .json()
            .clone()
    }

    /// Waits until the service worker has everything that an offline start needs.
    pub async fn ready_for_offline(&self) {
        self.until("the app is kept on the phone", async || {
            let script = "caches.keys().then(async names => { for (const name of names) {\
                 const c = await caches.open(name);\
                 if (await c.match('/__complete')) return done(!!navigator.serviceWorker.controller\
                 || !!(await navigator.serviceWorker.getRegistration())?.active); } done(false); })";
            self.run_async(script).await == json!(true)
        })
        .await;
    }

    /// What axe finds wrong with the screen by WCAG 2.2, levels A and AA: rule and elements.
    pub async fn violations(&self) -> Vec<String> {
        self.run(include_str!("../fixtures/axe/axe.min.js")).await;
        let script = "const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];\
             axe.run(document, { runOnly: tags }).then(r => done(r.violations.map(v =>\
               `${v.id}: ${v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).join(' | ')}`)))";
        let found = self.run_async(script).await;
        let found = found.as_array().cloned().unwrap_or_default();
        found
            .iter()
            .filter_map(|v| v.as_str().map(str::to_owned))
            .collect()
    }

    /// Waits until the person's store keeps at least so many photos.
    pub async fn kept_photos(&self, wanted: u64) {
        let script = "indexedDB.databases().then(async all => {\
             for (const { name } of all) {\
               const db = await new Promise((ok, no) => { const r = indexedDB.open(name);\
                 r.onsuccess = () => ok(r.result); r.onerror = no; });\
               if (!db.objectStoreNames.contains('photo')) { db.close(); continue; }\
               const count = await new Promise(ok => {\
                 const r = db.transaction('photo').objectStore('photo').count();\
                 r.onsuccess = () => ok(r.result); });\
               db.close(); if (count > 0) return done(count); } done(0); })";
        self.until("photos are kept", async || {
            self.run_async(script).await.as_u64() >= Some(wanted)
        })
        .await;
    }

    /// Waits until the person's store keeps at least so many fixes of the patrol's open part.
    pub async fn fixes_kept(&self, wanted: usize) {
        let script = "indexedDB.databases().then(async all => {\
             let found = 0;\
             for (const { name } of all) {\
               const db = await new Promise((ok, no) => { const r = indexedDB.open(name);\
                 r.onsuccess = () => ok(r.result); r.onerror = no; });\
               if (db.objectStoreNames.contains('chunk')) {\
                 found += await new Promise(ok => {\
                   const range = IDBKeyRange.bound('fix/', 'fix0');\
                   const r = db.transaction('chunk').objectStore('chunk').count(range);\
                   r.onsuccess = () => ok(r.result); }); }\
               db.close(); } done(found); })";
        self.until(&format!("{wanted} fixes are kept"), async || {
            self.run_async(script).await.as_u64() >= Some(wanted as u64)
        })
        .await;
    }

    /// A command of the browser's own protocol.
    pub async fn cdp(&self, command: &str, parameters: Value) -> Value {
        self.driver
            .cdp()
            .send_raw(command, parameters)
            .await
            .unwrap()
    }

    pub(crate) async fn emulate(&self, (width, height): (u32, u32)) {
        let phone = width < 600;
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone
        });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics)
            .await;
    }

    /// Puts the phone somewhere on Earth and lets the page know.
    pub async fn stand_at(&self, url: &str, latitude: f64, longitude: f64) {
        self.cdp(
            "Browser.grantPermissions",
            json!({"origin": url, "permissions": ["geolocation"]}),
        )
        .await;
        let place = json!({"latitude": latitude, "longitude": longitude, "accuracy": 12});
        self.cdp("Emulation.setGeolocationOverride", place).await;
    }

    /// From the next page on, every transaction that writes what was promised must be strict;
    /// see [`Page::close`].
    pub(crate) async fn watch_durability(&self) {
        let script = "(() => {\
            const plain = IDBDatabase.prototype.transaction;\
            const promised = ['entry', 'outbox', 'receipt', 'meta', 'photo', 'person'];\
            window.notStrict = [];\
            IDBDatabase.prototype.transaction = function (stores, mode, options) {\
                const names = [stores].flat();\
                const draft = names.includes('draft') && !names.includes('entry');\
                if (mode === 'readwrite' && !draft && options?.durability !== 'strict'\
                    && names.some(name => promised.includes(name)))\
                    window.notStrict.push(names.join());\
                return plain.call(this, stores, mode, options);\
            };\
        })()";
        self.cdp(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": script }),
        )
        .await;
    }

    /// Holds every answer back for so many milliseconds.
    pub async fn delay(&self, latency: u32) {
        self.cdp("Network.enable", json!({})).await;
        let line = json!({
            "offline": false, "latency": latency, "downloadThroughput": -1, "uploadThroughput": -1
        });
        self.cdp("Network.emulateNetworkConditions", line).await;
    }

    /// Lets files be saved, into this folder.
    pub async fn save_files_to(&self, folder: &Path) {
        let allow = json!({"behavior": "allow", "downloadPath": folder});
        self.cdp("Browser.setDownloadBehavior", allow).await;
    }

    /// Waits until a file of this name is saved as a whole; its bytes.
    pub async fn saved_file(&self, path: &Path) -> Vec<u8> {
        self.until(&format!("{} is saved", path.display()), async || {
            path.is_file()
        })
        .await;
        std::fs::read(path).unwrap()
    }

    /// Saves what a person sees.
    pub async fn screenshot(&self, path: &Path) {
        self.driver.screenshot(path).await.unwrap();
    }

    /// Closes the browser as a person does; nothing that was promised may have been written
    /// without being flushed.
    pub async fn close(self) {
        let relaxed = self.ask("return window.notStrict ?? []").await;
        if let Some(Value::Array(relaxed)) = relaxed {
            assert!(relaxed.is_empty(), "written, but not strictly: {relaxed:?}");
        }
        let _ = self.driver.quit().await;
    }

    /// Waits for anything that can be asked.
    pub async fn until(&self, what: &str, mut holds: impl AsyncFnMut() -> bool) {
        let end = Instant::now() + PATIENCE;
        while !holds().await {
            assert!(
                Instant::now() < end,
                "never came true: {what}\n{}",
                self.seen().await
            );
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// What the page shows, for a failure's message; a picture beside it where wanted.
    async fn seen(&self) -> String {
        if let Some(dir) = std::env::var_os("XUNHE_SHOTS") {
            let path = Path::new(&dir).join("failed.png");
            let _ = self.driver.screenshot(&path).await;
        }
        let text = self
            .ask("return location.href + '\\n' + document.body.innerText")
            .await;
        text.and_then(|t| t.as_str().map(str::to_owned))
            .unwrap_or_default()
    }
}
