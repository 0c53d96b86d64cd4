CREATE VIEW reporting.stopped_promotions AS
SELECT
    promotion_id,
    because,
    business_date AS stopped_on,
    event_id,
    reporting.moment(occurred_at_ms) AS occurred_at,
    count(*) AS partition_count
FROM stopped_promotions
GROUP BY promotion_id, because, business_date, event_id, occurred_at_ms;

COMMENT ON VIEW reporting.stopped_promotions IS
    'One row a stop of a promotion, which gives nothing more from there on.';
COMMENT ON COLUMN reporting.stopped_promotions.promotion_id IS
    'The promotion.';
COMMENT ON COLUMN reporting.stopped_promotions.because IS
    'Why, in a sentence.';
COMMENT ON COLUMN reporting.stopped_promotions.stopped_on IS
    'The business date of the stop.';
COMMENT ON COLUMN reporting.stopped_promotions.event_id IS
    'The event that stopped it.';
COMMENT ON COLUMN reporting.stopped_promotions.occurred_at IS
    'When it happened.';
COMMENT ON COLUMN reporting.stopped_promotions.partition_count IS
    'How many partitions have come to it; in the others it still gives.';
