//! I-2: nothing is acknowledged before it is on the medium, by the server's system calls.

use super::Medium;
use super::medium::Told;
use crate::dice::Dice;
use crate::phone::{DeviceClock, Line, Patience, Pen, Phone, calls, truly};
use crate::server::Server;
use domain::ids::BootId;
use domain::record::Subject;
use domain::sync::Call;
use domain::time::MonoMs;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::tempdir;

/// Watches a server that takes entries with photos, one request at a time: so that what is at
/// risk while it answers is what it answers for. Gives how many receipts were looked at.
///
/// # Errors
/// What was answered before it was on the medium.
pub async fn run(entries: u64, seed: u64) -> Result<u64, String> {
    let folder = tempdir().map_err(|e| e.to_string())?;
    let data = folder.path().join("data");
    let trace = folder.path().join("trace");
    let mut server = Server::traced(&data, &trace);
    send(&server, entries, seed).await?;
    server.kill();
    let lines = wait_for_the_end(&trace)?;
    check(&lines, &data)
}

async fn send(server: &Server, entries: u64, seed: u64) -> Result<(), String> {
    let mut dice = Dice::new(seed);
    let phone = Phone::new("wgy2-yongji", &mut dice);
    let line = Line::new(&server.url(), Patience::APP);
    line.sign_in("wgy2-yongji", &server.password, phone.device)
        .await;
    let clock = DeviceClock::new(0, BootId::new(dice.bytes()));
    let store = phone.open().await;
    for _ in 0..entries {
        let mut pen = Pen {
            store: &store,
            clock: clock.facts(truly(), MonoMs(0)),
            dice: &mut dice,
        };
        let report = pen.report(Subject::Finding, None, &[30_000]).await;
        let saved = store.submit(&report, None, truly()).await;
        let saved = saved.map_err(|e| e.to_string())?;
        let mut wanted = vec![Call::Push(vec![saved.entry.entry_id])];
        wanted.extend(saved.blobs.iter().map(|blob| Call::BeginUpload {
            key: blob.key,
            size: blob.size,
            len: blob.size,
        }));
        for call in wanted {
            let ask = calls::ask(&store, &call).await;
            let ask = ask.map_err(|e| format!("{call:?}: {e:?}"))?;
            let reply = line.send(&ask).await;
            let answer = reply.and_then(|reply| calls::answer(&call, &reply));
            answer.map_err(|e| format!("{call:?}: {e:?}"))?;
        }
    }
    Ok(())
}

/// The trace of a server that was killed, once it is complete.
pub(super) fn wait_for_the_end(trace: &Path) -> Result<String, String> {
    let begun = Instant::now();
    loop {
        let lines = std::fs::read(trace).map_err(|e| e.to_string())?;
        let lines = String::from_utf8_lossy(&lines).into_owned();
        // The first thread is reported last.
        let first = lines.split(' ').next().unwrap_or_default();
        let end = format!("{first} +++ killed by SIGKILL");
        let last = lines.lines().next_back().unwrap_or_default();
        if last
            .split_whitespace()
            .eq(end.split_whitespace().chain(["+++"]))
        {
            return Ok(lines);
        }
        if begun.elapsed() > Duration::from_mins(1) {
            return Err("strace does not come to its end".into());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn check(lines: &str, data: &Path) -> Result<u64, String> {
    let (mut medium, mut receipts, mut synced) = (Medium::default(), 0, 0);
    let journal = data.join("xunhe.sqlite-wal");
    let photos = data.join("blobs/blobs");
    for line in lines.lines() {
        match medium.take(line) {
            Some(Told::Synced(file)) if file == journal => synced += 1,
            Some(Told::Sent(text)) if text.contains("HTTP/1.1 20") && is_receipt(&text) => {
                receipts += 1;
                if synced == 0 {
                    return Err("a receipt, and the journal was never synced".into());
                }
                let of_data = |f: &&Path| **f == journal || f.starts_with(&photos);
                if let Some(file) = medium.at_risk().find(of_data) {
                    return Err(format!("a receipt while {} is at risk", file.display()));
                }
                let photo = photo(&text).map(|hash| photos.join(&hash[..2]).join(hash));
                if let Some(photo) = photo.filter(|photo| !medium.holds(photo)) {
                    return Err(format!(
                        "a receipt for {}, which is not there",
                        photo.display()
                    ));
                }
            }
            _ => {}
        }
    }
    Ok(receipts)
}

/// The hash of the photo that an answer says is held.
fn photo(text: &str) -> Option<&str> {
    let at = text.split_once(r#"\r\n\r\n{\"sha256\":\""#)?.1;
    at.get(..64)
}

/// Whether an answer is to a push or a photo, and names something as received.
fn is_receipt(text: &str) -> bool {
    text.contains(r#"\"receipt\":{"#)
}
