-- An account is on the level that its last change says.
WITH last AS (
    SELECT account_id, ladder, max(ledger_seq) AS ledger_seq
    FROM tier_changes GROUP BY account_id, ladder
), said AS (
    -- One record may change a level twice; the table shows one of these.
    SELECT account_id, ladder, c.to_level AS level, c.since_on, c.last_day, c.locked, c.measured
    FROM tier_changes AS c JOIN last AS l USING (account_id, ladder, ledger_seq)
)
SELECT format('account %s, ladder %s', account_id, ladder), format('%s', t), format('%s', s)
FROM tiers AS t FULL JOIN said AS s
USING (account_id, ladder, level, since_on, last_day, locked, measured)
WHERE t.account_id IS NULL AND NOT EXISTS (
    SELECT FROM tiers AS o WHERE o.account_id = s.account_id AND o.ladder = s.ladder
) OR s.account_id IS NULL
LIMIT 1;
