-- What is outstanding of all cohorts of a wallet is what all accounts have.
WITH cohorts AS (
    SELECT wallet_or_voucher AS wallet, sum(issued) AS issued, sum(redeemed) AS redeemed,
        sum(expired) AS expired, sum(issued - redeemed - expired - reversed) AS outstanding
    FROM redemption_cohorts WHERE instrument = 'points' GROUP BY wallet_or_voucher
), sums AS (
    SELECT wallet, sum(spent_total) AS spent, sum(expired_total) AS expired,
        sum(available + pending + held) AS outstanding
    FROM balances GROUP BY wallet
)
SELECT format('wallet %s', wallet), format('%s', c), format('%s', s)
FROM cohorts AS c FULL JOIN sums AS s USING (wallet)
WHERE (c.redeemed, c.expired, c.outstanding) IS DISTINCT FROM (s.spent, s.expired, s.outstanding)
LIMIT 1;
