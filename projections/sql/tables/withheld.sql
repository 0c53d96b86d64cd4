-- What promotions would have given to the control of their campaigns.
CREATE TABLE withheld (
    campaign_id text COLLATE "C",
    promotion_id text COLLATE "C",
    wallet text COLLATE "C",
    points bigint NOT NULL,
    given text[] COLLATE "C" NOT NULL,
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
