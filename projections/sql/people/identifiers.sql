-- By which cards, phones and e-mail addresses a member is known.  Only their keyed hash is here:
-- without the key, which the database never sees, no row says which card it is.
CREATE TABLE IF NOT EXISTS crm.identifiers (
    digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    kind text NOT NULL CHECK (kind IN ('card', 'phone', 'email')),
    member_id text NOT NULL,
    blocked_at timestamptz
);
CREATE INDEX IF NOT EXISTS identifiers_by_member ON crm.identifiers (member_id);
COMMENT ON TABLE crm.identifiers IS 'One row a card, phone or e-mail address.';
COMMENT ON COLUMN crm.identifiers.digest IS 'HMAC-SHA256 of its kind and its normal form.';
COMMENT ON COLUMN crm.identifiers.kind IS 'card, phone or email.';
COMMENT ON COLUMN crm.identifiers.member_id IS 'Whose; it never becomes another''s.';
COMMENT ON COLUMN crm.identifiers.blocked_at IS 'From when a card counts no more; NULL while it does.';
GRANT SELECT, INSERT, UPDATE, DELETE ON crm.identifiers TO loyalty_contacts;
