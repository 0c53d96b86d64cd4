-- Sums of sales and returns; empty texts are what does not apply.
CREATE TABLE sales_daily (
    business_date date NOT NULL,
    store_id text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    sale_count bigint NOT NULL,
    member_sale_count bigint NOT NULL,
    line_count bigint NOT NULL,
    gross_minor bigint NOT NULL,
    discount_minor bigint NOT NULL,
    net_minor bigint NOT NULL,
    return_count bigint NOT NULL,
    returned_net_minor bigint NOT NULL,
    PRIMARY KEY (business_date, store_id, channel, currency)
) WITH (fillfactor = 70);
