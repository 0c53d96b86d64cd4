-- What returns lacked, month by month: owed, written off, or charged to refunds
-- How it was treated: owed (new points pay it first), or as the wallet said when the return came:
-- write_off, only_pending, charge_refund; expired for points that had ended unused, which no
-- wallet asks for.  Points are worth what the programme in force then paid for them, whatever was
-- charged; nothing where that differs by level.  Of vouchers that were used already, what their
-- refunds were charged.
WITH worths AS MATERIALIZED (
    SELECT ledger_partition, ledger_seq, wallet, document::jsonb ->> 'currency' AS currency,
        (terms #>> '{value,amount}')::numeric AS amount,
        (terms #>> '{value,units}')::numeric AS units
    FROM programmes
    CROSS JOIN jsonb_each(document::jsonb -> 'wallets') AS w (wallet, terms)
    -- What differs by level is an object.
    WHERE jsonb_typeof(terms #> '{value,amount}') <> 'object'
        AND jsonb_typeof(terms #> '{value,units}') <> 'object'
), lacked AS (
    SELECT e.business_date, 'points' AS kind, e.wallet AS wallet_or_voucher,
        CASE e.kind WHEN 'owed' THEN 'owed' ELSE e.purpose END AS treated,
        e.event_id, e.moved_points AS points, e.moved_points * w.amount / w.units AS worth, e.amount,
        COALESCE(e.currency, w.currency) AS currency
    FROM points_entries AS e
    LEFT JOIN LATERAL (
        SELECT p.ledger_seq FROM programmes AS p
        WHERE p.ledger_partition = e.ledger_partition AND p.ledger_seq < e.ledger_seq
            AND p.first_day <= e.business_date
        ORDER BY p.ledger_seq DESC LIMIT 1
    ) AS in_force ON true
    LEFT JOIN worths AS w ON w.ledger_partition = e.ledger_partition
        AND w.ledger_seq = in_force.ledger_seq AND w.wallet = e.wallet
    WHERE e.kind IN ('owed', 'written_off') AND e.wallet NOT LIKE 'tier:%'
    UNION ALL
    SELECT e.business_date, 'voucher', v.voucher, 'charge_refund',
        e.event_id, NULL, NULL, e.amount, e.currency
    FROM voucher_entries AS e
    JOIN vouchers AS v USING (voucher_id, account_id)
    WHERE e.kind = 'charged'
)
SELECT
    date_trunc('month', business_date)::date AS month,
    kind,
    wallet_or_voucher,
    treated,
    count(DISTINCT event_id) AS return_count,
    sum(points) AS points,
    -- What is lost with thirds of a cent is put right before half a cent is rounded up.
    round(round(sum(worth), 12), exponent(currency)) AS worth,
    COALESCE(sum(amount), 0) AS charged_to_refunds,
    currency
FROM lacked
GROUP BY month, kind, wallet_or_voucher, treated, currency
ORDER BY month, kind, wallet_or_voucher, treated, currency
