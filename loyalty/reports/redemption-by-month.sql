-- What became of the points and vouchers of each month
SELECT
    issue_month,
    wallet_or_voucher,
    instrument,
    sum(issued) AS issued,
    sum(redeemed) AS redeemed,
    sum(expired) AS expired,
    sum(reversed) AS reversed,
    sum(outstanding) AS outstanding,
    round(sum(redeemed) / NULLIF(sum(issued), 0), 4) AS redeemed_share
FROM redemption_cohorts
WHERE wallet_or_voucher NOT LIKE 'tier:%'
GROUP BY issue_month, wallet_or_voucher, instrument
ORDER BY instrument, wallet_or_voucher, issue_month
