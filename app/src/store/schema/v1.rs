//! The first schema. Rows are objects `{k: key, v: bytes, <mark>: text…}`; `v` is JSON except
//! for chunks, so a row may gain fields without a new version.

use super::{Mark, Schema, Table, TableDef};

const fn plain(table: Table) -> TableDef {
    TableDef { table, marks: &[] }
}

/// Shared by everybody who uses this phone.
pub(crate) const PHONE: Schema = Schema {
    version: 1,
    tables: &[
        // `device` → device id.
        plain(Table::Meta),
        // Person id → who, and when last seen here.
        plain(Table::Person),
    ],
};

/// The installation's key, in a database of its own: no other has rows that are not bytes.
pub(crate) const KEY: Schema = Schema {
    version: 1,
    // `device` → the pair.
    tables: &[plain(Table::Key)],
};

/// One person's.
pub(crate) const PERSON: Schema = Schema {
    version: 1,
    tables: &[
        // `head` → log head; `arrivals` → entries ever stored; `server` → server id and epoch;
        // `cursor`; `last_sync`; `registers`; `setting/…`.
        plain(Table::Meta),
        // Draft id → draft.
        plain(Table::Draft),
        // Intake id → size, type, when begun; marked by hash once it was read back.
        TableDef {
            table: Table::Photo,
            marks: &[Mark::Hash],
        },
        // `intake id/number` → at most 512 KiB of bytes as they came.
        plain(Table::Chunk),
        // Entry id → both exact texts, and what the feed said.
        TableDef {
            table: Table::Entry,
            marks: &[Mark::Newest, Mark::Record, Mark::Foreign],
        },
        // Entry id → receipts, uploads, reasons of the tray; own entries only.
        TableDef {
            table: Table::Outbox,
            marks: &[Mark::Open],
        },
        // SHA-256 of the statement → receipt; one push gives one for many entries.
        plain(Table::Receipt),
    ],
};

/// The marks that rows of a table may carry.
pub(crate) fn marks(table: Table) -> &'static [Mark] {
    PERSON
        .tables
        .iter()
        .chain(PHONE.tables)
        .find(|def| def.table == table && !def.marks.is_empty())
        .map_or(&[], |def| def.marks)
}
