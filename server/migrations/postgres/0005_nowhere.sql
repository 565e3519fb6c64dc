-- As migrations/sqlite/0005_nowhere.sql.
CREATE INDEX record_nowhere ON record (received_ms) WHERE lat_e7 IS NULL;
