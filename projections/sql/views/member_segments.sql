CREATE VIEW reporting.member_segments AS
SELECT
    account_id,
    segment,
    entered_on,
    left_on,
    NULLIF(definition_hash, '') AS definition_hash
FROM member_segments;

COMMENT ON VIEW reporting.member_segments IS
    'One row a stay of an account in a segment of the programme.';
COMMENT ON COLUMN reporting.member_segments.account_id IS
    'Whose.';
COMMENT ON COLUMN reporting.member_segments.segment IS
    'The segment in the programme.';
COMMENT ON COLUMN reporting.member_segments.entered_on IS
    'The first business date in it.';
COMMENT ON COLUMN reporting.member_segments.left_on IS
    'The first business date no longer in it; NULL while it is.';
COMMENT ON COLUMN reporting.member_segments.definition_hash IS
    'SHA-256 of the words that defined the segment when it was entered, hexadecimal.';
