//! A real Chromium with a profile that outlives it.

use crate::page::Page;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use thirtyfour::prelude::*;

/// The driver process and the profile folder of one "phone".
pub struct Phone {
    driver: Child,
    port: u16,
    profile: PathBuf,
    /// Goes with the phone, unless the profile lies elsewhere.
    own: Option<TempDir>,
    size: (u32, u32),
}

/// Width and height of a small phone.
pub const PHONE: (u32, u32) = (360, 740);
/// Width and height of a desk.
pub const DESK: (u32, u32) = (1440, 900);

impl Phone {
    /// A new phone without a past.
    pub fn new(size: (u32, u32)) -> Self {
        let own = TempDir::new().unwrap();
        let profile = own.path().to_owned();
        let mut phone = Self::on(profile, size);
        phone.own = Some(own);
        phone
    }

    /// A phone whose medium is this folder.
    pub fn on(profile: PathBuf, size: (u32, u32)) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is not installed: see README, `cargo xtask test` installs it");
        Self {
            driver,
            port,
            profile,
            own: None,
            size,
        }
    }

    /// Opens the browser on the phone's profile.
    pub async fn open(&self) -> Page {
        let mut caps = DesiredCapabilities::chrome();
        for arg in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--lang=zh-CN",
        ] {
            caps.add_arg(arg).unwrap();
        }
        caps.add_arg(&format!("--user-data-dir={}", self.profile.display()))
            .unwrap();
        caps.add_arg(&format!("--window-size={},{}", self.size.0, self.size.1))
            .unwrap();
        let url = format!("http://127.0.0.1:{}", self.port);
        let mut tries = 0;
        let driver = loop {
            match WebDriver::new(&url, caps.clone()).await {
                Ok(driver) => break driver,
                // The driver is still starting, or the killed browser still holds the profile.
                Err(error) if tries >= 100 => panic!("no browser: {error}"),
                Err(_) => tries += 1,
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        let page = Page::new(driver);
        page.emulate(self.size).await;
        page.watch_durability().await;
        page
    }

    /// SIGKILL to every process of the browser: battery out.
    pub fn kill_browser(&self) {
        self.kill_processes("--user-data-dir");
    }

    /// SIGKILL to the page's process alone: what a phone short of memory does.
    pub fn kill_renderer(&self) {
        self.kill_processes("--type=renderer");
    }

    /// The processes of its pages, as the system shows them.
    pub fn renderers(&self) -> Vec<PathBuf> {
        self.processes("--type=renderer")
    }

    fn kill_processes(&self, word: &str) {
        for process in self.processes(word) {
            let _ = Command::new("kill")
                .arg("-9")
                .arg(process.file_name().unwrap())
                .status();
        }
    }

    fn processes(&self, word: &str) -> Vec<PathBuf> {
        let profile = self.profile.display().to_string();
        let ours = |process: &PathBuf| {
            let line = std::fs::read(process.join("cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line);
            line.contains(&profile) && line.contains(word) && !line.contains("chromedriver")
        };
        let all = std::fs::read_dir("/proc").unwrap().flatten();
        let numbered = all.filter(|e| e.file_name().to_string_lossy().parse::<u32>().is_ok());
        numbered.map(|e| e.path()).filter(ours).collect()
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        self.kill_browser();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        drop(self.own.take());
    }
}
