CREATE VIEW reporting.sales_daily AS
SELECT
    business_date,
    NULLIF(store_id, '') AS store_id,
    NULLIF(channel, '') AS channel,
    currency,
    sale_count,
    member_sale_count,
    line_count,
    reporting.money(gross_minor, currency) AS gross,
    reporting.money(discount_minor, currency) AS discount,
    reporting.money(net_minor, currency) AS net,
    return_count,
    reporting.money(returned_net_minor, currency) AS returned_net
FROM sales_daily;

COMMENT ON VIEW reporting.sales_daily IS
    'Sales and returns by business date, store, channel and currency.';
COMMENT ON COLUMN reporting.sales_daily.business_date IS
    'The stores'' trading day.';
COMMENT ON COLUMN reporting.sales_daily.store_id IS
    'Where.';
COMMENT ON COLUMN reporting.sales_daily.channel IS
    'pos, web, app or phone.';
COMMENT ON COLUMN reporting.sales_daily.currency IS
    'ISO 4217; of all money in the row.';
COMMENT ON COLUMN reporting.sales_daily.sale_count IS
    'How many sales.';
COMMENT ON COLUMN reporting.sales_daily.member_sale_count IS
    'How many of them by a member.';
COMMENT ON COLUMN reporting.sales_daily.line_count IS
    'How many lines they had.';
COMMENT ON COLUMN reporting.sales_daily.gross IS
    'Before discounts.';
COMMENT ON COLUMN reporting.sales_daily.discount IS
    'What was taken off.';
COMMENT ON COLUMN reporting.sales_daily.net IS
    'What was charged.';
COMMENT ON COLUMN reporting.sales_daily.return_count IS
    'How many returns came in that day.';
COMMENT ON COLUMN reporting.sales_daily.returned_net IS
    'What came back that day, whenever it was sold.';
