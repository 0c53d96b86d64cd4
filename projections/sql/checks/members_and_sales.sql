-- A member's sales are the receipts with the member's name.
WITH receipts AS (
    SELECT account_id, member_id, count(*) AS sale_count, min(business_date) AS first_sale_on,
        max(business_date) AS last_sale_on
    FROM sales WHERE member_id IS NOT NULL GROUP BY account_id, member_id
)
SELECT format('member %s', member_id), format('%s', m), format('%s', r)
FROM (SELECT * FROM members WHERE sale_count > 0) AS m
FULL JOIN receipts AS r USING (account_id, member_id)
WHERE (m.sale_count, m.first_sale_on, m.last_sale_on)
    IS DISTINCT FROM (r.sale_count, r.first_sale_on, r.last_sale_on)
LIMIT 1;
