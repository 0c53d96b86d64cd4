CREATE VIEW reporting.tier_changes AS
SELECT
    ladder,
    from_level,
    to_level,
    since_on,
    NULLIF(last_day, DATE '2200-01-01') AS last_day,
    reason,
    measured,
    locked,
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
FROM tier_changes;

COMMENT ON VIEW reporting.tier_changes IS
    'One row a change of an account''s level on a ladder, or of the term it is kept for.';
COMMENT ON COLUMN reporting.tier_changes.ladder IS
    'The ladder in the programme.';
COMMENT ON COLUMN reporting.tier_changes.from_level IS
    'The level before; NULL for none.';
COMMENT ON COLUMN reporting.tier_changes.to_level IS
    'The level after; the same if only the term changed.';
COMMENT ON COLUMN reporting.tier_changes.since_on IS
    'The business date it holds from.';
COMMENT ON COLUMN reporting.tier_changes.last_day IS
    'The last day it is kept without being earned again; NULL for one that is kept for ever.';
COMMENT ON COLUMN reporting.tier_changes.reason IS
    'Why: one word, such as reached, returned, review or manual.';
COMMENT ON COLUMN reporting.tier_changes.measured IS
    'What the ladder counted then; of spend, minor units of the programme''s currency; 0 if it did not look.';
COMMENT ON COLUMN reporting.tier_changes.locked IS
    'A person put the account on it: no rule moves it before its last day.';
COMMENT ON COLUMN reporting.tier_changes.event_id IS
    'The event that caused it.';
COMMENT ON COLUMN reporting.tier_changes.account_id IS
    'Whose.';
COMMENT ON COLUMN reporting.tier_changes.member_id IS
    'The person or card of that event; NULL if there is none.';
COMMENT ON COLUMN reporting.tier_changes.store_id IS
    'Where it happened; NULL for what no store did.';
COMMENT ON COLUMN reporting.tier_changes.channel IS
    'pos, web, app or phone.';
COMMENT ON COLUMN reporting.tier_changes.sale_id IS
    'The sale that it belongs to, or whose return caused it; NULL if there is none.';
COMMENT ON COLUMN reporting.tier_changes.programme_version IS
    'The version of the programme that decided it; NULL for none.';
COMMENT ON COLUMN reporting.tier_changes.occurred_at IS
    'When it happened.';
COMMENT ON COLUMN reporting.tier_changes.business_date IS
    'The store''s trading day.';
COMMENT ON COLUMN reporting.tier_changes.recorded_at IS
    'When the ledger took it.';
COMMENT ON COLUMN reporting.tier_changes.ledger_partition IS
    'The ledger partition that it stands in.';
COMMENT ON COLUMN reporting.tier_changes.ledger_seq IS
    'Its place in that partition; several rows of one record share it.';
