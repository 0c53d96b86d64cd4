-- One row a set of tables, in the schema named generation_number.  definition is a hash of the
-- table definitions it was made by: another one asks for a rebuild.
CREATE TABLE IF NOT EXISTS projections.generations (
    generation text COLLATE "C" NOT NULL,
    number int NOT NULL,
    definition text NOT NULL,
    live boolean NOT NULL,
    PRIMARY KEY (generation, number)
);
