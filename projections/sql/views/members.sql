CREATE VIEW reporting.members AS
SELECT
    member_id,
    account_id,
    COALESCE(NULLIF(status, ''), 'not_enrolled') AS status,
    enrolled_on,
    NULLIF(enrolment_store_id, '') AS enrolment_store_id,
    NULLIF(home_store_id, '') AS home_store_id,
    first_sale_on,
    last_sale_on,
    sale_count,
    reporting.money(net_spend_minor, currency) AS net_spend,
    NULLIF(currency, '') AS currency
FROM members;

COMMENT ON VIEW reporting.members IS
    'One row a member: who is enrolled, where and since when, and what each bought.';
COMMENT ON COLUMN reporting.members.member_id IS
    'The person or card.';
COMMENT ON COLUMN reporting.members.account_id IS
    'The account whose points the member earns.';
COMMENT ON COLUMN reporting.members.status IS
    'active, blocked or closed; not_enrolled where sales came before the enrolment.';
COMMENT ON COLUMN reporting.members.enrolled_on IS
    'The business date of the enrolment; NULL before it.';
COMMENT ON COLUMN reporting.members.enrolment_store_id IS
    'Where the member enrolled.';
COMMENT ON COLUMN reporting.members.home_store_id IS
    'The store that the member calls theirs; at first the enrolling one.';
COMMENT ON COLUMN reporting.members.first_sale_on IS
    'The earliest business date of a sale.';
COMMENT ON COLUMN reporting.members.last_sale_on IS
    'The latest business date of a sale.';
COMMENT ON COLUMN reporting.members.sale_count IS
    'How many sales, returned or not.';
COMMENT ON COLUMN reporting.members.net_spend IS
    'What was bought less what came back, in currency; money in another one is not added.';
COMMENT ON COLUMN reporting.members.currency IS
    'ISO 4217; that of the member''s first receipt: a sale, or a return without one.';
