-- By what we see that the key is the one the identifiers were hashed with.
CREATE TABLE IF NOT EXISTS crm.key_mark (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    mark bytea NOT NULL CHECK (octet_length(mark) = 32)
);
COMMENT ON TABLE crm.key_mark IS 'One row: what the key makes of a fixed word.';
COMMENT ON COLUMN crm.key_mark.single IS 'Always true: there is one row.';
COMMENT ON COLUMN crm.key_mark.mark IS 'HMAC-SHA256 of the word; the key cannot be told from it.';
GRANT SELECT, INSERT ON crm.key_mark TO loyalty_contacts;
