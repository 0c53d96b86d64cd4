-- What the shop says of its stores.  No function of the ledger, so it is of no generation: a rebuild
-- leaves it as it is.
CREATE TABLE IF NOT EXISTS projections.stores (
    store_id text COLLATE "C" PRIMARY KEY,
    region text COLLATE "C" NOT NULL
);
GRANT USAGE ON SCHEMA projections TO loyalty_projector;
GRANT SELECT, INSERT, UPDATE ON projections.stores TO loyalty_projector;
