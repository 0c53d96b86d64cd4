-- One row a receipt.  sale_id is no primary key: it is unique in a partition, not among them, and
-- only as long as receipts are remembered.
CREATE TABLE sales (
    till_id text COLLATE "C",
    receipt_no text COLLATE "C",
    cashier_id text COLLATE "C",
    currency text COLLATE "C",
    gross_minor bigint NOT NULL,
    discount_minor bigint NOT NULL,
    net_minor bigint NOT NULL,
    paid_with_points_minor bigint NOT NULL,
    line_count int NOT NULL,
    returned_net_minor bigint NOT NULL DEFAULT 0,
    account_id text COLLATE "C",
    member_id text COLLATE "C",
    event_id text COLLATE "C",
    store_id text COLLATE "C",
    channel text COLLATE "C",
    programme_version bigint NOT NULL,
    sale_id text COLLATE "C",
    occurred_at_ms bigint NOT NULL,
    business_date date NOT NULL,
    recorded_at_ms bigint NOT NULL,
    ledger_partition int NOT NULL,
    ledger_seq bigint NOT NULL
);
CREATE INDEX sales_by_sale ON sales (sale_id);
-- Dates come nearly in order, so a few pages of ranges serve where an index would cost every row.
CREATE INDEX sales_by_date ON sales USING brin (business_date);
