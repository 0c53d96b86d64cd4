CREATE VIEW reporting.programmes AS
SELECT
    programme,
    version,
    first_day,
    document,
    document_hash,
    ledger_partition,
    ledger_seq
FROM programmes;

COMMENT ON VIEW reporting.programmes IS
    'One row a partition and version of the programme that came into force there. The last one whose first_day has come is the one that decides.';
COMMENT ON COLUMN reporting.programmes.programme IS
    'Its name.';
COMMENT ON COLUMN reporting.programmes.version IS
    'Its version.';
COMMENT ON COLUMN reporting.programmes.first_day IS
    'The first business date that it holds for.';
COMMENT ON COLUMN reporting.programmes.document IS
    'The whole of it, as canonical JSON.';
COMMENT ON COLUMN reporting.programmes.document_hash IS
    'SHA-256 of the document, hexadecimal.';
COMMENT ON COLUMN reporting.programmes.ledger_partition IS
    'The ledger partition that it stands in.';
COMMENT ON COLUMN reporting.programmes.ledger_seq IS
    'Its place in that partition.';
