-- The outfall that a record names: its 监管责任人 watches the case once units have it. And the desk
-- to which it was sent up. Can be rebuilt.
ALTER TABLE record ADD COLUMN outfall TEXT;
ALTER TABLE record ADD COLUMN escalated TEXT;
UPDATE record SET
    outfall = (SELECT CAST(e.body AS TEXT) ->> '$.fields.outfall' FROM entry e
        WHERE e.record_id = record.record_id AND e.author = record.author
          AND CAST(e.header AS TEXT) ->> '$.kind' = 'discharge'
          AND (e.quarantine IS NULL OR e.entry_id = e.record_id)
        ORDER BY e.entry_no DESC LIMIT 1)
    WHERE kind = 'discharge';
UPDATE record SET
    escalated = (SELECT CAST(e.body AS TEXT) ->> '$.fields.to' FROM entry e JOIN verdict v USING (entry_id)
        WHERE e.record_id = record.record_id AND v.word IN ('applied', 'late')
          AND CAST(e.body AS TEXT) ->> '$.fields.step' = 'escalate'
        ORDER BY v.no DESC LIMIT 1);
CREATE INDEX record_outfall ON record (outfall) WHERE outfall IS NOT NULL;
