-- As migrations/sqlite/0004_rules.sql.
ALTER TABLE record
    ADD COLUMN outfall   TEXT COLLATE "C",
    ADD COLUMN escalated TEXT COLLATE "C";
CREATE INDEX record_outfall ON record (outfall) WHERE outfall IS NOT NULL;
