-- What is open of each account and wallet, by the last day it is valid.
CREATE TABLE open_points (
    account_id text COLLATE "C" NOT NULL,
    wallet text COLLATE "C" NOT NULL,
    last_day int NOT NULL,
    points bigint NOT NULL CHECK (points > 0),
    PRIMARY KEY (account_id, wallet, last_day)
) WITH (fillfactor = 60);
