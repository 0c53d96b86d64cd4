CREATE VIEW reporting.campaigns AS
SELECT
    campaign_id,
    min(first_day) AS first_day,
    max(last_day) AS last_day,
    count(*) FILTER (WHERE offer_count > 0) AS targeted_member_count,
    count(*) FILTER (WHERE redemption_count > 0) AS redeeming_member_count,
    sum(redemption_count)::bigint AS redemption_count,
    round(
        count(*) FILTER (WHERE offer_count > 0 AND redemption_count > 0)::numeric
        / NULLIF(count(*) FILTER (WHERE offer_count > 0), 0), 6
    ) AS member_redemption_rate
FROM campaign_members
GROUP BY campaign_id;

COMMENT ON VIEW reporting.campaigns IS
    'One row a campaign: whom it addressed, and who redeemed.';
COMMENT ON COLUMN reporting.campaigns.campaign_id IS
    'The campaign.';
COMMENT ON COLUMN reporting.campaigns.first_day IS
    'The first day of its offers; NULL without offers.';
COMMENT ON COLUMN reporting.campaigns.last_day IS
    'The last day of its offers; NULL without offers.';
COMMENT ON COLUMN reporting.campaigns.targeted_member_count IS
    'How many members it made an offer; those held out as control are not among them.';
COMMENT ON COLUMN reporting.campaigns.redeeming_member_count IS
    'How many members redeemed at least once, targeted or not.';
COMMENT ON COLUMN reporting.campaigns.redemption_count IS
    'How many redemptions, of vouchers and of coupons of no programme, less those of vouchers that were given back with their sale.';
COMMENT ON COLUMN reporting.campaigns.member_redemption_rate IS
    'The share of the targeted members who redeemed, between 0 and 1; NULL without targets.';
