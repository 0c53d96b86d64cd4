-- What befalls a member or a card once, and the log has: whoever types it again tells it no more.
CREATE TABLE IF NOT EXISTS crm.told (
    event_id text PRIMARY KEY
);
COMMENT ON TABLE crm.told IS 'One row an enrolment, an assignment or a block of a card; and one a card that another stands in for.';
COMMENT ON COLUMN crm.told.event_id IS 'As in events and ledger: it names the id of a member, or a part of the keyed hash of a card.';
GRANT SELECT, INSERT ON crm.told TO loyalty_contacts;
