-- Who the members are, for the role contacts alone.  No function of the ledger: it is written by
-- whoever enrols, kept beside it, and deleted when a person asks for that.
CREATE SCHEMA IF NOT EXISTS crm;
GRANT USAGE ON SCHEMA crm TO loyalty_contacts;
