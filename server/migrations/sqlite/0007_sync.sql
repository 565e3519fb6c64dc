-- The reach that a record left: its leaving is news for those who carried it, and nobody's else.
ALTER TABLE feed ADD COLUMN left_reach TEXT;

-- Public keys of installations, by the persons who signed in there: what one of them made there
-- may be sent under the key's signature while another of them is signed in.
CREATE TABLE device_key (
    device     BLOB    NOT NULL,
    person     TEXT    NOT NULL,
    public_key BLOB    NOT NULL,
    since_ms   INTEGER NOT NULL,
    PRIMARY KEY (device, person, public_key)
) STRICT, WITHOUT ROWID;

-- What phones said last of what they have, so that one that is lost a minute later is missed.
CREATE TABLE announced (
    log_id        BLOB    PRIMARY KEY,
    person        TEXT    NOT NULL,
    device        BLOB    NOT NULL,
    seq           INTEGER NOT NULL,
    unsent        INTEGER NOT NULL,
    unsent_bytes  INTEGER NOT NULL,
    oldest_age_ms INTEGER NOT NULL,
    blobs         INTEGER NOT NULL,
    blob_bytes    INTEGER NOT NULL,
    parked        INTEGER NOT NULL,
    app_version   TEXT    NOT NULL,
    persisted     INTEGER NOT NULL,
    heard_ms      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX announced_person ON announced (person);

-- Logs of which somebody said that the rest will never come, up to a place.
CREATE TABLE closed_log (
    log_id    BLOB    NOT NULL,
    through   INTEGER NOT NULL,
    closed_by TEXT    NOT NULL,
    closed_ms INTEGER NOT NULL,
    reason    TEXT    NOT NULL,
    PRIMARY KEY (log_id, through)
) STRICT, WITHOUT ROWID;
