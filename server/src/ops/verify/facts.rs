//! What is checked with a question or two.

use super::Check;
use crate::heads::Heads;
use crate::ops::said;
use crate::ops::terminal::Terminal;
use crate::store::StoreError;
use crate::store::audit::Audit;
use domain::register::{DivisionTree, Registers};

/// Logs that are named; of the rest only the number.
const NAMED: usize = 5;

pub(super) async fn engine(
    audit: &mut dyn Audit,
    quick: bool,
    terminal: &Terminal,
) -> Result<Check, StoreError> {
    terminal.step(&said!(
        "核对数据库文件……",
        "checking the file of the database …"
    ));
    let mut check = Check::new("engine", said!("数据库文件", "file of the database"));
    check.looked(1);
    for found in audit.soundness(quick).await? {
        check.wrong(said!("{found}", "{found}"));
    }
    Ok(check)
}

/// The newest registers read, and scopes read their tree.
pub(super) async fn registers(audit: &mut dyn Audit) -> Result<Check, StoreError> {
    let mut check = Check::new("registers", said!("名录", "registers"));
    check.mended_by_rebuild = true;
    let Some((version, set)) = audit.registers(None).await? else {
        check.note(said!("还没有名录", "there are none yet"));
        return Ok(check);
    };
    check.looked(version);
    let paths = |tree: &DivisionTree| {
        tree.iter()
            .filter_map(|d| Some((d.id.to_string(), tree.path(&d.id)?.as_str().to_owned())))
            .collect()
    };
    match Registers::build(set) {
        Ok(registers) if audit.divisions().await? == paths(registers.tree()) => {}
        Ok(_) => check.wrong(said!(
            "区划表与名录不符：看得见的范围会不对",
            "the table of divisions is not that of the registers: scopes are wrong"
        )),
        Err(errors) => {
            check.mended_by_rebuild = false;
            for error in errors {
                check.wrong(said!("{error}", "{error}"));
            }
        }
    }
    Ok(check)
}

/// The database is not older than what lies beside the blobs says.
pub(super) async fn heads(
    audit: &mut dyn Audit,
    noted: Option<Heads>,
) -> Result<Check, StoreError> {
    let mut check = Check::new("heads", said!("数据没有回退", "the data did not go back"));
    let Some(noted) = noted else {
        check.note(said!(
            "没有 heads.json（服务运行几秒后会写）",
            "there is no heads.json (a server writes it after some seconds)"
        ));
        return Ok(check);
    };
    check.looked(1);
    let identity = audit.identity().await?;
    // Photos are not compared: beside a server that purges, the note is behind for a minute.
    if noted.is_ahead_of(&Heads::of(&identity, &audit.heads().await?, u64::MAX)) {
        check.wrong(said!(
            "数据库比 heads.json 记的旧：是从旧副本换回来的。启动服务，它会请所有手机重新发送",
            "the database is older than heads.json says: it was put back from a copy. Start the \
             server: it asks all phones to send again"
        ));
    }
    Ok(check)
}

/// How the logs of phones stand: nothing of it is damage here.
pub(super) async fn logs(audit: &mut dyn Audit) -> Result<Check, StoreError> {
    let mut check = Check::new("logs", said!("手机日志", "logs of phones"));
    let states = audit.logs().await?;
    check.looked(states.logs);
    let (gaps, forks, waiting) = (states.gaps.len(), states.forks, states.waiting);
    if gaps > 0 {
        check.note(said!(
            "{gaps} 个日志有缺号：手机上还有没发来的，或手机丢了",
            "{gaps} logs have gaps: phones have not sent everything, or are lost"
        ));
        for (log, person, missing) in states.gaps.iter().take(NAMED) {
            check.note(said!(
                "  {person}：缺 {missing} 条（{log}）",
                "  {person}: {missing} missing ({log})"
            ));
        }
    }
    if forks > 0 {
        check.note(said!(
            "{forks} 处日志分叉：有手机从旧备份恢复过，两条都留着",
            "{forks} places of logs are forked: a phone was restored; both entries are kept"
        ));
    }
    if waiting > 0 {
        check.note(said!(
            "{waiting} 条在等前一条",
            "{waiting} entries wait for the one before"
        ));
    }
    Ok(check)
}

/// What waits for somebody or is on its way.
pub(super) async fn open_work(audit: &mut dyn Audit) -> Result<Check, StoreError> {
    let mut check = Check::new("open_work", said!("待办", "open work"));
    let work = audit.open_work().await?;
    let (quarantined, refused) = (work.quarantined, work.refused);
    let (uploads, missing) = (work.uploads, work.blobs_missing);
    let (erased, to_erase) = (work.erased, work.to_erase);
    for (n, said) in [
        (
            quarantined,
            said!("待核实 {quarantined} 条", "{quarantined} in quarantine"),
        ),
        (
            refused,
            said!(
                "拒收 {refused} 条，原文都留着",
                "{refused} refused, their texts are kept"
            ),
        ),
        (
            uploads,
            said!("正在上传 {uploads} 个", "{uploads} uploads under way"),
        ),
        (
            missing,
            said!(
                "还没到的照片 {missing} 张",
                "{missing} photos have not arrived yet"
            ),
        ),
        (
            erased,
            said!("已按规定删除 {erased} 条", "{erased} erased by law"),
        ),
        (
            to_erase,
            said!(
                "还有 {to_erase} 个文件等着删除（服务每小时做一次）",
                "{to_erase} files are still to be erased (a server does it every hour)"
            ),
        ),
    ] {
        check.looked(n);
        if n > 0 {
            check.note(said);
        }
    }
    Ok(check)
}
