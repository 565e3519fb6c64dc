//! What the database says of itself.

use super::Line;
use crate::clock;
use crate::ops::{said, stamp};
use crate::store::StoreError;
use crate::store::audit::{Audit, EpochNote, LogStates, OpenWork};

const DAY_MS: i64 = 24 * 3_600_000;
/// A clock this far behind the newest entry went back.
const CLOCK_BACK_MS: i64 = 60_000;
/// Before this program was written no clock is right.
const PLAUSIBLE_MS: i64 = 1_767_225_600_000;
/// Earlier versions have the WAL-reset bug.
const SQLITE_FLOOR: [u32; 3] = [3, 51, 3];

pub(super) async fn look(audit: &mut dyn Audit, lines: &mut Vec<Line>) -> Result<(), StoreError> {
    lines.push(engine(&audit.engine().await?));
    let tables = audit.tables().await?;
    let rows = |wanted: &str| {
        let found = tables.iter().find(|(name, _)| name == wanted);
        found.map_or(0, |(_, rows)| *rows)
    };
    let (entries, records, feed) = (rows("entry"), rows("record"), rows("feed"));
    let (blobs, bytes) = audit.blobs_in_all().await?;
    let bytes = stamp::bytes(bytes);
    let mut sizes: Vec<_> = tables
        .iter()
        .map(|(n, rows)| format!("{n} {rows}"))
        .collect();
    sizes.sort();
    let sizes = sizes.join(", ");
    lines.push(Line::ok(
        "size",
        said!(
            "条目 {entries}，记录 {records}，审计链 {feed} 行，照片 {blobs} 个（{bytes}）。各表行数：{sizes}",
            "{entries} entries, {records} records, {feed} rows of the chain, {blobs} blobs \
             ({bytes}). Rows: {sizes}"
        ),
    ));
    let work = audit.open_work().await?;
    lines.push(clock_line(&work));
    open_work(&work, lines);
    lines.push(logs(&audit.logs().await?));
    lines.push(epochs(&audit.epochs().await?));
    Ok(())
}

fn engine(engine: &str) -> Line {
    let number = engine.rsplit(' ').next().unwrap_or_default();
    let parts: Vec<u32> = number.split('.').filter_map(|p| p.parse().ok()).collect();
    let is = said!("{engine}", "{engine}");
    if parts.as_slice() < SQLITE_FLOOR.as_slice() {
        let [major, minor, patch] = SQLITE_FLOOR;
        let to_do = said!(
            "换用新版程序：{major}.{minor}.{patch} 之前的 SQLite 有会损坏数据的缺陷。",
            "use a newer program: SQLite before {major}.{minor}.{patch} has a bug that damages data."
        );
        return Line::bad("engine", is, to_do);
    }
    Line::ok("engine", is)
}

fn clock_line(work: &OpenWork) -> Line {
    let now = clock::now();
    let shown = stamp::readable(now);
    let to_do = said!(
        "校准服务器时间（打开 NTP）：收到时间、期限都以它为准。",
        "set the server's clock (use NTP): times of receiving and deadlines rest on it."
    );
    match work.newest_ms {
        _ if now.0 < PLAUSIBLE_MS => Line::bad(
            "clock",
            said!(
                "服务器时间不对：{shown}",
                "the clock cannot be right: {shown}"
            ),
            to_do,
        ),
        Some(newest) if newest.0 > now.0 + CLOCK_BACK_MS => {
            let newest = stamp::readable(newest);
            Line::bad(
                "clock",
                said!(
                    "服务器时间 {shown} 早于最新一条的收到时间 {newest}",
                    "the clock says {shown}, and the newest entry was received at {newest}"
                ),
                to_do,
            )
        }
        _ => Line::ok(
            "clock",
            said!("服务器时间 {shown}（北京时间）", "clock {shown} (China)"),
        ),
    }
}

fn open_work(work: &OpenWork, lines: &mut Vec<Line>) {
    let (uploads, bytes) = (work.uploads, stamp::bytes(work.upload_bytes));
    let days = work
        .oldest_upload_ms
        .map_or(0, |at| (clock::now().0 - at.0) / DAY_MS);
    lines.push(Line::ok(
        "uploads",
        said!(
            "没传完的照片 {uploads} 个（{bytes}，最久 {days} 天；30 天没有动静会清掉，手机会重传）",
            "{uploads} uploads under way ({bytes}, the oldest {days} days; after 30 days they are \
             forgotten, and phones begin anew)"
        ),
    ));
    let (quarantined, refused, missing) = (work.quarantined, work.refused, work.blobs_missing);
    let is = said!(
        "待核实 {quarantined} 条，拒收 {refused} 条，还没到的照片 {missing} 张",
        "{quarantined} in quarantine, {refused} refused, {missing} photos not here yet"
    );
    lines.push(if quarantined > 0 {
        let to_do = said!(
            "在工作台里筛选“待核实”，逐条处理；多半是名录里缺人、岗位或河段。",
            "look at what is in quarantine at the desk; mostly a person, post or reach is missing \
             in the registers."
        );
        Line::warn("quarantine", is, to_do)
    } else {
        Line::ok("quarantine", is)
    });
    let (erased, to_erase) = (work.erased, work.to_erase);
    let is = said!(
        "按规定删除 {erased} 条，等着删的文件 {to_erase} 个",
        "{erased} entries erased by law, {to_erase} files still to be erased"
    );
    lines.push(if to_erase > 0 {
        let to_do = said!(
            "服务运行时每小时会接着删；也可以再执行一次同样的 xunhe purge。",
            "a running server goes on every hour; or run the same xunhe purge again."
        );
        Line::warn("purge", is, to_do)
    } else {
        Line::ok("purge", is)
    });
}

fn logs(states: &LogStates) -> Line {
    let (logs, gaps, forks) = (states.logs, states.gaps.len(), states.forks);
    let waiting = states.waiting;
    let is = said!(
        "手机日志 {logs} 个：缺号 {gaps} 个，分叉 {forks} 处，等前一条的 {waiting} 条",
        "{logs} logs of phones: {gaps} with gaps, {forks} forks, {waiting} entries that wait"
    );
    if gaps == 0 && forks == 0 {
        return Line::ok("logs", is);
    }
    let named: Vec<String> = states
        .gaps
        .iter()
        .take(10)
        .map(|(_, person, missing)| format!("{person} {missing}"))
        .collect();
    let named = named.join(", ");
    Line::warn(
        "logs",
        is,
        said!(
            "请这些人打开应用同步一次（缺多少条）：{named}。分叉是手机从旧备份恢复过，两条都留着。",
            "ask these people to open the app and sync (how many are missing): {named}. A fork is a \
             restored phone; both entries are kept."
        ),
    )
}

fn epochs(epochs: &[EpochNote]) -> Line {
    let told = epochs.iter().map(|e| {
        let since = e.since_ms.map_or_else(|| "?".to_owned(), stamp::readable);
        format!("{} ({since}: {})", e.epoch, e.why)
    });
    let told = told.collect::<Vec<_>>().join("; ");
    Line::ok("epochs", said!("纪元：{told}", "epochs: {told}"))
}
