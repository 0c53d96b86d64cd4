-- The stores with the most sales, and how many of their sales carry a card
SELECT
    store_id,
    region,
    sum(sale_count) AS sale_count,
    round(sum(member_sale_count) / NULLIF(sum(sale_count), 0), 4) AS member_sale_share,
    sum(net) AS net,
    sum(returned_net) AS returned_net,
    currency
FROM sales_daily
LEFT JOIN stores USING (store_id)
GROUP BY store_id, region, currency
ORDER BY net DESC, store_id
LIMIT 25
