use super::Check;
use crate::ops::said;
use crate::store::audit::{Dossier, KeptRow};
use crate::store::refold::{Refolded, read};
use domain::entry::CheckedEntry;
use domain::ids::EntryId;
use domain::record::Purge;
use serde_json::Value;

/// What is wrong with entries, and with what is derived from them.
pub(super) struct Sheet {
    pub(super) entries: Check,
    pub(super) tables: Check,
}

impl Default for Sheet {
    fn default() -> Self {
        let mut tables = Check::new("tables", said!("列表用的表", "tables of lists"));
        tables.mended_by_rebuild = true;
        Self {
            entries: Check::new("entries", said!("条目", "entries")),
            tables,
        }
    }
}

impl Sheet {
    /// Checks the entries of a record; gives those that are ones.
    pub(super) fn entries<'a>(&mut self, dossier: &'a Dossier) -> Vec<(&'a KeptRow, CheckedEntry)> {
        self.entries.looked(dossier.entries.len() as u64);
        let mut whole = Vec::with_capacity(dossier.entries.len());
        for row in &dossier.entries {
            let id = row.entry_id;
            match read(row) {
                Ok(entry) => {
                    self.entry(dossier, row, &entry);
                    whole.push((row, entry));
                }
                Err(why) => self.entries.wrong(said!(
                    "条目 {id}：内容不是收到时的（{why}）",
                    "entry {id} is not what was received ({why})"
                )),
            }
        }
        for (row, _) in &whole {
            self.erasure(row, &whole);
        }
        whole
    }

    fn entry(&mut self, dossier: &Dossier, row: &KeptRow, entry: &CheckedEntry) {
        let (id, header) = (row.entry_id, entry.header());
        let same = [
            ("hash", row.hash == entry.hash()),
            ("entry_id", id == header.entry_id),
            ("record_id", dossier.record_id == header.record_id),
            ("log_id", row.log_id == header.log_id),
            ("seq", row.seq == header.seq),
            ("prev_hash", row.prev_hash == header.prev_hash),
            ("author", row.author == header.author.as_str()),
        ];
        for (column, _) in same.iter().filter(|(_, same)| !same) {
            self.entries.wrong(said!(
                "条目 {id}：{column} 一栏与条目本身不符",
                "entry {id}: the column {column} is not what the entry says"
            ));
        }
        if dossier.feed.iter().all(|f| f.entry_id != id) {
            self.entries.wrong(said!(
                "条目 {id}：审计链里没有它，链上的行被删了",
                "entry {id} stands in no feed: its row of the chain was deleted"
            ));
        }
        let named: &[_] = if entry.is_erased() {
            &[]
        } else {
            &header.blobs
        };
        let rows = row
            .blobs
            .iter()
            .map(|b| (b.sha256, b.size, b.role.as_str()));
        if !rows.eq(named.iter().map(|b| (b.sha256, b.size, b.role.as_str()))) {
            self.tables.wrong(said!(
                "条目 {id}：照片清单与条目本身不符",
                "entry {id}: its rows of blobs are not what it names"
            ));
        }
    }

    /// A body may be missing only where a purge says so, and a purge must have done what it says.
    fn erasure(&mut self, row: &KeptRow, whole: &[(&KeptRow, CheckedEntry)]) {
        let id = row.entry_id;
        let says_so = |by: EntryId| {
            let mut entries = whole
                .iter()
                .filter(|(r, _)| r.entry_id == by && !r.quarantined);
            entries.any(|(_, e)| Purge::of(e).is_some_and(|p| p.entries.contains(&id)))
        };
        match (&row.body, row.erased_by) {
            (None, None) => self.entries.wrong(said!(
                "条目 {id}：内容没有了，却没有删除记录",
                "entry {id}: its body is gone and no purge says so"
            )),
            (None, Some(by)) if !says_so(by) => self.entries.wrong(said!(
                "条目 {id}：内容没有了，删除记录 {by} 不成立",
                "entry {id}: its body is gone and {by} is no purge that says so"
            )),
            (Some(_), Some(by)) => self.entries.wrong(said!(
                "条目 {id}：删除记录 {by} 说已删除，内容还在",
                "entry {id}: the purge {by} says that it was erased, and it is still there"
            )),
            _ => {}
        }
    }

    /// Compares what lists read with the record made anew.
    pub(super) fn tables(&mut self, dossier: &Dossier, folded: &Refolded) {
        let record = dossier.record_id;
        self.tables.looked(1);
        match (&dossier.line, &folded.line) {
            (None, None) => {}
            (Some(_), None) => self.tables.wrong(said!(
                "记录 {record}：列表里有它，却没有开头的条目",
                "record {record} stands in lists, and the entry that begins it is missing"
            )),
            (None, Some(_)) => self.tables.wrong(said!(
                "记录 {record}：列表里没有它",
                "record {record} is missing from lists"
            )),
            (Some(line), Some(wanted)) => {
                for (column, wanted) in wanted {
                    self.column(dossier, column, line.get(column), wanted);
                }
                let held = dossier.entries.iter().flat_map(|e| &e.blobs);
                let held = Value::from(held.filter(|b| b.held).count());
                self.column(dossier, "blobs_held", line.get("blobs_held"), &held);
                let (shard, number) = folded.number.clone().unzip();
                let shard = shard.map_or_else(Value::default, |s| s.to_string().into());
                self.column(dossier, "shard", line.get("shard"), &shard);
                let number = Value::from(number);
                self.column(dossier, "number", line.get("number"), &number);
            }
        }
        self.sets(dossier, folded);
        for step in &folded.unjudged {
            self.entries.wrong(said!(
                "条目 {step}：这一步可以判定却没有判定",
                "entry {step}: this step can be judged and was not"
            ));
        }
    }

    fn sets(&mut self, dossier: &Dossier, folded: &Refolded) {
        let units = |unit: &&str| dossier.units.iter().any(|u| u == unit);
        let same_units = if folded.units_incomplete {
            folded.units().all(|unit| units(&unit))
        } else {
            dossier.units.iter().map(String::as_str).eq(folded.units())
        };
        let divisions = dossier.divisions.iter().map(String::as_str);
        let shards = if folded.line.is_some() {
            dossier.shards == folded.shards()
        } else {
            dossier.shards.is_empty()
        };
        let record = dossier.record_id;
        for (table, same) in [
            ("record_division", divisions.eq(folded.divisions())),
            ("record_unit", same_units),
            ("record_shard", shards),
        ] {
            if !same {
                self.tables.wrong(said!(
                    "记录 {record}：{table} 与重新计算的不同",
                    "record {record}: {table} is not what is made anew"
                ));
            }
        }
    }

    fn column(&mut self, dossier: &Dossier, column: &str, there: Option<&Value>, wanted: &Value) {
        let there = there.unwrap_or(&Value::Null);
        if there != wanted {
            let record = dossier.record_id;
            self.tables.wrong(said!(
                "记录 {record}：{column} 表里是 {there}，重新计算是 {wanted}",
                "record {record}: {column} is {there} in the table and {wanted} made anew"
            ));
        }
    }
}
