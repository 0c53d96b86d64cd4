-- As of which day a table that is renewed as a whole was made.
CREATE TABLE renewals (
    table_name text COLLATE "C" PRIMARY KEY,
    as_of_on date NOT NULL
);
