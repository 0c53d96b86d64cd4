-- What returns lacked, month by month: owed, written off, or charged to refunds
-- How it was treated: owed (new points pay it first), or as the wallet said when the return came:
-- write_off, only_pending, charge_refund; expired for points that had ended unused, which no
-- wallet asks for.  Of vouchers that were used already, what their refunds were charged.
WITH lacked AS (
    SELECT business_date, 'points' AS kind, wallet AS wallet_or_voucher,
        CASE kind WHEN 'owed' THEN 'owed' ELSE purpose END AS treated,
        event_id, moved_points AS points, amount, currency
    FROM points_entries
    WHERE kind IN ('owed', 'written_off') AND wallet NOT LIKE 'tier:%'
    UNION ALL
    SELECT e.business_date, 'voucher', v.voucher, 'charge_refund',
        e.event_id, NULL, e.amount, e.currency
    FROM voucher_entries AS e
    JOIN vouchers AS v USING (voucher_id, account_id)
    WHERE e.kind = 'charged'
)
SELECT
    date_trunc('month', business_date)::date AS month,
    kind,
    wallet_or_voucher,
    treated,
    count(DISTINCT event_id) AS return_count,
    sum(points) AS points,
    sum(amount) FILTER (WHERE currency IS NOT NULL) AS charged_to_refunds,
    currency
FROM lacked
GROUP BY month, kind, wallet_or_voucher, treated, currency
ORDER BY month, kind, wallet_or_voucher, treated, currency
