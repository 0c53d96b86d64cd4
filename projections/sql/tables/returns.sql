-- One row a return; sale_id is the sale that came back, NULL where the return names none.
CREATE TABLE returns (
    till_id text COLLATE "C",
    receipt_no text COLLATE "C",
    currency text COLLATE "C",
    net_minor bigint NOT NULL,
    line_count int NOT NULL,
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
