-- What a wallet's points are worth, by activation of a programme; NULL where the programme says
-- nothing.
CREATE TABLE wallet_values (
    ledger_partition int NOT NULL,
    ledger_seq bigint NOT NULL,
    wallet text COLLATE "C" NOT NULL,
    units numeric,
    amount numeric,
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (ledger_partition, wallet, ledger_seq)
);
