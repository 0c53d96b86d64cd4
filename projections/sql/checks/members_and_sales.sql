-- A member's sales are the receipts with the member's name, and their money what is left of them.
WITH receipts AS (
    SELECT account_id, member_id, currency, 1 AS sale, business_date, net_minor
    FROM sales WHERE member_id IS NOT NULL
    UNION ALL
    SELECT r.account_id, r.member_id, r.currency, 0, NULL, -r.net_minor
    FROM returns AS r
    LEFT JOIN sales AS s ON s.sale_id = r.sale_id AND s.account_id = r.account_id
        AND s.currency = r.currency
    WHERE r.member_id IS NOT NULL AND (r.sale_id IS NULL OR s.sale_id IS NOT NULL)
), sums AS (
    SELECT r.account_id, r.member_id, sum(r.sale) AS sale_count,
        min(r.business_date) AS first_sale_on, max(r.business_date) AS last_sale_on,
        COALESCE(sum(r.net_minor) FILTER (WHERE r.currency = m.currency), 0) AS net_spend_minor
    FROM receipts AS r LEFT JOIN members AS m USING (account_id, member_id)
    GROUP BY r.account_id, r.member_id
)
SELECT format('member %s', member_id), format('%s', m), format('%s', s)
FROM (SELECT * FROM members WHERE currency <> '') AS m
FULL JOIN sums AS s USING (account_id, member_id)
WHERE (m.sale_count, m.first_sale_on, m.last_sale_on, m.net_spend_minor)
    IS DISTINCT FROM (s.sale_count, s.first_sale_on, s.last_sale_on, s.net_spend_minor)
LIMIT 1;
