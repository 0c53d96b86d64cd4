-- What the chain owes its members: points by state, and open vouchers
-- Points are worth what the programme in force pays for them, rounded down for each account; what
-- members owe is negative.  A voucher is worth what the uses left may take off, a stored value what
-- is left on it.  Whether a member will come for it is another matter.  The value is not known of
-- points without a value, or with one that differs by level, and of vouchers that take off no
-- amount, such as a percentage.
WITH outstanding AS (
    SELECT 'points' AS kind, wallet AS wallet_or_voucher, place, state, account_id, points AS count,
        part.value, currency
    FROM balances
    CROSS JOIN LATERAL (
        VALUES
            (1, 'available', available, value),
            (2, 'pending', pending, pending_value),
            (3, 'held', held, held_value),
            (4, 'owed by members', -owed, -owed_value)
    ) AS part (place, state, points, value)
    WHERE wallet NOT LIKE 'tier:%' AND points <> 0
    UNION ALL
    SELECT 'voucher', voucher, 1, 'open', account_id, 1,
        -- A stored value is one use, however often a part of it was taken.
        CASE WHEN amount > 0 THEN
            amount_left * CASE uses WHEN 1 THEN 1 ELSE uses - redemption_count END
        END,
        currency
    FROM vouchers
    WHERE status = 'issued'
)
SELECT
    kind,
    wallet_or_voucher,
    state,
    count(DISTINCT account_id) AS account_count,
    sum(count) AS count,
    sum(value) AS value,
    COALESCE(sum(count) FILTER (WHERE value IS NULL), 0) AS value_not_known_count,
    currency
FROM outstanding
GROUP BY kind, wallet_or_voucher, place, state, currency
ORDER BY kind, wallet_or_voucher, place, currency
