-- Points whose last day comes next, by month
SELECT
    date_trunc('month', next_last_day)::date AS month,
    wallet,
    count(*) AS account_count,
    sum(next_last_day_points) AS points
FROM balances
WHERE next_last_day IS NOT NULL AND wallet NOT LIKE 'tier:%'
GROUP BY month, wallet
ORDER BY month, wallet
