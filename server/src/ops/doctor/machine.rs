//! The machine under the data: room, the kind of file system, how long a sync takes, the clock.

use super::Line;
use crate::ops::data::Data;
use crate::ops::{files, said, stamp};
use std::io::{self, Write as _};
use std::time::{Duration, Instant};

/// Below this the next backup, or a day of photos, may not fit.
const ROOM_LOW: u64 = 10_000_000_000;
/// Below this the server may stop taking photos any hour.
const ROOM_GONE: u64 = 1_000_000_000;
/// A commit waits for one sync; above this phones feel it.
const SYNC_SLOW: Duration = Duration::from_millis(50);
const SYNCS: usize = 20;

/// File systems that lie on another machine: what `SQLite`'s log of changes relies on (shared
/// memory, honest locks, honest syncs) does not hold there.
const ELSEWHERE: &[(i64, &str)] = &[
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB2"),
    (0x0102_1997, "9P"),
    (0x00c3_6400, "Ceph"),
    (0x6b41_4653, "AFS"),
    (0x0bd0_0bd0, "Lustre"),
    (0x6573_5546, "FUSE"),
];

pub(super) fn look(data: &Data, lines: &mut Vec<Line>) {
    lines.extend(room(data));
    lines.extend(file_system(data));
    lines.push(sync_time(data));
}

fn room(data: &Data) -> Option<Line> {
    let found = rustix::fs::statvfs(&data.path).ok()?;
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    let all = found.f_blocks.saturating_mul(found.f_frsize);
    let percent = free.saturating_mul(100).checked_div(all).unwrap_or(0);
    let (free_text, all_text) = (stamp::bytes(free), stamp::bytes(all));
    let is = said!(
        "磁盘剩余 {free_text} / {all_text}（{percent} %）",
        "disk: {free_text} of {all_text} free ({percent} %)"
    );
    let to_do = said!(
        "扩容或清理磁盘。满了以后服务会停止接收（手机里的不会丢，会等着重发）。",
        "make room. When it is full the server takes nothing more (phones keep what they have and \
         send it later)."
    );
    Some(if free < ROOM_GONE {
        Line::bad("disk", is, to_do)
    } else if free < ROOM_LOW || percent < 10 {
        Line::warn("disk", is, to_do)
    } else {
        Line::ok("disk", is)
    })
}

fn file_system(data: &Data) -> Option<Line> {
    let found = rustix::fs::statfs(&data.path).ok()?;
    let magic = found.f_type;
    let elsewhere = ELSEWHERE.iter().find(|(kind, _)| *kind == magic);
    Some(match elsewhere {
        Some((_, name)) => Line::bad(
            "file_system",
            said!(
                "数据目录在网络文件系统上（{name}）",
                "the data folder lies on {name}"
            ),
            said!(
                "停止服务，把数据目录搬到本机磁盘：SQLite 在网络文件系统上可能损坏数据。",
                "stop the server and move the folder to a disk of this machine: SQLite may damage \
                 data on such file systems."
            ),
        ),
        None => Line::ok(
            "file_system",
            said!(
                "数据目录在本机文件系统上（{magic:#x}）",
                "a local file system ({magic:#x})"
            ),
        ),
    })
}

fn sync_time(data: &Data) -> Line {
    let mut times = match syncs(data) {
        Ok(times) => times,
        Err(error) => {
            return Line::bad(
                "sync",
                said!(
                    "数据目录写不进去：{error}",
                    "the data folder cannot be written: {error}"
                ),
                said!(
                    "检查权限和磁盘；用运行服务的同一个系统用户执行。",
                    "check rights and disk; run this as the user that runs the server."
                ),
            );
        }
    };
    times.sort();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    let worst = times.last().copied().unwrap_or_default();
    let is = said!(
        "写盘同步 {median:.1?}（最慢 {worst:.1?}，{SYNCS} 次）",
        "a sync takes {median:.1?} (worst {worst:.1?} of {SYNCS})"
    );
    if median > SYNC_SLOW {
        let to_do = said!(
            "磁盘很慢，上报会慢。检查是不是别的程序占着磁盘，或换固态硬盘。",
            "the disk is slow, and so are reports. See whether another program keeps it busy, or \
             use an SSD."
        );
        Line::warn("sync", is, to_do)
    } else {
        Line::ok("sync", is)
    }
}

/// What a commit waits for, measured in a file of its own.
fn syncs(data: &Data) -> io::Result<Vec<Duration>> {
    let name = format!("doctor-{}", hex::encode(crate::random::bytes::<4>()));
    let path = data.path.join(name);
    let mut file = files::create(&path)?;
    let mut times = Vec::with_capacity(SYNCS);
    let measured = (0..SYNCS).try_for_each(|_| {
        let begun = Instant::now();
        file.write_all(&[0; 4096])?;
        file.sync_data()?;
        times.push(begun.elapsed());
        Ok(())
    });
    std::fs::remove_file(&path)?;
    measured.map(|()| times)
}
