CREATE VIEW reporting.rewards_given AS
SELECT
    reward_id,
    promotion_id,
    campaign_id,
    kind,
    item,
    quantity,
    reporting.money(amount_minor, currency) AS amount,
    currency,
    event_id,
    account_id,
    member_id,
    store_id,
    channel,
    sale_id,
    NULLIF(programme_version, 0) AS programme_version,
    reporting.moment(occurred_at_ms) AS occurred_at,
    business_date,
    reporting.moment(recorded_at_ms) AS recorded_at,
    ledger_partition,
    ledger_seq
FROM rewards_given;

COMMENT ON VIEW reporting.rewards_given IS
    'One row a thing given that is neither points nor a voucher: a gift, a gift card, a donation, a perk.';
COMMENT ON COLUMN reporting.rewards_given.reward_id IS
    'Its id in the catalogue; NULL if a promotion gave it.';
COMMENT ON COLUMN reporting.rewards_given.promotion_id IS
    'The promotion that gave it; NULL if it was taken from the catalogue.';
COMMENT ON COLUMN reporting.rewards_given.campaign_id IS
    'The campaign of the promotion; NULL for none.';
COMMENT ON COLUMN reporting.rewards_given.kind IS
    'gift, gift_card, donation, perk or delivery.';
COMMENT ON COLUMN reporting.rewards_given.item IS
    'The article, the beneficiary or the perk; NULL if there is none to name.';
COMMENT ON COLUMN reporting.rewards_given.quantity IS
    'How many.';
COMMENT ON COLUMN reporting.rewards_given.amount IS
    'What it is worth; 0 if that is not said.';
COMMENT ON COLUMN reporting.rewards_given.currency IS
    'ISO 4217; of amount.';
COMMENT ON COLUMN reporting.rewards_given.event_id IS
    'The event that caused it.';
COMMENT ON COLUMN reporting.rewards_given.account_id IS
    'Whose.';
COMMENT ON COLUMN reporting.rewards_given.member_id IS
    'The person or card of that event; NULL if there is none.';
COMMENT ON COLUMN reporting.rewards_given.store_id IS
    'Where it happened; NULL for what no store did.';
COMMENT ON COLUMN reporting.rewards_given.channel IS
    'pos, web, app or phone.';
COMMENT ON COLUMN reporting.rewards_given.sale_id IS
    'The sale that it belongs to, or whose return caused it; NULL if there is none.';
COMMENT ON COLUMN reporting.rewards_given.programme_version IS
    'The version of the programme that decided it; NULL for none.';
COMMENT ON COLUMN reporting.rewards_given.occurred_at IS
    'When it happened.';
COMMENT ON COLUMN reporting.rewards_given.business_date IS
    'The store''s trading day.';
COMMENT ON COLUMN reporting.rewards_given.recorded_at IS
    'When the ledger took it.';
COMMENT ON COLUMN reporting.rewards_given.ledger_partition IS
    'The ledger partition that it stands in.';
COMMENT ON COLUMN reporting.rewards_given.ledger_seq IS
    'Its place in that partition; several rows of one record share it.';
