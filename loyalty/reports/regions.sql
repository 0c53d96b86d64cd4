-- Sales by region, as the stores file has the stores, and how many of them carry a card
SELECT
    COALESCE(region, 'not told') AS region,
    count(DISTINCT store_id) AS store_count,
    sum(sale_count) AS sale_count,
    round(sum(member_sale_count) / NULLIF(sum(sale_count), 0), 4) AS member_sale_share,
    sum(net) AS net,
    sum(returned_net) AS returned_net,
    currency
FROM sales_daily
LEFT JOIN stores USING (store_id)
GROUP BY region, currency
ORDER BY net DESC, region
