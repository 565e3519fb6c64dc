//! `xunhe verify`: every invariant of what is kept, checked on the data itself. Reads one moment
//! of the database and changes nothing, so it runs beside a server.

mod blobs;
mod check;
mod entries;
mod facts;
pub(super) mod feed;
mod record;
mod versions;

pub(super) use check::Check;
pub(super) use versions::Versions;

use super::data::Data;
use super::terminal::Terminal;
use super::trouble::Trouble;
use super::{Common, Exit, said};
use crate::heads::{self, Heads};
use crate::store::StoreError;
use crate::store::audit::Audit;

/// 校验
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub(super) common: Common,
    /// 不读照片 Leave out what takes long: the bytes of photos, and the engine's full check.
    #[arg(long)]
    quick: bool,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Trouble> {
    let data = Data::open(&args.common.settings()?.data)?;
    // Before the database: a running server goes on.
    let noted = heads::noted(&data.blobs()).map_err(|e| Trouble::io(&data.blobs(), &e))?;
    let mut checks = Vec::new();
    let mut done = |check: Result<Check, StoreError>, name: &'static str| {
        let check = check.unwrap_or_else(|error| Check::unreadable(name, &error));
        if !args.json {
            check.print(terminal);
        }
        checks.push(check);
    };
    match data.audit().await {
        Ok(mut audit) => walk(&mut audit, &data, noted, args.quick, terminal, &mut done).await,
        Err(error) if error.is_damage() => done(Err(error), "engine"),
        Err(error) => return Err(error.into()),
    }
    let wrong: u64 = checks.iter().map(|c| c.wrong).sum();
    if args.json {
        let all = serde_json::json!({ "wrong": wrong, "checks": checks });
        terminal.print(&all.to_string());
    } else {
        conclude(terminal, &checks, wrong);
    }
    Ok(if wrong == 0 { Exit::Fine } else { Exit::Found })
}

/// Every check in turn; one that cannot be made keeps none of the others from being made.
async fn walk(
    audit: &mut dyn Audit,
    data: &Data,
    noted: Option<Heads>,
    quick: bool,
    terminal: &Terminal,
    done: &mut impl FnMut(Result<Check, StoreError>, &'static str),
) {
    done(facts::engine(audit, quick, terminal).await, "engine");
    done(facts::registers(audit).await, "registers");
    done(facts::heads(audit, noted).await, "heads");
    done(feed::check(audit, terminal).await, "feed");
    match entries::check(audit, data, terminal).await {
        Ok(found) => found
            .into_iter()
            .for_each(|check| done(Ok(check), "entries")),
        Err(error) => done(Err(error), "entries"),
    }
    done(blobs::check(audit, data, quick, terminal).await, "blobs");
    done(facts::logs(audit).await, "logs");
    done(facts::open_work(audit).await, "open_work");
}

fn conclude(terminal: &Terminal, checks: &[Check], wrong: u64) {
    if wrong == 0 {
        terminal.say(&said!("全部正常。", "All is well."));
        return;
    }
    terminal.say(&said!(
        "发现 {wrong} 处不对。数据没有改动。",
        "{wrong} things are wrong. Nothing was changed."
    ));
    if checks.iter().all(|c| c.wrong == 0 || c.mended_by_rebuild) {
        terminal.say(&said!(
            "只是由条目推出来的表不对：停止服务，执行 xunhe rebuild，再校验一次。",
            "Only tables that are derived from entries are wrong: stop the server, run \
             xunhe rebuild, and verify again."
        ));
    } else {
        terminal.say(&said!(
            "先停止服务，把整个数据目录原样复制一份留证，再用最近的备份恢复（xunhe restore），\
             手机会把之后的记录重新发来。",
            "Stop the server, keep a copy of the whole data folder as it is, then restore the \
             newest backup (xunhe restore); phones send again what came after it."
        ));
    }
}
