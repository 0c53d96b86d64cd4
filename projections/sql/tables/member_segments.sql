-- One row a stay of an account in a segment.  It is in it once at a time.
CREATE TABLE member_segments (
    account_id text COLLATE "C" NOT NULL,
    segment text COLLATE "C" NOT NULL,
    entered_on date NOT NULL,
    left_on date,
    definition_hash text COLLATE "C" NOT NULL,
    ledger_partition int NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX member_segments_by_account ON member_segments (account_id);
CREATE UNIQUE INDEX member_segments_open ON member_segments (account_id, segment) WHERE left_on IS NULL;
