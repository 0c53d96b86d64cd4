CREATE VIEW reporting.redemption_cohorts AS
SELECT
    issue_month,
    instrument,
    wallet_or_voucher,
    NULLIF(promotion_id, '') AS promotion_id,
    issued,
    redeemed,
    expired,
    reversed,
    issued - redeemed - expired - reversed AS outstanding,
    round(redeemed::numeric / NULLIF(issued, 0), 6) AS redeemed_share
FROM redemption_cohorts;

COMMENT ON VIEW reporting.redemption_cohorts IS
    'What became of the points and vouchers issued in one month, followed through each of them. Always issued = redeemed + expired + reversed + outstanding.';
COMMENT ON COLUMN reporting.redemption_cohorts.issue_month IS
    'The first day of the month of issue.';
COMMENT ON COLUMN reporting.redemption_cohorts.instrument IS
    'points or voucher.';
COMMENT ON COLUMN reporting.redemption_cohorts.wallet_or_voucher IS
    'The wallet of the points, or the definition of the voucher; `tier:` and a ladder for what counts towards its levels.';
COMMENT ON COLUMN reporting.redemption_cohorts.promotion_id IS
    'The promotion that gave them, of points of the catalogue the reward; NULL for corrections, for offers, for vouchers of the catalogue, and for what counts towards levels.';
COMMENT ON COLUMN reporting.redemption_cohorts.issued IS
    'Points earned or added by a correction; vouchers issued.';
COMMENT ON COLUMN reporting.redemption_cohorts.redeemed IS
    'Points paid with or converted, vouchers used up; less what was given back.';
COMMENT ON COLUMN reporting.redemption_cohorts.expired IS
    'What ended unused.';
COMMENT ON COLUMN reporting.redemption_cohorts.reversed IS
    'Points taken by a return, by a correction or to pay what was owed; vouchers taken back.';
COMMENT ON COLUMN reporting.redemption_cohorts.outstanding IS
    'What is still there.';
COMMENT ON COLUMN reporting.redemption_cohorts.redeemed_share IS
    'Redeemed for each one issued, between 0 and 1; NULL if nothing was issued.';
