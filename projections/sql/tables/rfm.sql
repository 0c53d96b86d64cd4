-- Scores of members as of one day; renewed as a whole.
CREATE TABLE rfm (
    account_id text COLLATE "C" NOT NULL,
    member_id text COLLATE "C" NOT NULL,
    as_of_on date NOT NULL,
    recency_days int NOT NULL,
    sale_count bigint NOT NULL,
    net_spend_minor bigint NOT NULL,
    currency text COLLATE "C" NOT NULL,
    r_score int NOT NULL,
    f_score int NOT NULL,
    m_score int NOT NULL,
    segment_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (account_id, member_id)
);
