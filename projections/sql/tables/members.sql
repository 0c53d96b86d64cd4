-- One row a member; empty texts are what is not known.
CREATE TABLE members (
    account_id text COLLATE "C" NOT NULL,
    member_id text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    enrolled_on date,
    enrolment_store_id text COLLATE "C" NOT NULL,
    home_store_id text COLLATE "C" NOT NULL,
    first_sale_on date,
    last_sale_on date,
    sale_count bigint NOT NULL,
    net_spend_minor bigint NOT NULL,
    PRIMARY KEY (account_id, member_id)
) WITH (fillfactor = 60);
