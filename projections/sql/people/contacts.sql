-- How to reach a member.  The only place in which a name or an address is.
CREATE TABLE IF NOT EXISTS crm.contacts (
    member_id text PRIMARY KEY,
    name text NOT NULL DEFAULT '',
    address text NOT NULL DEFAULT '',
    phone text NOT NULL DEFAULT '',
    email text NOT NULL DEFAULT ''
);
COMMENT ON TABLE crm.contacts IS 'One row a member of whom anything is known.';
COMMENT ON COLUMN crm.contacts.member_id IS 'As in events and ledger.';
COMMENT ON COLUMN crm.contacts.name IS 'As the person writes it; empty if not told.';
COMMENT ON COLUMN crm.contacts.address IS 'For post; empty if not told.';
COMMENT ON COLUMN crm.contacts.phone IS 'With + and country; empty if not told.';
COMMENT ON COLUMN crm.contacts.email IS 'In lower case; empty if not told.';
GRANT SELECT, INSERT, UPDATE, DELETE ON crm.contacts TO loyalty_contacts;
