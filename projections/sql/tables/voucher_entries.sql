-- One row an effect on a voucher or coupon.
CREATE TABLE voucher_entries (
    voucher_id text COLLATE "C" NOT NULL,
    voucher text COLLATE "C",
    kind text COLLATE "C" NOT NULL,
    promotion_id text COLLATE "C",
    campaign_id text COLLATE "C",
    amount_minor bigint,
    currency text COLLATE "C",
    redeemed_sale_id text COLLATE "C",
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
CREATE INDEX voucher_entries_by_account ON voucher_entries (account_id);
