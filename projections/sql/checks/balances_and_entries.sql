-- The entries of every account and wallet sum to its balance, kind by kind.
WITH entries AS (
    SELECT account_id, wallet, sum(points) AS outstanding,
        COALESCE(sum(moved_points) FILTER (WHERE kind = 'earned'), 0) AS issued,
        COALESCE(sum(-points) FILTER (WHERE kind IN ('spent', 'restored')), 0) AS spent,
        COALESCE(sum(moved_points) FILTER (WHERE kind = 'expired'), 0) AS expired,
        COALESCE(sum(moved_points) FILTER (
            WHERE kind IN ('reversed', 'owed', 'written_off')), 0) AS reversed,
        COALESCE(sum(points) FILTER (WHERE kind = 'adjusted'), 0)
            + COALESCE(sum(moved_points) FILTER (WHERE kind = 'written_off'), 0) AS adjusted
    FROM points_entries GROUP BY account_id, wallet
)
SELECT format('account %s, wallet %s', account_id, wallet),
    format('%s', e), format('%s', b)
FROM entries AS e FULL JOIN balances AS b USING (account_id, wallet)
WHERE (e.outstanding, e.issued, e.spent, e.expired, e.reversed, e.adjusted) IS DISTINCT FROM (
    b.available + b.pending + b.held - b.owed, b.issued_total, b.spent_total, b.expired_total,
    b.reversed_total, b.adjusted_total
)
LIMIT 1;
