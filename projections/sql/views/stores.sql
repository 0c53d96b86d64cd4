CREATE VIEW reporting.stores AS
SELECT
    store_id,
    region
FROM projections.stores;

COMMENT ON VIEW reporting.stores IS
    'One row a store whose region the shop has told.';
COMMENT ON COLUMN reporting.stores.store_id IS
    'As in sales.';
COMMENT ON COLUMN reporting.stores.region IS
    'The region that the stores file told last; it holds for old sales too.';
