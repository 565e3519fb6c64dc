-- What was ruled about an entry that somebody had to look at; `by_entry` is an entry of kind
-- `vetting`, and the first one holds. Can be rebuilt.
CREATE TABLE vetted (
    entry_no INTEGER PRIMARY KEY,
    by_entry BLOB    NOT NULL,
    accepted INTEGER NOT NULL
) STRICT;

-- What waits for somebody is few among all.
CREATE INDEX entry_quarantined ON entry (entry_no) WHERE quarantine IS NOT NULL;
