CREATE VIEW reporting.tiers AS
SELECT
    account_id,
    ladder,
    level,
    since_on,
    NULLIF(last_day, DATE '2200-01-01') AS last_day,
    locked,
    measured
FROM tiers;

COMMENT ON VIEW reporting.tiers IS
    'The level of each account on each ladder. An account that no change has concerned has no row.';
COMMENT ON COLUMN reporting.tiers.account_id IS
    'Whose.';
COMMENT ON COLUMN reporting.tiers.ladder IS
    'The ladder in the programme.';
COMMENT ON COLUMN reporting.tiers.level IS
    'The level that the account is on.';
COMMENT ON COLUMN reporting.tiers.since_on IS
    'The business date it holds from.';
COMMENT ON COLUMN reporting.tiers.last_day IS
    'The last day it is kept without being earned again; NULL for one that is kept for ever.';
COMMENT ON COLUMN reporting.tiers.locked IS
    'A person put the account on it: no rule moves it before its last day.';
COMMENT ON COLUMN reporting.tiers.measured IS
    'What the ladder counted when the account came to it or its term changed; of spend, minor units of the programme''s currency; 0 if it did not look.';
