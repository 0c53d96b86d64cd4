-- Sums of points; empty texts are what does not apply.
CREATE TABLE points_daily (
    business_date date NOT NULL,
    store_id text COLLATE "C" NOT NULL,
    wallet text COLLATE "C" NOT NULL,
    promotion_id text COLLATE "C" NOT NULL,
    issued bigint NOT NULL,
    spent bigint NOT NULL,
    expired bigint NOT NULL,
    reversed bigint NOT NULL,
    restored bigint NOT NULL,
    adjusted bigint NOT NULL,
    PRIMARY KEY (business_date, store_id, wallet, promotion_id)
) WITH (fillfactor = 70);
