-- Where in its partition each version of the programme came into force.
CREATE TABLE programmes (
    ledger_partition int NOT NULL,
    ledger_seq bigint NOT NULL,
    programme text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    first_day date NOT NULL,
    document text COLLATE "C" NOT NULL,
    document_hash text COLLATE "C" NOT NULL,
    asks_for_lines boolean NOT NULL,
    asks_for_discounts boolean NOT NULL,
    PRIMARY KEY (ledger_partition, ledger_seq)
);
