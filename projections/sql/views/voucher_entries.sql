CREATE VIEW reporting.voucher_entries AS
SELECT
    voucher_id,
    voucher,
    kind,
    promotion_id,
    campaign_id,
    reporting.money(amount_minor, currency) AS amount,
    currency,
    redeemed_sale_id,
    event_id,
    account_id,
    member_id,
    store_id,
    channel,
    sale_id,
    NULLIF(programme_version, 0) AS programme_version,
    reporting.moment(occurred_at_ms) AS occurred_at,
    business_date,
    reporting.moment(recorded_at_ms) AS recorded_at,
    ledger_partition,
    ledger_seq
FROM voucher_entries;

COMMENT ON VIEW reporting.voucher_entries IS
    'One row an effect on a voucher, or on a coupon of no programme: how it came to stand as it does, and what its uses took off.';
COMMENT ON COLUMN reporting.voucher_entries.voucher_id IS
    'The voucher, or the number of a coupon.';
COMMENT ON COLUMN reporting.voucher_entries.voucher IS
    'Its definition in the programme; NULL for a coupon of no programme, and where a refund was charged for it.';
COMMENT ON COLUMN reporting.voucher_entries.kind IS
    'issued, redeemed, restored (a use was given back with its sale), expired, cancelled, or charged (its sale came back when it was used already, so the refund is smaller).';
COMMENT ON COLUMN reporting.voucher_entries.promotion_id IS
    'The promotion that gave it; NULL for none, and where a refund was charged for it.';
COMMENT ON COLUMN reporting.voucher_entries.campaign_id IS
    'The campaign that it belongs to; NULL for none, and where a refund was charged for it.';
COMMENT ON COLUMN reporting.voucher_entries.amount IS
    'Of issued what it takes off, 0 where that is no amount; of redeemed what it took off, 0 where that is not known; of charged what the refund is smaller by; NULL for the others. What a use that was restored had taken off is on the row of that use, of the same voucher and redeemed_sale_id.';
COMMENT ON COLUMN reporting.voucher_entries.currency IS
    'ISO 4217; of amount.';
COMMENT ON COLUMN reporting.voucher_entries.redeemed_sale_id IS
    'Of redeemed and restored, the sale that it was used on; NULL if that is not known.';
COMMENT ON COLUMN reporting.voucher_entries.event_id IS
    'The event that caused it.';
COMMENT ON COLUMN reporting.voucher_entries.account_id IS
    'Whose.';
COMMENT ON COLUMN reporting.voucher_entries.member_id IS
    'The person or card of that event; NULL if there is none.';
COMMENT ON COLUMN reporting.voucher_entries.store_id IS
    'Where it happened; NULL for what no store did.';
COMMENT ON COLUMN reporting.voucher_entries.channel IS
    'pos, web, app or phone.';
COMMENT ON COLUMN reporting.voucher_entries.sale_id IS
    'The sale that it belongs to, or whose return caused it; NULL if there is none.';
COMMENT ON COLUMN reporting.voucher_entries.programme_version IS
    'The version of the programme that decided it; NULL for none.';
COMMENT ON COLUMN reporting.voucher_entries.occurred_at IS
    'When it happened.';
COMMENT ON COLUMN reporting.voucher_entries.business_date IS
    'The store''s trading day.';
COMMENT ON COLUMN reporting.voucher_entries.recorded_at IS
    'When the ledger took it.';
COMMENT ON COLUMN reporting.voucher_entries.ledger_partition IS
    'The ledger partition that it stands in.';
COMMENT ON COLUMN reporting.voucher_entries.ledger_seq IS
    'Its place in that partition; several rows of one record share it.';
