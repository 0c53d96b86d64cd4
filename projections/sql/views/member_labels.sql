CREATE VIEW reporting.member_labels AS
SELECT
    account_id,
    label,
    labelled_on,
    removed_on,
    NULLIF(labelled_by, '') AS labelled_by
FROM member_labels;

COMMENT ON VIEW reporting.member_labels IS
    'One row a time that a label was on a member.';
COMMENT ON COLUMN reporting.member_labels.account_id IS
    'Whose.';
COMMENT ON COLUMN reporting.member_labels.label IS
    'The label, such as vip or staff.';
COMMENT ON COLUMN reporting.member_labels.labelled_on IS
    'The business date on which it was put on.';
COMMENT ON COLUMN reporting.member_labels.removed_on IS
    'The business date on which it was taken off; NULL while it is on.';
COMMENT ON COLUMN reporting.member_labels.labelled_by IS
    'Who put it on; NULL if that was not said.';
