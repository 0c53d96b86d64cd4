-- The lines of a sale sum to its receipt, those that came back in its currency to the return, where
-- lines are kept.
WITH kept AS (
    SELECT ledger_partition, min(ledger_seq) AS ledger_seq
    FROM programmes WHERE asks_for_lines GROUP BY ledger_partition
), lines AS (
    SELECT ledger_partition, ledger_seq, count(*) AS line_count, sum(net_minor) AS net_minor
    FROM sale_lines GROUP BY ledger_partition, ledger_seq
), receipts AS (
    SELECT s.ledger_partition, s.ledger_seq, s.event_id, s.line_count, s.net_minor
    FROM sales AS s JOIN kept AS k ON k.ledger_partition = s.ledger_partition
    WHERE s.ledger_seq > k.ledger_seq AND s.member_id IS NOT NULL AND s.line_count > 0
    UNION ALL
    SELECT r.ledger_partition, r.ledger_seq, r.event_id, NULL, -r.net_minor
    FROM returns AS r
    JOIN kept AS k ON k.ledger_partition = r.ledger_partition
    JOIN sales AS s ON s.sale_id = r.sale_id AND s.account_id = r.account_id
        AND s.ledger_partition = r.ledger_partition AND s.ledger_seq < r.ledger_seq
        AND s.currency = r.currency
    WHERE s.ledger_seq > k.ledger_seq AND r.member_id IS NOT NULL
)
SELECT format('receipt %s', r.event_id), format('%s', l), format('%s', r)
FROM receipts AS r FULL JOIN lines AS l USING (ledger_partition, ledger_seq)
WHERE r.net_minor IS DISTINCT FROM l.net_minor
    OR COALESCE(r.line_count, l.line_count) IS DISTINCT FROM l.line_count
LIMIT 1;
