-- Every voucher is in the cohort of its issue, once.
WITH cohorts AS (
    SELECT issue_month, wallet_or_voucher AS voucher, promotion_id, issued, redeemed, expired,
        reversed
    FROM redemption_cohorts WHERE instrument = 'voucher'
), sums AS (
    SELECT date_trunc('month', business_date)::date AS issue_month, voucher,
        COALESCE(promotion_id, '') AS promotion_id, count(*) AS issued,
        count(*) FILTER (WHERE status = 'redeemed') AS redeemed,
        count(*) FILTER (WHERE status = 'expired') AS expired,
        count(*) FILTER (WHERE status = 'cancelled') AS reversed
    FROM vouchers GROUP BY 1, 2, 3
)
SELECT format('voucher %s of %s', voucher, issue_month), format('%s', c), format('%s', s)
FROM cohorts AS c FULL JOIN sums AS s USING (issue_month, voucher, promotion_id)
WHERE (c.issued, c.redeemed, c.expired, c.reversed)
    IS DISTINCT FROM (s.issued, s.redeemed, s.expired, s.reversed)
LIMIT 1;
