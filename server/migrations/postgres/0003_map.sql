-- As migrations/sqlite/0003_map.sql.
ALTER TABLE record ADD COLUMN lat_e7 INTEGER, ADD COLUMN lon_e7 INTEGER;

CREATE TABLE map_layer (
    name    TEXT   NOT NULL PRIMARY KEY,
    place   BIGINT NOT NULL,
    source  TEXT   NOT NULL,
    geojson TEXT   NOT NULL
);
