-- Campaigns: whom they addressed and who redeemed
SELECT
    campaign_id,
    first_day,
    last_day,
    targeted_member_count,
    redeeming_member_count,
    redemption_count,
    member_redemption_rate
FROM campaigns
ORDER BY first_day, campaign_id
