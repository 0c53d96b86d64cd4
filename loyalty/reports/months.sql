-- Sales, returns and the share of sales with a card, month by month
SELECT
    date_trunc('month', business_date)::date AS month,
    sum(sale_count) AS sale_count,
    round(sum(member_sale_count) / NULLIF(sum(sale_count), 0), 4) AS member_sale_share,
    sum(gross) AS gross,
    sum(discount) AS discount,
    sum(net) AS net,
    sum(return_count) AS return_count,
    sum(returned_net) AS returned_net,
    currency
FROM sales_daily
GROUP BY month, currency
ORDER BY month, currency
