-- One row a thing given that is neither points nor a voucher.
CREATE TABLE rewards_given (
    reward_id text COLLATE "C",
    promotion_id text COLLATE "C",
    campaign_id text COLLATE "C",
    kind text COLLATE "C" NOT NULL,
    item text COLLATE "C",
    quantity int NOT NULL,
    amount_minor bigint NOT NULL,
    currency text COLLATE "C",
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
