-- The days of a store sum to its receipts and returns.
WITH receipts AS (
    SELECT business_date, COALESCE(store_id, '') AS store_id, COALESCE(channel, '') AS channel,
        currency, 1 AS sale, (member_id IS NOT NULL)::int AS member_sale, line_count,
        gross_minor, discount_minor, net_minor, 0 AS return, 0::bigint AS returned_net_minor
    FROM sales
    UNION ALL
    SELECT business_date, COALESCE(store_id, ''), COALESCE(channel, ''), currency, 0, 0, 0, 0, 0,
        0, 1, net_minor
    FROM returns
), sums AS (
    SELECT business_date, store_id, channel, currency, sum(sale) AS sale_count,
        sum(member_sale) AS member_sale_count, sum(line_count) AS line_count,
        sum(gross_minor) AS gross_minor, sum(discount_minor) AS discount_minor,
        sum(net_minor) AS net_minor, sum(return) AS return_count,
        sum(returned_net_minor) AS returned_net_minor
    FROM receipts GROUP BY business_date, store_id, channel, currency
)
SELECT format('store %s on %s', store_id, business_date), format('%s', d), format('%s', s)
FROM sales_daily AS d FULL JOIN sums AS s USING (business_date, store_id, channel, currency)
WHERE (
    d.sale_count, d.member_sale_count, d.line_count, d.gross_minor, d.discount_minor,
    d.net_minor, d.return_count, d.returned_net_minor
) IS DISTINCT FROM (
    s.sale_count, s.member_sale_count, s.line_count, s.gross_minor, s.discount_minor,
    s.net_minor, s.return_count, s.returned_net_minor
)
LIMIT 1;
