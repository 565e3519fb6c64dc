-- What the map cannot show is few and counted for every map.
CREATE INDEX record_nowhere ON record (received_ms) WHERE lat_e7 IS NULL;
