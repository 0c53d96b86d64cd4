CREATE VIEW reporting.points_daily AS
SELECT
    business_date,
    NULLIF(store_id, '') AS store_id,
    wallet,
    NULLIF(promotion_id, '') AS promotion_id,
    issued,
    spent,
    expired,
    reversed,
    restored,
    adjusted
FROM points_daily;

COMMENT ON VIEW reporting.points_daily IS
    'Points by business date, store, wallet and promotion.';
COMMENT ON COLUMN reporting.points_daily.business_date IS
    'The trading day.';
COMMENT ON COLUMN reporting.points_daily.store_id IS
    'Where; NULL for what no store did.';
COMMENT ON COLUMN reporting.points_daily.wallet IS
    'The kind of points; `tier:` and a ladder for what counts towards its levels.';
COMMENT ON COLUMN reporting.points_daily.promotion_id IS
    'The promotion that gave the points, or the reward of the catalogue; NULL for points of a correction, and for what counts towards levels.';
COMMENT ON COLUMN reporting.points_daily.issued IS
    'Points earned.';
COMMENT ON COLUMN reporting.points_daily.spent IS
    'Points paid with or converted, under the promotions whose lots they came from.';
COMMENT ON COLUMN reporting.points_daily.expired IS
    'Points that ended unused, under the promotions whose lots they were.';
COMMENT ON COLUMN reporting.points_daily.reversed IS
    'Points of this promotion that returns took back, what had to be left owing or written off included.';
COMMENT ON COLUMN reporting.points_daily.restored IS
    'Points given back because what they paid for was undone, under the promotions whose lots they were.';
COMMENT ON COLUMN reporting.points_daily.adjusted IS
    'Corrections by people, signed; and what was written off, under the promotion whose points a return did not find.';
