-- One row an account and wallet.  The check is the law of conservation: a row that breaks it is
-- refused, and the projector stops.
CREATE TABLE balances (
    account_id text COLLATE "C" NOT NULL,
    wallet text COLLATE "C" NOT NULL,
    ledger_partition int NOT NULL,
    available bigint NOT NULL,
    pending bigint NOT NULL,
    held bigint NOT NULL,
    owed bigint NOT NULL,
    issued_total bigint NOT NULL,
    spent_total bigint NOT NULL,
    expired_total bigint NOT NULL,
    reversed_total bigint NOT NULL,
    adjusted_total bigint NOT NULL,
    PRIMARY KEY (account_id, wallet),
    CHECK (
        issued_total + adjusted_total + owed
        = available + pending + held + spent_total + expired_total + reversed_total
    )
) WITH (fillfactor = 60);
