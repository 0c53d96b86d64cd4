CREATE VIEW reporting.sales AS
SELECT
    sale_id,
    account_id,
    member_id,
    store_id,
    till_id,
    receipt_no,
    channel,
    cashier_id,
    currency,
    reporting.money(gross_minor, currency) AS gross,
    reporting.money(discount_minor, currency) AS discount,
    reporting.money(net_minor, currency) AS net,
    reporting.money(paid_with_points_minor, currency) AS paid_with_points,
    line_count,
    reporting.money(returned_net_minor, currency) AS returned_net,
    NULLIF(programme_version, 0) AS programme_version,
    reporting.moment(occurred_at_ms) AS occurred_at,
    business_date,
    reporting.moment(recorded_at_ms) AS recorded_at,
    ledger_partition,
    ledger_seq
FROM sales;

COMMENT ON VIEW reporting.sales IS
    'One row a receipt.';
COMMENT ON COLUMN reporting.sales.sale_id IS
    'The business key of the receipt: store|till|business date|receipt number|sale.';
COMMENT ON COLUMN reporting.sales.account_id IS
    'Whose points it earns; store:<store> for a sale without a member.';
COMMENT ON COLUMN reporting.sales.member_id IS
    'The person or card; NULL for a sale without a member.';
COMMENT ON COLUMN reporting.sales.store_id IS
    'Where; a web shop has its own.';
COMMENT ON COLUMN reporting.sales.till_id IS
    'Which till.';
COMMENT ON COLUMN reporting.sales.receipt_no IS
    'The number on the paper.';
COMMENT ON COLUMN reporting.sales.channel IS
    'pos, web, app or phone.';
COMMENT ON COLUMN reporting.sales.cashier_id IS
    'Who served; NULL if not known.';
COMMENT ON COLUMN reporting.sales.currency IS
    'ISO 4217; of all money in the row.';
COMMENT ON COLUMN reporting.sales.gross IS
    'Before discounts, over all lines.';
COMMENT ON COLUMN reporting.sales.discount IS
    'What was taken off, over all lines.';
COMMENT ON COLUMN reporting.sales.net IS
    'What was charged, over all lines.';
COMMENT ON COLUMN reporting.sales.paid_with_points IS
    'How much of it was paid with points.';
COMMENT ON COLUMN reporting.sales.line_count IS
    'How many lines it has.';
COMMENT ON COLUMN reporting.sales.returned_net IS
    'How much of net has come back since; returns that name no sale, or were refunded in another currency, are not in it.';
COMMENT ON COLUMN reporting.sales.programme_version IS
    'The version of the programme that decided it; NULL if none was in force.';
COMMENT ON COLUMN reporting.sales.occurred_at IS
    'When it happened.';
COMMENT ON COLUMN reporting.sales.business_date IS
    'The store''s trading day.';
COMMENT ON COLUMN reporting.sales.recorded_at IS
    'When the ledger took it.';
COMMENT ON COLUMN reporting.sales.ledger_partition IS
    'The ledger partition that it stands in.';
COMMENT ON COLUMN reporting.sales.ledger_seq IS
    'Its place in that partition; several rows of one record share it.';
