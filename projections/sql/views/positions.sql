CREATE VIEW reporting.positions AS
SELECT
    ledger_partition,
    ledger_seq,
    encode(head, 'hex') AS head,
    epoch,
    ledger_offset,
    source_offset AS input_offset,
    closed_on,
    CASE WHEN ledger_seq >= 0 THEN reporting.moment(recorded_at_ms) END AS recorded_at,
    h.reason AS halted,
    h.detail AS halted_detail
FROM positions
LEFT JOIN projections.halts AS h USING (ledger_partition, head);

COMMENT ON VIEW reporting.positions IS
    'How far each partition of the ledger is in these tables.';
COMMENT ON COLUMN reporting.positions.ledger_partition IS
    'Which.';
COMMENT ON COLUMN reporting.positions.ledger_seq IS
    'The last record that counted; -1 before the first.';
COMMENT ON COLUMN reporting.positions.head IS
    'Its SHA-256.';
COMMENT ON COLUMN reporting.positions.epoch IS
    'How often the partition was taken over by a processor.';
COMMENT ON COLUMN reporting.positions.ledger_offset IS
    'The place in the log behind it, noise included.';
COMMENT ON COLUMN reporting.positions.input_offset IS
    'The place in the events of the last one decided there; -1 before the first.';
COMMENT ON COLUMN reporting.positions.closed_on IS
    'The last business day closed in it; NULL before the first.';
COMMENT ON COLUMN reporting.positions.recorded_at IS
    'When the ledger took that record.';
COMMENT ON COLUMN reporting.positions.halted IS
    'Why its projector stands still behind that record; NULL while it goes on.';
COMMENT ON COLUMN reporting.positions.halted_detail IS
    'What exactly it met there.';
