-- How far each partition is projected.  It changes in the transaction of the rows, and only from
-- the position that the projector itself left: that is what makes every record count once.
CREATE TABLE positions (
    ledger_partition int PRIMARY KEY,
    ledger_seq bigint NOT NULL DEFAULT -1,
    head bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
    epoch bigint NOT NULL DEFAULT 0,
    source_offset bigint NOT NULL DEFAULT -1,
    source_part int NOT NULL DEFAULT 0,
    final boolean NOT NULL DEFAULT true,
    ledger_offset bigint NOT NULL DEFAULT 0,
    closed_on date,
    recorded_at_ms bigint NOT NULL DEFAULT 0
);
