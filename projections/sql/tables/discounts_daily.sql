-- What was taken off the sales of a day; empty texts are what does not apply.
-- It is kept from the place on at which a programme first asked for it.
CREATE TABLE discounts_daily (
    business_date date NOT NULL,
    store_id text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    source_id text COLLATE "C" NOT NULL,
    funded_by text COLLATE "C" NOT NULL,
    sale_count bigint NOT NULL,
    line_count bigint NOT NULL,
    amount_minor bigint NOT NULL,
    PRIMARY KEY (business_date, store_id, currency, source, source_id, funded_by)
) WITH (fillfactor = 70);
