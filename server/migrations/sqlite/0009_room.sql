-- How full the store of a phone was when it was heard last, as far as its browser tells.
ALTER TABLE announced ADD COLUMN used_bytes INTEGER;
ALTER TABLE announced ADD COLUMN allowed_bytes INTEGER;
