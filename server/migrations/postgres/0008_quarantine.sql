-- As migrations/sqlite/0008_quarantine.sql.
CREATE TABLE vetted (
    entry_no BIGINT PRIMARY KEY,
    by_entry BYTEA   NOT NULL,
    accepted BOOLEAN NOT NULL
);
CREATE INDEX entry_quarantined ON entry (entry_no) WHERE quarantine IS NOT NULL;
