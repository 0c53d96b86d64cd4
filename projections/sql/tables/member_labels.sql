-- One row a time that a label was on a member.  It is on once at a time.
CREATE TABLE member_labels (
    account_id text COLLATE "C" NOT NULL,
    label text COLLATE "C" NOT NULL,
    labelled_on date NOT NULL,
    removed_on date,
    labelled_by text COLLATE "C" NOT NULL,
    ledger_partition int NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX member_labels_by_account ON member_labels (account_id);
CREATE UNIQUE INDEX member_labels_open ON member_labels (account_id, label) WHERE removed_on IS NULL;
