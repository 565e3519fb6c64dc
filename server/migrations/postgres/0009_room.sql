-- As migrations/sqlite/0009_room.sql.
ALTER TABLE announced ADD COLUMN used_bytes BIGINT, ADD COLUMN allowed_bytes BIGINT;
