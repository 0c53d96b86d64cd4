-- One row an effect on points.
CREATE TABLE points_entries (
    wallet text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    points bigint NOT NULL,
    moved_points bigint NOT NULL,
    lot_id text COLLATE "C",
    promotion_id text COLLATE "C",
    campaign_id text COLLATE "C",
    funded_by text COLLATE "C",
    desired_points bigint,
    purpose text COLLATE "C",
    amount_minor bigint,
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
CREATE INDEX points_entries_by_account ON points_entries (account_id);
CREATE INDEX points_entries_by_date ON points_entries USING brin (business_date);
