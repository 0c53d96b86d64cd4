-- One row a line that a member bought, and one with a negative amount for what came back of it.
-- They are kept from the place on at which a programme first asked for them.
CREATE TABLE sale_lines (
    sale_id text COLLATE "C" NOT NULL,
    line_no int NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    department text COLLATE "C",
    category text COLLATE "C",
    brand text COLLATE "C",
    labels text[] NOT NULL,
    net_minor bigint NOT NULL,
    currency text COLLATE "C" NOT NULL,
    sold_on date NOT NULL,
    business_date date NOT NULL,
    ledger_partition int NOT NULL,
    ledger_seq bigint NOT NULL
);
CREATE INDEX sale_lines_by_sale ON sale_lines (sale_id);
CREATE INDEX sale_lines_by_date ON sale_lines USING brin (sold_on);
