use crate::entry::{CheckedEntry, Kind};
use crate::ids::EntryId;
use crate::record::Fields;
use crate::register::OutfallId;
use crate::words::open_words;
use serde::{Deserialize, Serialize};

/// 按规定删除: what the server erased of the record that this entry joins. Headers stay, so chain
/// and receipts still hold; whoever carries one of these entries erases its body and its blobs
/// and shows 内容已按规定删除. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purge {
    /// The entries whose bodies were erased, with the blobs that only they brought along.
    pub entries: Vec<EntryId>,
    /// On which ground.
    pub ground: PurgeGround,
    /// In words, for whoever looks later. Travels to phones: it names nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The outfall that the record names, said again: who has it by the outfall goes on hearing
    /// of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outfall: Option<OutfallId>,
}

open_words! {
    /// Why content is erased (个人信息保护法 §19, §47).
    PurgeGround {
        /// 本人要求
        Request = "request",
        /// 保存期限已满
        Retention = "retention",
        /// 依法律或上级要求
        Order = "order",
        /// 误采集: it should never have been recorded.
        Mistake = "mistake",
    }
}

impl Purge {
    /// Entries that one purge may name: more would not fit into a body.
    pub const MAX_ENTRIES: usize = 1_000;

    /// What an entry erases. Only the server erases: from anybody else it is nothing.
    pub fn of(entry: &CheckedEntry) -> Option<Self> {
        match entry.body() {
            Ok((_, Fields::Purge(purge))) if entry.header().is_servers() => Some(purge),
            _ => None,
        }
    }

    /// Whether it may erase this entry: one that it names, and never a purge, whose traces must
    /// stay.
    pub fn erases(&self, entry: &CheckedEntry) -> bool {
        let header = entry.header();
        header.kind != Kind::Purge && self.entries.contains(&header.entry_id)
    }
}
