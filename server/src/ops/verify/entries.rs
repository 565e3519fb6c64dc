use super::Check;
use super::record::Sheet;
use super::versions::Versions;
use crate::ops::data::Data;
use crate::ops::said;
use crate::ops::terminal::Terminal;
use crate::receipts::Receipts;
use crate::store::StoreError;
use crate::store::audit::{Audit, Dossier};
use crate::store::refold::refold;
use domain::ids::RecordId;
use domain::receipt::{HeldEntry, ReceiptKey};

/// Records that are in memory at once.
const RUN: u32 = 200;
/// Entries of one receipt, as a push may have them.
const OF_ONE_RECEIPT: usize = 200;

/// Entries, receipts over them, and the tables that are derived from them: one walk through all
/// records.
pub(super) async fn check(
    audit: &mut dyn Audit,
    data: &Data,
    terminal: &Terminal,
) -> Result<Vec<Check>, StoreError> {
    let mut sheet = Sheet::default();
    let mut receipts = Receipted::open(audit, data).await?;
    let mut versions = Versions::newest(audit).await?;
    let tables = audit.tables().await?;
    let entries = tables.iter().find(|(name, _)| name == "entry");
    let all = entries.map_or(0, |(_, rows)| *rows);
    let progress = terminal.progress(&said!("核对条目", "checking entries"), all, 0);
    let mut after: Option<RecordId> = None;
    loop {
        let run = audit.dossiers(after, RUN).await?;
        let Some(last) = run.last() else {
            break;
        };
        after = Some(last.record_id);
        for dossier in &run {
            let entries = sheet.entries(dossier);
            let mut folded = refold(dossier, &entries, &versions.judges());
            while !folded.lies_as_told && versions.more(audit).await? {
                folded = refold(dossier, &entries, &versions.judges());
            }
            // What does not read as an entry cannot be folded; that was told already.
            if entries.len() == dossier.entries.len() {
                sheet.tables(dossier, &folded);
            }
            progress.add(dossier.entries.len() as u64, 0);
        }
        receipts.over(&run);
    }
    let nothing = audit.lines_of_nothing().await?;
    if nothing > 0 {
        sheet.tables.wrong(said!(
            "列表里有 {nothing} 条没有任何条目的记录",
            "{nothing} lines of lists belong to no entry at all"
        ));
    }
    Ok(vec![sheet.entries, receipts.check, sheet.tables])
}

/// Receipts, issued anew over what lies there and checked with the keys that were ever shown.
struct Receipted {
    check: Check,
    receipts: Option<Receipts>,
    keys: Vec<ReceiptKey>,
}

impl Receipted {
    async fn open(audit: &mut dyn Audit, data: &Data) -> Result<Self, StoreError> {
        let mut check = Check::new("receipts", said!("回执", "receipts"));
        let mut keys = audit.keys().await?;
        let server = audit.identity().await?.server_id;
        let receipts = match Receipts::kept(&data.path, server) {
            Ok(Some(receipts)) => Some(receipts),
            Ok(None) => {
                check.wrong(said!(
                    "回执密钥 receipt.key 不见了：从备份里取回，不要让服务另做一个",
                    "the receipt key receipt.key is gone: take it from a backup; do not let the \
                     server draw another"
                ));
                None
            }
            Err(error) => {
                check.wrong(said!(
                    "回执密钥读不出来：{error}",
                    "the receipt key: {error}"
                ));
                None
            }
        };
        if keys.is_empty() {
            check.note(said!(
                "还没有登记过密钥（服务启动一次就会登记）",
                "no key was written down yet (the next start of the server does it)"
            ));
            keys.extend(receipts.iter().flat_map(Receipts::keys));
        }
        Ok(Self {
            check,
            receipts,
            keys,
        })
    }

    fn over(&mut self, run: &[Dossier]) {
        let Some(receipts) = &self.receipts else {
            return;
        };
        let held: Vec<HeldEntry> = run
            .iter()
            .flat_map(|d| &d.entries)
            .map(|row| HeldEntry {
                hash: row.hash,
                received_ms: row.received_ms,
                epoch: row.epoch,
            })
            .collect();
        for some in held.chunks(OF_ONE_RECEIPT) {
            self.check.looked(some.len() as u64);
            let receipt = receipts.issue(some.to_vec(), Vec::new());
            let verified = receipt
                .map_err(|e| e.to_string())
                .and_then(|r| r.verify(&self.keys).map_err(|e| e.to_string()));
            if let Err(why) = verified {
                self.check.wrong(said!(
                    "回执核对不上（{why}）：receipt.key 不是发回执的那一把，从备份里取回原来的",
                    "receipts do not verify ({why}): receipt.key is not the key that signed them; \
                     take that from a backup"
                ));
                self.receipts = None;
                return;
            }
        }
    }
}
