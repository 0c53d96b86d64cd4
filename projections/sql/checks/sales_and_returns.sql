-- What came back of a sale is what its returns in its currency say.
WITH came_back AS (
    SELECT sale_id, account_id, currency, sum(net_minor) AS net_minor
    FROM returns WHERE sale_id IS NOT NULL GROUP BY sale_id, account_id, currency
)
SELECT format('sale %s', COALESCE(s.sale_id, r.sale_id)), format('%s', s.returned_net_minor),
    format('%s', r.net_minor)
FROM (SELECT * FROM sales WHERE returned_net_minor <> 0) AS s
FULL JOIN came_back AS r
    ON r.sale_id = s.sale_id AND r.account_id = s.account_id AND r.currency = s.currency
WHERE s.returned_net_minor IS DISTINCT FROM r.net_minor AND COALESCE(r.net_minor, 1) <> 0
    AND NOT EXISTS (
        SELECT FROM sales AS o
        WHERE s.sale_id IS NULL AND o.sale_id = r.sale_id AND o.account_id = r.account_id
            AND o.currency <> r.currency
    )
LIMIT 1;
