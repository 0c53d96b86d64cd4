CREATE VIEW reporting.returns AS
SELECT
    event_id,
    sale_id,
    account_id,
    member_id,
    store_id,
    till_id,
    receipt_no,
    channel,
    reporting.money(net_minor, currency) AS net,
    currency,
    line_count,
    NULLIF(programme_version, 0) AS programme_version,
    reporting.moment(occurred_at_ms) AS occurred_at,
    business_date,
    reporting.moment(recorded_at_ms) AS recorded_at,
    ledger_partition,
    ledger_seq
FROM returns;

COMMENT ON VIEW reporting.returns IS
    'One row a return of goods.';
COMMENT ON COLUMN reporting.returns.event_id IS
    'The business key of the return: store|till|business date|receipt number|return.';
COMMENT ON COLUMN reporting.returns.sale_id IS
    'The sale that came back, in whole or in part; NULL if the return names none.';
COMMENT ON COLUMN reporting.returns.account_id IS
    'Whose points it takes back; store:<store> for a return without a member.';
COMMENT ON COLUMN reporting.returns.member_id IS
    'The person or card; NULL for a return without a member.';
COMMENT ON COLUMN reporting.returns.store_id IS
    'Where it came back.';
COMMENT ON COLUMN reporting.returns.till_id IS
    'Which till.';
COMMENT ON COLUMN reporting.returns.receipt_no IS
    'The number on the paper.';
COMMENT ON COLUMN reporting.returns.channel IS
    'pos, web, app or phone.';
COMMENT ON COLUMN reporting.returns.net IS
    'What was refunded, positive.';
COMMENT ON COLUMN reporting.returns.currency IS
    'ISO 4217; of net.';
COMMENT ON COLUMN reporting.returns.line_count IS
    'How many lines came back.';
COMMENT ON COLUMN reporting.returns.programme_version IS
    'The version of the programme that decided it; NULL if none was in force.';
COMMENT ON COLUMN reporting.returns.occurred_at IS
    'When it happened.';
COMMENT ON COLUMN reporting.returns.business_date IS
    'The store''s trading day.';
COMMENT ON COLUMN reporting.returns.recorded_at IS
    'When the ledger took it.';
COMMENT ON COLUMN reporting.returns.ledger_partition IS
    'The ledger partition that it stands in.';
COMMENT ON COLUMN reporting.returns.ledger_seq IS
    'Its place in that partition.';
