-- What vouchers took off for good, what of it was charged to refunds, and what was given back
WITH entries AS (
    SELECT
        e.voucher_id,
        e.account_id,
        e.kind,
        e.amount,
        e.kind = 'redeemed' AND EXISTS (
            SELECT FROM voucher_entries AS r
            WHERE r.kind = 'restored' AND r.account_id = e.account_id
                AND r.voucher_id = e.voucher_id AND r.redeemed_sale_id = e.redeemed_sale_id
        ) AS came_back
    FROM voucher_entries AS e
)
SELECT
    v.voucher,
    count(*) FILTER (WHERE e.kind = 'issued') AS issued_count,
    count(*) FILTER (WHERE e.kind = 'redeemed' AND NOT e.came_back) AS redemption_count,
    COALESCE(sum(e.amount) FILTER (WHERE e.kind = 'redeemed' AND NOT e.came_back), 0) AS taken_off,
    COALESCE(sum(e.amount) FILTER (WHERE e.came_back), 0) AS given_back,
    COALESCE(sum(e.amount) FILTER (WHERE e.kind = 'charged'), 0) AS charged_to_refunds,
    v.currency
FROM entries AS e
JOIN vouchers AS v USING (voucher_id, account_id)
GROUP BY v.voucher, v.currency
ORDER BY v.voucher, v.currency
