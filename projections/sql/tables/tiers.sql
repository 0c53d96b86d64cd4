-- The level of each account on each ladder.
CREATE TABLE tiers (
    account_id text COLLATE "C" NOT NULL,
    ladder text COLLATE "C" NOT NULL,
    level text COLLATE "C" NOT NULL,
    since_on date NOT NULL,
    last_day date NOT NULL,
    locked boolean NOT NULL,
    measured bigint NOT NULL,
    PRIMARY KEY (account_id, ladder)
) WITH (fillfactor = 80);
