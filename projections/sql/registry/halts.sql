-- Where a projector stood still, and why: said by whoever halts, and no function of the ledger.  It
-- holds for tables that still stand at this place in the chain, so nobody has to take it back.
CREATE TABLE IF NOT EXISTS projections.halts (
    ledger_partition int NOT NULL,
    head bytea NOT NULL,
    reason text COLLATE "C" NOT NULL,
    detail text NOT NULL,
    PRIMARY KEY (ledger_partition, head)
);
GRANT USAGE ON SCHEMA projections TO loyalty_projector;
GRANT SELECT, INSERT, UPDATE ON projections.halts TO loyalty_projector;
