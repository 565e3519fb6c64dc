-- What a step does to its case, said once. The order of `no` is the order in which steps count:
-- a step may wait for what its author knew, and is then judged later than it was received.
CREATE TABLE verdict (
    no       INTEGER PRIMARY KEY,
    entry_id BLOB    NOT NULL UNIQUE,
    word     TEXT    NOT NULL
) STRICT;
CREATE TRIGGER verdict_is_kept BEFORE DELETE ON verdict BEGIN
    SELECT RAISE(ABORT, 'verdicts are never deleted');
END;
CREATE TRIGGER verdict_is_immutable BEFORE UPDATE ON verdict BEGIN
    SELECT RAISE(ABORT, 'verdicts are never changed');
END;

-- The units a case was ever handed to: they see it.
CREATE TABLE record_unit (
    record_id BLOB NOT NULL,
    unit      TEXT NOT NULL,
    PRIMARY KEY (record_id, unit)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_unit_unit ON record_unit (unit);

-- The case of a record, as folded. Can be rebuilt.
ALTER TABLE record ADD COLUMN stage TEXT NOT NULL DEFAULT 'on_spot';
ALTER TABLE record ADD COLUMN lead TEXT;
ALTER TABLE record ADD COLUMN assignee TEXT;
ALTER TABLE record ADD COLUMN due TEXT;
ALTER TABLE record ADD COLUMN ladder TEXT;
ALTER TABLE record ADD COLUMN urged INTEGER NOT NULL DEFAULT 0;
ALTER TABLE record ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE record ADD COLUMN closed_ms INTEGER;
-- Problems that were handed up before cases existed are registered.
UPDATE record SET stage = 'registered' WHERE outcome = 'handed_up';
CREATE INDEX record_stage ON record (stage, due);
CREATE INDEX record_assignee ON record (assignee) WHERE assignee IS NOT NULL;
