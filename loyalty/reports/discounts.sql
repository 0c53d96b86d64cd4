-- What was taken off prices, month by month: by what, who pays for it, and from how many sales
-- As the receipts say; sales count whether or not they came back since.  It is kept from the
-- activation on of the first programme with `reports: [discounts]`.  A voucher stands by its
-- definition; one that paid as a tender took nothing off a price, and is in the report `vouchers`.
SELECT
    date_trunc('month', business_date)::date AS month,
    source,
    source_id,
    funded_by,
    count(DISTINCT store_id) AS store_count,
    sum(sale_count) AS sale_count,
    sum(line_count) AS line_count,
    sum(amount) AS amount,
    currency
FROM discounts_daily
GROUP BY month, source, source_id, funded_by, currency
ORDER BY month, currency, amount DESC, source, source_id, funded_by
