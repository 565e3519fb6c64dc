//! `xunhe purge`: erases content by law, beside a running server. What was erased, when, on which
//! ground and why is an entry itself; chain and receipts go on holding.

use super::data::Data;
use super::terminal::Terminal;
use super::trouble::Trouble;
use super::{Common, Exit, said};
use crate::blobs::Vault;
use crate::clock;
use crate::ingest::Ingest;
use crate::news::News;
use crate::own_log::OwnLog;
use crate::purge::{Order, Purged, erase_bytes, expired, purge};
use crate::receipts::Receipts;
use crate::registry::Registry;
use crate::store::sqlite::SqliteStore;
use crate::store::{Store, Which};
use domain::ids::RecordId;
use domain::record::PurgeGround;
use domain::register::PersonId;
use std::sync::Arc;

/// 按规定删除
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(flatten)]
    what: What,
    /// 依据 On which ground.
    #[arg(long, value_enum, default_value = "request")]
    ground: Ground,
    /// 理由 Why, in words. Goes to phones with the record: name nobody in it.
    #[arg(long)]
    reason: Option<String>,
    /// 连办理步骤一起删 Erase steps of cases, too. The state of their cases is lost with them.
    #[arg(long)]
    with_steps: bool,
    /// 保存天数 For --expired: days that tracks are kept [default: the setting `keep_tracks_days`].
    #[arg(long, requires = "expired")]
    keep_tracks_days: Option<u32>,
    /// 只看不删 Only say what would be erased.
    #[arg(long)]
    dry_run: bool,
}

/// Exactly one of these.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct What {
    /// 一条记录 One record, by its id.
    #[arg(long)]
    record: Option<RecordId>,
    /// 一个人 Everything that one person recorded, or that was recorded for them.
    #[arg(long)]
    person: Option<PersonId>,
    /// 到期的轨迹 Tracks that were kept long enough.
    #[arg(long)]
    expired: bool,
}

/// The grounds, as words of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Ground {
    /// 本人要求
    Request,
    /// 依法律或上级要求
    Order,
    /// 误采集
    Mistake,
}

impl From<Ground> for PurgeGround {
    fn from(ground: Ground) -> Self {
        match ground {
            Ground::Request => Self::Request,
            Ground::Order => Self::Order,
            Ground::Mistake => Self::Mistake,
        }
    }
}

pub(super) async fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Trouble> {
    let settings = args.common.settings()?;
    let order = args.order(settings.keep_tracks_days)?;
    let data = Data::open(&settings.data)?;
    // Refuses a database of another version before anything is opened for writing.
    drop(data.audit().await?);
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&data.database()).await?);
    if args.dry_run {
        return foresee(store.as_ref(), &order, terminal).await;
    }
    let identity = store.identity().await?;
    let receipts = Receipts::kept(&data.path, identity.server_id)?.ok_or_else(|| {
        Trouble::failed(said!(
            "回执密钥 receipt.key 不见了，先从备份里取回。什么都没有删。",
            "the receipt key receipt.key is gone; take it from a backup first. Nothing was erased."
        ))
    })?;
    let own = OwnLog::of(&receipts, identity.server_id, identity.epoch);
    let registry = Arc::new(Registry::load(store.as_ref()).await?);
    let news = Arc::new(News::default());
    let (ingest, writer) = Ingest::start(Arc::clone(&store), registry, news);
    let told = |done: Purged| {
        let (entries, records) = (done.entries, done.records);
        terminal.step(&said!(
            "已删除 {entries} 条内容（{records} 条记录）……",
            "{entries} entries of {records} records erased …"
        ));
    };
    let done = purge(store.as_ref(), &ingest, &own, &order, &told).await;
    ingest.close();
    let ended = writer.await;
    let done = done?;
    ended.map_err(|e| Trouble::system(&e.into()))?;
    let vault = Vault::folder(&data.blobs())?;
    let blobs = erase_bytes(store.as_ref(), &vault).await?;
    store.settle().await?;
    conclude(terminal, done, blobs);
    Ok(Exit::Fine)
}

impl Args {
    fn order(&self, kept_days: Option<u32>) -> Result<Order, Trouble> {
        let steps = self.with_steps;
        let which = match &self.what {
            What {
                record: Some(record),
                ..
            } => Which::Record {
                record: *record,
                steps,
            },
            What {
                person: Some(person),
                ..
            } => Which::Person {
                person: person.clone(),
                steps,
            },
            _ => return self.expired(kept_days),
        };
        if self.reason.as_deref().is_none_or(|r| r.trim().is_empty()) {
            return Err(Trouble::failed(said!(
                "请用 --reason 写明理由，它会随删除记录一起保存。什么都没有删。",
                "say why with --reason; it is kept with the purge. Nothing was erased."
            )));
        }
        Ok(Order {
            which,
            ground: self.ground.into(),
            reason: self.reason.clone(),
        })
    }

    fn expired(&self, kept_days: Option<u32>) -> Result<Order, Trouble> {
        match self.keep_tracks_days.or(kept_days) {
            Some(days) if days > 0 => Ok(expired(days, clock::now())),
            _ => Err(Trouble::failed(said!(
                "没有设置轨迹保存天数：加 --keep-tracks-days，或在设置里写 keep_tracks_days。\
                 什么都没有删。",
                "no term is set for tracks: add --keep-tracks-days, or set keep_tracks_days. \
                 Nothing was erased."
            ))),
        }
    }
}

/// More than that are not counted one by one.
const FORESEEN: u32 = 100_000;

async fn foresee(store: &dyn Store, order: &Order, terminal: &Terminal) -> Result<Exit, Trouble> {
    let found = store.purgeable(&order.which, FORESEEN).await?;
    let entries: usize = found.iter().map(|f| f.entries.len()).sum();
    let records = found.len();
    terminal.say(&said!(
        "会删除 {entries} 条内容，属于 {records} 条记录。没有删除任何东西。",
        "{entries} entries of {records} records would be erased. Nothing was erased."
    ));
    Ok(Exit::Fine)
}

fn conclude(terminal: &Terminal, done: Purged, blobs: u64) {
    let (entries, records, refused) = (done.entries, done.records, done.refused);
    if entries + refused == 0 {
        terminal.say(&said!(
            "没有符合条件的内容，什么都没有删。",
            "there is nothing of that kind; nothing was erased."
        ));
        return;
    }
    terminal.say(&said!(
        "已按规定删除：内容 {entries} 条（{records} 条记录），照片等文件 {blobs} 个，拒收原文 {refused} 条。\n\
         审计链和回执仍然成立；手机下次同步会删掉它们那一份。\n\
         以前的备份里还有这些内容：按保存期限轮换（xunhe backup --keep），\
         从旧备份恢复后要重新做一次这个删除。",
        "erased by law: {entries} entries of {records} records, {blobs} blobs, {refused} refused \
         texts.\nChain and receipts go on holding; phones erase their copies at the next sync.\n\
         Older backups still hold this content: rotate them (xunhe backup --keep), and do this \
         purge again after a restore from one."
    ));
}
