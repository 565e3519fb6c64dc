-- As migrations/sqlite/0007_sync.sql.
ALTER TABLE feed ADD COLUMN left_reach TEXT COLLATE "C";

CREATE TABLE device_key (
    device     BYTEA  NOT NULL,
    person     TEXT COLLATE "C" NOT NULL,
    public_key BYTEA  NOT NULL,
    since_ms   BIGINT NOT NULL,
    PRIMARY KEY (device, person, public_key)
);

CREATE TABLE announced (
    log_id        BYTEA   PRIMARY KEY,
    person        TEXT COLLATE "C" NOT NULL,
    device        BYTEA   NOT NULL,
    seq           BIGINT  NOT NULL,
    unsent        BIGINT  NOT NULL,
    unsent_bytes  BIGINT  NOT NULL,
    oldest_age_ms BIGINT  NOT NULL,
    blobs         BIGINT  NOT NULL,
    blob_bytes    BIGINT  NOT NULL,
    parked        BIGINT  NOT NULL,
    app_version   TEXT    NOT NULL,
    persisted     BOOLEAN NOT NULL,
    heard_ms      BIGINT  NOT NULL
);
CREATE INDEX announced_person ON announced (person);

CREATE TABLE closed_log (
    log_id    BYTEA  NOT NULL,
    through   BIGINT NOT NULL,
    closed_by TEXT COLLATE "C" NOT NULL,
    closed_ms BIGINT NOT NULL,
    reason    TEXT   NOT NULL,
    PRIMARY KEY (log_id, through)
);
