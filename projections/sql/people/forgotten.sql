-- Members that were erased: a file that is published again must not bring them back.
CREATE TABLE IF NOT EXISTS crm.forgotten (
    member_id text PRIMARY KEY,
    forgotten_at timestamptz NOT NULL
);
COMMENT ON TABLE crm.forgotten IS 'One row an erased member: an id that leads to nobody, but for whoever has the card it was made of, and the key.';
COMMENT ON COLUMN crm.forgotten.member_id IS 'As in events and ledger.';
COMMENT ON COLUMN crm.forgotten.forgotten_at IS 'When the person was erased.';
GRANT SELECT, INSERT ON crm.forgotten TO loyalty_contacts;
