CREATE VIEW reporting.vouchers AS
SELECT
    voucher_id,
    voucher,
    account_id,
    member_id,
    promotion_id,
    campaign_id,
    funded_by,
    status,
    business_date AS issued_on,
    first_day,
    NULLIF(last_day, DATE '2200-01-01') AS last_day,
    reporting.money(amount_minor, currency) AS amount,
    reporting.money(CASE WHEN status = 'issued' THEN left_minor ELSE 0 END, currency) AS amount_left,
    currency,
    uses,
    redemption_count,
    redeemed_on,
    redeemed_sale_id,
    redeemed_store_id,
    event_id,
    reporting.moment(occurred_at_ms) AS occurred_at,
    business_date,
    reporting.moment(recorded_at_ms) AS recorded_at,
    ledger_partition,
    ledger_seq
FROM vouchers;

COMMENT ON VIEW reporting.vouchers IS
    'One row a voucher of a programme. A coupon that belongs to no programme counts in campaigns only.';
COMMENT ON COLUMN reporting.vouchers.voucher_id IS
    'The event that issued it, # and a counter.';
COMMENT ON COLUMN reporting.vouchers.voucher IS
    'Its definition in the programme.';
COMMENT ON COLUMN reporting.vouchers.account_id IS
    'Whose.';
COMMENT ON COLUMN reporting.vouchers.member_id IS
    'The person or card that it was issued for; NULL if there is none.';
COMMENT ON COLUMN reporting.vouchers.promotion_id IS
    'The promotion that gave it; NULL for an offer, and for a reward of the catalogue.';
COMMENT ON COLUMN reporting.vouchers.campaign_id IS
    'The campaign that gave it; NULL if none did.';
COMMENT ON COLUMN reporting.vouchers.funded_by IS
    'Who pays for it; NULL for the chain itself.';
COMMENT ON COLUMN reporting.vouchers.status IS
    'issued while it can be used, redeemed when it is used up, expired when it ended before, cancelled when it was taken back before; issued again when it was given back, because the sale it was used on came back whole before its last day was over.';
COMMENT ON COLUMN reporting.vouchers.issued_on IS
    'The business date of its issue.';
COMMENT ON COLUMN reporting.vouchers.first_day IS
    'The first day it is valid.';
COMMENT ON COLUMN reporting.vouchers.last_day IS
    'The last day it is valid; NULL if it does not end.';
COMMENT ON COLUMN reporting.vouchers.amount IS
    'What it takes off, as it was issued; 0 where that is no amount, such as a percentage.';
COMMENT ON COLUMN reporting.vouchers.amount_left IS
    'What it takes off when it is used next, of a stored value at most what is left on it; 0 when it cannot be used any more.';
COMMENT ON COLUMN reporting.vouchers.currency IS
    'ISO 4217; of amount and amount_left.';
COMMENT ON COLUMN reporting.vouchers.uses IS
    'How often it may be used.';
COMMENT ON COLUMN reporting.vouchers.redemption_count IS
    'How often it was used; a use that was given back with its sale does not count.';
COMMENT ON COLUMN reporting.vouchers.redeemed_on IS
    'The business date of its last use; NULL if that was undone.';
COMMENT ON COLUMN reporting.vouchers.redeemed_sale_id IS
    'The sale of its last use; NULL if that named none or was undone.';
COMMENT ON COLUMN reporting.vouchers.redeemed_store_id IS
    'The store of its last use; NULL if that was undone.';
COMMENT ON COLUMN reporting.vouchers.event_id IS
    'The event that issued it.';
COMMENT ON COLUMN reporting.vouchers.occurred_at IS
    'When it happened.';
COMMENT ON COLUMN reporting.vouchers.business_date IS
    'The store''s trading day.';
COMMENT ON COLUMN reporting.vouchers.recorded_at IS
    'When the ledger took it.';
COMMENT ON COLUMN reporting.vouchers.ledger_partition IS
    'The ledger partition that it stands in.';
COMMENT ON COLUMN reporting.vouchers.ledger_seq IS
    'Its place in that partition; several rows of one record share it.';
