-- Who this server is. One row.
CREATE TABLE server (
    one       INTEGER PRIMARY KEY CHECK (one = 1),
    server_id BLOB    NOT NULL,
    epoch     INTEGER NOT NULL
) STRICT;

-- Registers are read whole: every version as one JSON text in the form of
-- `domain::register::RegisterSet`. The newest counts, older ones say what was true when.
CREATE TABLE registers (
    version  INTEGER PRIMARY KEY,
    body     TEXT    NOT NULL
) STRICT;

-- Where each division lies in the operator's tree: scope is a range on `path`.
CREATE TABLE division (
    id   TEXT PRIMARY KEY,
    path TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
    account     TEXT PRIMARY KEY,
    person      TEXT NOT NULL UNIQUE,
    password    TEXT NOT NULL,
    disabled_ms INTEGER
) STRICT, WITHOUT ROWID;

-- The token itself is never stored.
CREATE TABLE session (
    token_hash BLOB    PRIMARY KEY,
    person     TEXT    NOT NULL,
    device     BLOB    NOT NULL,
    class      TEXT    NOT NULL,
    opened_ms  INTEGER NOT NULL,
    seen_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_person ON session (person);

-- A log belongs to one person's store on one installation; the first use binds it.
CREATE TABLE log (
    log_id BLOB PRIMARY KEY,
    person TEXT NOT NULL,
    device BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Everything recorded, byte for byte. `body` is NULL only after a purge.
CREATE TABLE entry (
    entry_no    INTEGER PRIMARY KEY,
    entry_id    BLOB    NOT NULL UNIQUE,
    hash        BLOB    NOT NULL,
    record_id   BLOB    NOT NULL,
    log_id      BLOB    NOT NULL,
    seq         INTEGER NOT NULL,
    prev_hash   BLOB,
    author      TEXT    NOT NULL,
    header      BLOB    NOT NULL,
    body        BLOB,
    sig         TEXT,
    received_ms INTEGER NOT NULL,
    epoch       INTEGER NOT NULL,
    quarantine  TEXT
) STRICT;
CREATE INDEX entry_hash ON entry (hash);
CREATE INDEX entry_record ON entry (record_id);
-- Not UNIQUE: two entries in one place of a log are both kept (a restored phone).
CREATE INDEX entry_log ON entry (log_id, seq);

CREATE TRIGGER entry_is_kept BEFORE DELETE ON entry BEGIN
    SELECT RAISE(ABORT, 'entries are never deleted');
END;
-- Only a purge may touch an entry, and only to erase the body.
CREATE TRIGGER entry_is_immutable BEFORE UPDATE ON entry
WHEN NEW.body IS NOT NULL
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

-- What was refused, so that every gap of a log is explained and nothing is lost.
CREATE TABLE refused_entry (
    hash        BLOB    NOT NULL,
    body_hash   BLOB    NOT NULL,
    reason      TEXT    NOT NULL,
    log_id      BLOB,
    seq         INTEGER,
    sender      TEXT    NOT NULL,
    header      BLOB    NOT NULL,
    body        BLOB    NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (hash, body_hash, reason)
) STRICT;
CREATE INDEX refused_log ON refused_entry (log_id, seq) WHERE log_id IS NOT NULL;

-- The end of each shard's feed; the row is updated before its feed rows are written, so numbers
-- appear in the order of commits.
CREATE TABLE shard (
    shard    TEXT    PRIMARY KEY,
    seq      INTEGER NOT NULL,
    row_hash BLOB
) STRICT, WITHOUT ROWID;

-- The feed, which is the audit chain.
CREATE TABLE feed (
    shard      TEXT    NOT NULL,
    seq        INTEGER NOT NULL,
    op         TEXT    NOT NULL,
    record_id  BLOB    NOT NULL,
    entry_id   BLOB    NOT NULL,
    entry_hash BLOB    NOT NULL,
    row_hash   BLOB    NOT NULL,
    PRIMARY KEY (shard, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX feed_record ON feed (record_id, shard, seq);

CREATE TRIGGER feed_is_kept BEFORE DELETE ON feed BEGIN
    SELECT RAISE(ABORT, 'feed rows are never deleted');
END;
CREATE TRIGGER feed_is_immutable BEFORE UPDATE ON feed BEGIN
    SELECT RAISE(ABORT, 'feed rows are never changed');
END;

-- Blobs that entries name, by place in the header.
CREATE TABLE blob_ref (
    entry_no INTEGER NOT NULL,
    idx      INTEGER NOT NULL,
    sha256   BLOB    NOT NULL,
    size     INTEGER NOT NULL,
    role     TEXT    NOT NULL,
    PRIMARY KEY (entry_no, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_ref_hash ON blob_ref (sha256);

-- Blobs a person has shown to possess, verified byte for byte and durable. By person, because
-- naming a hash must neither reveal nor open anything.
CREATE TABLE blob_held (
    sha256      BLOB    NOT NULL,
    person      TEXT    NOT NULL,
    size        INTEGER NOT NULL,
    media_type  TEXT    NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (sha256, person)
) STRICT, WITHOUT ROWID;

-- Uploads under way.
CREATE TABLE upload (
    upload_id  BLOB    PRIMARY KEY,
    person     TEXT    NOT NULL,
    entry_id   BLOB    NOT NULL,
    sha256     BLOB    NOT NULL,
    size       INTEGER NOT NULL,
    held       INTEGER NOT NULL,
    touched_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX upload_once ON upload (person, entry_id, sha256);

-- Their staging objects.
CREATE TABLE upload_chunk (
    upload_id BLOB    NOT NULL REFERENCES upload ON DELETE CASCADE,
    at        INTEGER NOT NULL,
    size      INTEGER NOT NULL,
    object    TEXT    NOT NULL,
    PRIMARY KEY (upload_id, at)
) STRICT, WITHOUT ROWID;

-- Records as folded from their entries: what lists and filters read. Can be rebuilt.
CREATE TABLE record (
    record_id    BLOB    PRIMARY KEY,
    shard        TEXT    NOT NULL,
    number       INTEGER NOT NULL,
    kind         TEXT    NOT NULL,
    problem      TEXT,
    outcome      TEXT,
    author       TEXT    NOT NULL,
    behalf       TEXT,
    division     TEXT,
    reach        TEXT,
    recorded_ms  INTEGER NOT NULL,
    received_ms  INTEGER NOT NULL,
    comments     INTEGER NOT NULL,
    versions     INTEGER NOT NULL,
    quarantined  INTEGER NOT NULL,
    words        TEXT,
    blobs_named  INTEGER NOT NULL,
    blobs_held   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX record_received ON record (received_ms, record_id);
CREATE INDEX record_author ON record (author, received_ms);
CREATE INDEX record_behalf ON record (behalf, received_ms) WHERE behalf IS NOT NULL;
CREATE INDEX record_reach ON record (reach, received_ms);

-- The divisions a record touches: two for a boundary water.
CREATE TABLE record_division (
    record_id BLOB NOT NULL,
    division  TEXT NOT NULL,
    PRIMARY KEY (record_id, division)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_division_division ON record_division (division);

-- The shards whose feed carries it now.
CREATE TABLE record_shard (
    record_id BLOB NOT NULL,
    shard     TEXT NOT NULL,
    PRIMARY KEY (record_id, shard)
) STRICT, WITHOUT ROWID;
