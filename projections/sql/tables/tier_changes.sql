-- One row a change of an account's level, or of its term.
CREATE TABLE tier_changes (
    ladder text COLLATE "C" NOT NULL,
    from_level text COLLATE "C",
    to_level text COLLATE "C" NOT NULL,
    since_on date NOT NULL,
    last_day date NOT NULL,
    reason text COLLATE "C",
    measured bigint NOT NULL,
    locked boolean NOT NULL,
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
CREATE INDEX tier_changes_by_account ON tier_changes (account_id);
