-- Where in its partition each business day was closed.
CREATE TABLE closed_days (
    ledger_partition int NOT NULL,
    closed_on date NOT NULL,
    ledger_seq bigint NOT NULL,
    PRIMARY KEY (ledger_partition, closed_on)
);
