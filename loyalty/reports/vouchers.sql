-- What vouchers took off for good, what of it was charged to refunds, and what was given back
-- Of so many redemptions as amount_not_known_count says the till told no amount, of a percentage
-- for example: what they took off is missing from taken_off.
WITH entries AS (
    SELECT
        e.voucher_id,
        e.account_id,
        e.kind,
        e.amount,
        e.kind = 'redeemed' AND (EXISTS (
            SELECT FROM voucher_entries AS r
            WHERE r.kind = 'restored' AND r.account_id = e.account_id
                AND r.voucher_id = e.voucher_id AND r.redeemed_sale_id = e.redeemed_sale_id
        ) OR EXISTS (
            -- Where a refund was charged for the use, its return gives a voucher of its own.
            SELECT FROM voucher_entries AS i
            WHERE i.kind = 'issued' AND i.account_id = e.account_id AND i.voucher = e.voucher
                AND i.sale_id = e.redeemed_sale_id AND i.event_id <> i.sale_id
        )) AS came_back
    FROM voucher_entries AS e
)
SELECT
    v.voucher,
    count(*) FILTER (WHERE e.kind = 'issued') AS issued_count,
    count(*) FILTER (WHERE e.kind = 'redeemed' AND NOT e.came_back) AS redemption_count,
    COALESCE(sum(e.amount) FILTER (WHERE e.kind = 'redeemed' AND NOT e.came_back), 0) AS taken_off,
    count(*) FILTER (WHERE e.kind = 'redeemed' AND NOT e.came_back AND e.amount = 0)
        AS amount_not_known_count,
    COALESCE(sum(e.amount) FILTER (WHERE e.came_back), 0) AS given_back,
    COALESCE(sum(e.amount) FILTER (WHERE e.kind = 'charged'), 0) AS charged_to_refunds,
    v.currency
FROM entries AS e
JOIN vouchers AS v USING (voucher_id, account_id)
GROUP BY v.voucher, v.currency
ORDER BY v.voucher, v.currency
