CREATE VIEW reporting.discounts_daily AS
SELECT
    business_date,
    NULLIF(store_id, '') AS store_id,
    source,
    NULLIF(source_id, '') AS source_id,
    NULLIF(funded_by, '') AS funded_by,
    sale_count,
    line_count,
    reporting.money(amount_minor, currency) AS amount,
    currency
FROM discounts_daily;

COMMENT ON VIEW reporting.discounts_daily IS
    'What was taken off prices by business date, store, what took it off, who pays for it, and currency, as the receipts say. Sales count, returned or not. It is kept from the activation on of the first programme with `reports: [discounts]`.';
COMMENT ON COLUMN reporting.discounts_daily.business_date IS
    'The store''s trading day.';
COMMENT ON COLUMN reporting.discounts_daily.store_id IS
    'Where; a web shop has its own.';
COMMENT ON COLUMN reporting.discounts_daily.source IS
    'promotion, voucher, staff, or till for all else.';
COMMENT ON COLUMN reporting.discounts_daily.source_id IS
    'The promotion, or what the till calls it, NULL if it does not say; of a voucher its definition, NULL unless the sale used one of a programme.';
COMMENT ON COLUMN reporting.discounts_daily.funded_by IS
    'Who pays for it; NULL for the chain itself.';
COMMENT ON COLUMN reporting.discounts_daily.sale_count IS
    'From how many sales, returned or not; one with discounts of several rows counts in each.';
COMMENT ON COLUMN reporting.discounts_daily.line_count IS
    'From how many lines of those sales, counted in the same way.';
COMMENT ON COLUMN reporting.discounts_daily.amount IS
    'How much, as it was sold; no return changes it.';
COMMENT ON COLUMN reporting.discounts_daily.currency IS
    'ISO 4217; of amount.';
