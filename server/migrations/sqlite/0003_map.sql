-- Where a record was made, in ten-millionths of a degree, WGS-84. Can be rebuilt.
ALTER TABLE record ADD COLUMN lat_e7 INTEGER;
ALTER TABLE record ADD COLUMN lon_e7 INTEGER;
UPDATE record SET
    lat_e7 = (SELECT CAST(round((CAST(e.body AS TEXT) ->> '$.place.fix.lat') * 1e7) AS INTEGER)
        FROM entry e WHERE e.entry_id = record.record_id),
    lon_e7 = (SELECT CAST(round((CAST(e.body AS TEXT) ->> '$.place.fix.lon') * 1e7) AS INTEGER)
        FROM entry e WHERE e.entry_id = record.record_id);

-- What the map shows below the records: boundaries, rivers, lakes.
CREATE TABLE map_layer (
    name    TEXT    NOT NULL PRIMARY KEY,
    place   INTEGER NOT NULL,
    source  TEXT    NOT NULL,
    geojson TEXT    NOT NULL
) STRICT;
