-- What was refused and why
SELECT
    reason,
    event_type,
    count(*) AS refusal_count,
    min(business_date) AS first_business_date,
    max(business_date) AS last_business_date,
    -- What cannot be read says no id; its record has a place.
    min(
        coalesce(nullif(event_id, ''), 'ledger ' || ledger_partition || '/' || ledger_seq)
    ) AS example
FROM refusals
GROUP BY reason, event_type
ORDER BY refusal_count DESC, reason
