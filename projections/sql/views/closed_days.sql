CREATE VIEW reporting.closed_days AS
SELECT
    closed_on,
    ledger_partition,
    ledger_seq
FROM closed_days;

COMMENT ON VIEW reporting.closed_days IS
    'One row a partition and business day that it has closed. What is true as of a day is made of the records before these places.';
COMMENT ON COLUMN reporting.closed_days.closed_on IS
    'The business day.';
COMMENT ON COLUMN reporting.closed_days.ledger_partition IS
    'The ledger partition that closed it.';
COMMENT ON COLUMN reporting.closed_days.ledger_seq IS
    'The place in that partition of the record that closed it.';
