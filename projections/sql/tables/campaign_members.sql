-- Who was addressed by a campaign, and who redeemed.
CREATE TABLE campaign_members (
    campaign_id text COLLATE "C" NOT NULL,
    member_id text COLLATE "C" NOT NULL,
    offer_count bigint NOT NULL,
    redemption_count bigint NOT NULL,
    first_day date,
    last_day date,
    PRIMARY KEY (campaign_id, member_id)
) WITH (fillfactor = 80);
