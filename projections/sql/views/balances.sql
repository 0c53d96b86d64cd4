CREATE VIEW reporting.balances AS
SELECT
    b.account_id,
    b.wallet,
    p.closed_on AS as_of_on,
    b.available,
    b.pending,
    b.held,
    b.owed,
    b.issued_total,
    b.spent_total,
    b.expired_total,
    b.reversed_total,
    b.adjusted_total,
    DATE '1970-01-01' + o.last_day AS next_last_day,
    o.points AS next_last_day_points,
    trunc(b.available * v.amount / v.units, reporting.exponent(v.currency)) AS value,
    trunc(b.pending * v.amount / v.units, reporting.exponent(v.currency)) AS pending_value,
    trunc(b.held * v.amount / v.units, reporting.exponent(v.currency)) AS held_value,
    trunc(b.owed * v.amount / v.units, reporting.exponent(v.currency)) AS owed_value,
    v.currency
FROM balances AS b
JOIN positions AS p ON p.ledger_partition = b.ledger_partition
LEFT JOIN LATERAL (
    -- 84006 is the last day of what does not end.
    SELECT last_day, points FROM open_points
    WHERE account_id = b.account_id AND wallet = b.wallet AND last_day < 84006
    ORDER BY last_day LIMIT 1
) AS o ON true
LEFT JOIN LATERAL (
    -- The programme in force, which may no longer have the wallet.
    SELECT ledger_seq FROM programmes
    WHERE ledger_partition = b.ledger_partition
        AND first_day <= COALESCE(p.closed_on, 'infinity')
    ORDER BY ledger_seq DESC LIMIT 1
) AS g ON true
LEFT JOIN wallet_values AS v
    ON v.ledger_partition = b.ledger_partition AND v.wallet = b.wallet
    AND v.ledger_seq = g.ledger_seq AND v.units IS NOT NULL;

COMMENT ON VIEW reporting.balances IS
    'One row an account and wallet: what it holds, and what ever came in and went out. Always issued + adjusted + owed = available + pending + held + spent + expired + reversed.';
COMMENT ON COLUMN reporting.balances.account_id IS
    'Whose.';
COMMENT ON COLUMN reporting.balances.wallet IS
    'The kind of points; `tier:` and a ladder for what counts towards its levels, which is worth nothing.';
COMMENT ON COLUMN reporting.balances.as_of_on IS
    'The last business day closed in the account''s partition; what expires on later days is still in.';
COMMENT ON COLUMN reporting.balances.available IS
    'Points that can be spent.';
COMMENT ON COLUMN reporting.balances.pending IS
    'Points that cannot be spent yet.';
COMMENT ON COLUMN reporting.balances.held IS
    'Points set aside for a payment under way.';
COMMENT ON COLUMN reporting.balances.owed IS
    'Points that a return took back when they were no longer there; new ones pay it first.';
COMMENT ON COLUMN reporting.balances.issued_total IS
    'All points ever earned.';
COMMENT ON COLUMN reporting.balances.spent_total IS
    'All points ever paid with or converted, less what was given back.';
COMMENT ON COLUMN reporting.balances.expired_total IS
    'All points that ended unused.';
COMMENT ON COLUMN reporting.balances.reversed_total IS
    'All points that returns took back, what had to be left owing or written off included.';
COMMENT ON COLUMN reporting.balances.adjusted_total IS
    'All corrections by people, signed, and what was written off.';
COMMENT ON COLUMN reporting.balances.next_last_day IS
    'The nearest last valid day of what the account has, held or not; NULL if nothing of it ends.';
COMMENT ON COLUMN reporting.balances.next_last_day_points IS
    'How many points end with that day.';
COMMENT ON COLUMN reporting.balances.value IS
    'What the available points alone are worth, at the programme in force on as_of_on, rounded down; NULL for a wallet that it does not have or gives no value, or whose value differs by level.';
COMMENT ON COLUMN reporting.balances.pending_value IS
    'What the pending points are worth, as with value.';
COMMENT ON COLUMN reporting.balances.held_value IS
    'What the held points are worth, as with value.';
COMMENT ON COLUMN reporting.balances.owed_value IS
    'What the points that the member owes are worth, as with value; the other three less this is what the chain owes.';
COMMENT ON COLUMN reporting.balances.currency IS
    'ISO 4217; of all values.';
