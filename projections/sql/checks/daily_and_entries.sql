-- The days of a wallet sum to its entries.
WITH days AS (
    SELECT wallet, business_date, sum(issued) AS issued, sum(spent) AS spent,
        sum(expired) AS expired, sum(reversed) AS reversed, sum(restored) AS restored,
        sum(adjusted) AS adjusted
    FROM points_daily GROUP BY wallet, business_date
), entries AS (
    SELECT wallet, business_date,
        COALESCE(sum(moved_points) FILTER (WHERE kind = 'earned'), 0) AS issued,
        COALESCE(sum(moved_points) FILTER (WHERE kind = 'spent'), 0) AS spent,
        COALESCE(sum(moved_points) FILTER (WHERE kind = 'expired'), 0) AS expired,
        COALESCE(sum(moved_points) FILTER (
            WHERE kind IN ('reversed', 'owed', 'written_off')), 0) AS reversed,
        COALESCE(sum(moved_points) FILTER (WHERE kind = 'restored'), 0) AS restored,
        COALESCE(sum(points) FILTER (WHERE kind = 'adjusted'), 0)
            + COALESCE(sum(moved_points) FILTER (WHERE kind = 'written_off'), 0) AS adjusted
    FROM points_entries WHERE kind NOT IN ('matured', 'repaid', 'held', 'released')
    GROUP BY wallet, business_date
)
SELECT format('wallet %s on %s', wallet, business_date), format('%s', d), format('%s', e)
FROM days AS d FULL JOIN entries AS e USING (wallet, business_date)
WHERE (d.issued, d.spent, d.expired, d.reversed, d.restored, d.adjusted)
    IS DISTINCT FROM (e.issued, e.spent, e.expired, e.reversed, e.restored, e.adjusted)
LIMIT 1;
