-- The purge that erased an entry's body; `by_entry` is an entry of kind `purge`.
CREATE TABLE erased (
    entry_no INTEGER PRIMARY KEY,
    by_entry BLOB    NOT NULL
) STRICT;
CREATE INDEX erased_by ON erased (by_entry);
CREATE TRIGGER erased_is_kept BEFORE DELETE ON erased BEGIN
    SELECT RAISE(ABORT, 'what was erased stays known');
END;
CREATE TRIGGER erased_is_immutable BEFORE UPDATE ON erased BEGIN
    SELECT RAISE(ABORT, 'what was erased stays known');
END;

-- From here on a body can only be erased by a purge that is written down.
DROP TRIGGER entry_is_immutable;
CREATE TRIGGER entry_is_immutable BEFORE UPDATE ON entry
WHEN NEW.body IS NOT NULL
    OR NOT EXISTS (SELECT 1 FROM erased WHERE entry_no = OLD.entry_no)
    OR NEW.entry_no IS NOT OLD.entry_no OR NEW.entry_id IS NOT OLD.entry_id
    OR NEW.hash IS NOT OLD.hash OR NEW.record_id IS NOT OLD.record_id
    OR NEW.log_id IS NOT OLD.log_id OR NEW.seq IS NOT OLD.seq
    OR NEW.prev_hash IS NOT OLD.prev_hash OR NEW.author IS NOT OLD.author
    OR NEW.header IS NOT OLD.header OR NEW.sig IS NOT OLD.sig
    OR NEW.received_ms IS NOT OLD.received_ms OR NEW.epoch IS NOT OLD.epoch
    OR NEW.quarantine IS NOT OLD.quarantine
BEGIN
    SELECT RAISE(ABORT, 'entries are never changed');
END;

-- Blobs whose bytes are to be erased, in the order asked; `done` numbers the erasures in the
-- order in which they happened. Who puts bytes looks at that number first, and they count as
-- held only if none of the same bytes was erased since.
CREATE TABLE blob_erasure (
    no     INTEGER PRIMARY KEY,
    sha256 BLOB    NOT NULL,
    done   INTEGER UNIQUE
) STRICT;
CREATE INDEX blob_erasure_hash ON blob_erasure (sha256);
CREATE INDEX blob_erasure_open ON blob_erasure (no) WHERE done IS NULL;

-- Tracks are kept for a time of their own.
CREATE INDEX blob_ref_track ON blob_ref (entry_no) WHERE role = 'track';

-- When and why the server began to ask everybody to offer everything again.
CREATE TABLE epoch (
    epoch    INTEGER PRIMARY KEY,
    since_ms INTEGER,
    why      TEXT    NOT NULL
) STRICT;
INSERT INTO epoch (epoch, why) SELECT epoch, 'before this was written down' FROM server;

-- Every key that receipts were ever signed with: one that is not here is not ours.
CREATE TABLE receipt_key (
    key_id     TEXT    PRIMARY KEY,
    public_key TEXT    NOT NULL,
    since_ms   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
