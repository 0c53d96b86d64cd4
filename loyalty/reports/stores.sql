-- In each currency the 25 stores with the most sales, and how many of their sales carry a card
WITH ranked AS (
    SELECT
        store_id,
        region,
        sum(sale_count) AS sale_count,
        round(sum(member_sale_count) / NULLIF(sum(sale_count), 0), 4) AS member_sale_share,
        sum(net) AS net,
        sum(returned_net) AS returned_net,
        currency,
        row_number() OVER (PARTITION BY currency ORDER BY sum(net) DESC, store_id) AS place
    FROM sales_daily
    LEFT JOIN stores USING (store_id)
    GROUP BY store_id, region, currency
)
SELECT store_id, region, sale_count, member_sale_share, net, returned_net, currency
FROM ranked
WHERE place <= 25
ORDER BY currency, place
