-- What an account has is what is open of it, day by day.
WITH open AS (
    SELECT account_id, wallet, sum(points) AS points FROM open_points GROUP BY account_id, wallet
)
SELECT format('account %s, wallet %s', account_id, wallet), format('%s', o.points),
    format('%s', b.available + b.pending + b.held)
FROM balances AS b FULL JOIN open AS o USING (account_id, wallet)
WHERE COALESCE(o.points, 0) <> b.available + b.pending + b.held OR b.account_id IS NULL
LIMIT 1;
