CREATE VIEW reporting.withheld AS
SELECT
    campaign_id,
    promotion_id,
    wallet,
    points,
    given,
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
FROM withheld;

COMMENT ON VIEW reporting.withheld IS
    'One row a thing that a promotion would have given to an account, had that not been control of its campaign.';
COMMENT ON COLUMN reporting.withheld.campaign_id IS
    'The campaign that the account is control of.';
COMMENT ON COLUMN reporting.withheld.promotion_id IS
    'The promotion that would have given it.';
COMMENT ON COLUMN reporting.withheld.wallet IS
    'The kind of points; NULL if it would have given none.';
COMMENT ON COLUMN reporting.withheld.points IS
    'How many points it would have given.';
COMMENT ON COLUMN reporting.withheld.given IS
    'The vouchers, gifts and perks that it would have given, by name.';
COMMENT ON COLUMN reporting.withheld.amount IS
    'What it would have taken off.';
COMMENT ON COLUMN reporting.withheld.currency IS
    'ISO 4217; of amount; that of the sale.';
COMMENT ON COLUMN reporting.withheld.event_id IS
    'The event that caused it.';
COMMENT ON COLUMN reporting.withheld.account_id IS
    'Whose.';
COMMENT ON COLUMN reporting.withheld.member_id IS
    'The person or card of that event; NULL if there is none.';
COMMENT ON COLUMN reporting.withheld.store_id IS
    'Where it happened; NULL for what no store did.';
COMMENT ON COLUMN reporting.withheld.channel IS
    'pos, web, app or phone.';
COMMENT ON COLUMN reporting.withheld.sale_id IS
    'The sale that it belongs to, or whose return caused it; NULL if there is none.';
COMMENT ON COLUMN reporting.withheld.programme_version IS
    'The version of the programme that decided it; NULL for none.';
COMMENT ON COLUMN reporting.withheld.occurred_at IS
    'When it happened.';
COMMENT ON COLUMN reporting.withheld.business_date IS
    'The store''s trading day.';
COMMENT ON COLUMN reporting.withheld.recorded_at IS
    'When the ledger took it.';
COMMENT ON COLUMN reporting.withheld.ledger_partition IS
    'The ledger partition that it stands in.';
COMMENT ON COLUMN reporting.withheld.ledger_seq IS
    'Its place in that partition; several rows of one record share it.';
