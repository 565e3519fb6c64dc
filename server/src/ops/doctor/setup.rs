//! How it is set up: version, settings as they count, whether a server runs, rights, backups.

use super::Line;
use crate::clock;
use crate::config::{NAMES, Settings};
use crate::folder::{FolderError, LAST_BACKUP, OnlyWriter, RECEIPT_KEY};
use crate::ops::backup::LastBackup;
use crate::ops::backup::manifest::MANIFEST;
use crate::ops::data::Data;
use crate::ops::trouble::Trouble;
use crate::ops::{Common, said, stamp};
use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;

const DAY_MS: i64 = 24 * 3_600_000;
/// A week of records may be on phones alone after that.
const BACKUP_OLD_MS: i64 = 7 * DAY_MS;

/// The version and every setting with where it comes from.
pub(super) fn settings(common: &Common, lines: &mut Vec<Line>) -> Result<Settings, Trouble> {
    let version = env!("CARGO_PKG_VERSION");
    lines.push(Line::ok(
        "version",
        said!("版本 {version}", "version {version}"),
    ));
    let sources = common.sources()?;
    let settings = Settings::read(&sources)?;
    let mut set = String::new();
    for name in NAMES {
        if let Some((value, origin)) = sources.get(name) {
            // Writing to a string does not fail.
            let _ = write!(set, " {name} = {value} ({origin});");
        }
    }
    let (data, listen) = (settings.data.display(), settings.listen);
    lines.push(Line::ok(
        "settings",
        said!(
            "设置：数据目录 {data}，监听 {listen}。{set}",
            "settings: data folder {data}, listening on {listen}.{set}"
        ),
    ));
    lines.push(running(&settings));
    Ok(settings)
}

fn running(settings: &Settings) -> Line {
    let listen = settings.listen;
    // Held for a moment only; a server that starts in that very moment would be refused once.
    match OnlyWriter::of(&settings.data) {
        Err(FolderError::InUse(_)) => Line::ok(
            "server",
            said!("服务正在运行", "a server is running on this folder"),
        ),
        _ if std::net::TcpListener::bind(listen).is_err() => Line::warn(
            "server",
            said!(
                "服务没有在运行，但 {listen} 已被占用",
                "no server runs on this folder, and {listen} is taken"
            ),
            said!(
                "看是不是用另一个数据目录的服务；启动时用 --listen 换一个端口。",
                "see whether a server on another folder has it; choose another port with --listen."
            ),
        ),
        _ => Line::ok(
            "server",
            said!("服务没有在运行", "no server runs on this folder"),
        ),
    }
}

pub(super) fn rights(data: &Data, lines: &mut Vec<Line>) {
    let open = |path: &std::path::Path| {
        let mode = std::fs::metadata(path).map(|m| m.permissions().mode());
        mode.is_ok_and(|mode| mode & 0o077 != 0)
    };
    let key = data.path.join(RECEIPT_KEY);
    if !key.exists() {
        lines.push(Line::bad(
            "receipt_key",
            said!(
                "回执密钥 receipt.key 不见了",
                "the receipt key receipt.key is gone"
            ),
            said!(
                "从备份里取回，不要在没有它的情况下启动服务：另做一把，以前的回执就核对不了。",
                "take it from a backup, and start no server without it: with another key the \
                 receipts given out cannot be checked."
            ),
        ));
    } else if open(&key) {
        let at = key.display();
        lines.push(Line::bad(
            "receipt_key",
            said!(
                "别的系统用户能读回执密钥 {at}",
                "other users can read the receipt key {at}"
            ),
            said!("执行 chmod 600 {at}", "run chmod 600 {at}"),
        ));
    } else {
        lines.push(Line::ok(
            "receipt_key",
            said!(
                "回执密钥在，只有本用户能读",
                "the receipt key is there, for its owner alone"
            ),
        ));
    }
    if open(&data.database()) && open(&data.path) {
        let at = data.path.display();
        lines.push(Line::warn(
            "rights",
            said!(
                "别的系统用户能进数据目录 {at}",
                "other users can enter the data folder {at}"
            ),
            said!("执行 chmod 700 {at}", "run chmod 700 {at}"),
        ));
    }
}

pub(super) fn last_backup(data: &Data, lines: &mut Vec<Line>) {
    let folder = data.path.display();
    let to_do = said!(
        "执行 xunhe backup --data {folder} --to <另一块磁盘上的目录>，并每天定时做。",
        "run xunhe backup --data {folder} --to <a folder on another disk>, and let it run every day."
    );
    let noted = std::fs::read(data.path.join(LAST_BACKUP)).ok();
    let noted: Option<LastBackup> = noted.and_then(|text| serde_json::from_slice(&text).ok());
    let Some(last) = noted else {
        lines.push(Line::warn(
            "backup",
            said!("没有做过备份", "no backup was ever made"),
            to_do,
        ));
        return;
    };
    let (made, at, entries) = (stamp::readable(last.at_ms), last.at.display(), last.entries);
    let there = last.at.is_file() || last.at.join(MANIFEST).is_file();
    let is = said!(
        "最近备份 {made}，条目 {entries}：{at}",
        "last backup {made}, {entries} entries: {at}"
    );
    lines.push(if clock::now().0 - last.at_ms.0 > BACKUP_OLD_MS {
        Line::warn("backup", is, to_do)
    } else if !there {
        Line::warn(
            "backup",
            said!(
                "最近备份 {made} 已不在 {at}",
                "the last backup ({made}) is not at {at} any more"
            ),
            said!(
                "如果是移到别处保存了，不用管；否则再做一次。",
                "if it was moved to be kept elsewhere, all is well; else make another."
            ),
        )
    } else {
        Line::ok("backup", is)
    });
}
