CREATE VIEW reporting.refusals AS
SELECT
    event_id,
    event_type,
    reason,
    voucher_id,
    account_id,
    store_id,
    reporting.moment(occurred_at_ms) AS occurred_at,
    business_date,
    reporting.moment(recorded_at_ms) AS recorded_at,
    ledger_partition,
    ledger_seq
FROM refusals;

COMMENT ON VIEW reporting.refusals IS
    'One row an event that was refused, and one a voucher that a sale listed in vain while the sale itself stands.';
COMMENT ON COLUMN reporting.refusals.event_id IS
    'The event; NULL if it could not be read.';
COMMENT ON COLUMN reporting.refusals.event_type IS
    'Its type; NULL if it could not be read.';
COMMENT ON COLUMN reporting.refusals.reason IS
    'Why: one word of a closed list.';
COMMENT ON COLUMN reporting.refusals.voucher_id IS
    'The voucher listed in vain; NULL where the whole event was refused.';
COMMENT ON COLUMN reporting.refusals.account_id IS
    'Whose; NULL if it could not be read.';
COMMENT ON COLUMN reporting.refusals.store_id IS
    'Where; NULL if it could not be read.';
COMMENT ON COLUMN reporting.refusals.occurred_at IS
    'When it happened.';
COMMENT ON COLUMN reporting.refusals.business_date IS
    'The store''s trading day.';
COMMENT ON COLUMN reporting.refusals.recorded_at IS
    'When the ledger took it.';
COMMENT ON COLUMN reporting.refusals.ledger_partition IS
    'The ledger partition that it stands in.';
COMMENT ON COLUMN reporting.refusals.ledger_seq IS
    'Its place in that partition; several rows of one record share it.';
