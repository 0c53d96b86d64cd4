CREATE VIEW reporting.freshness AS
SELECT
    CASE WHEN bool_and(closed_on IS NOT NULL) THEN min(closed_on) END AS as_of_on
FROM positions;

COMMENT ON VIEW reporting.freshness IS
    'One row: up to which business day everything is in.';
COMMENT ON COLUMN reporting.freshness.as_of_on IS
    'The last business day that every partition has closed; NULL before.';
