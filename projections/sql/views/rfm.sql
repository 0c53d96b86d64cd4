CREATE VIEW reporting.rfm AS
SELECT
    member_id,
    account_id,
    as_of_on,
    recency_days,
    sale_count,
    reporting.money(net_spend_minor, currency) AS net_spend,
    NULLIF(currency, '') AS currency,
    r_score,
    f_score,
    m_score,
    segment_id
FROM rfm;

COMMENT ON VIEW reporting.rfm IS
    'Recency, frequency and money of members over 24 months, scored 1 to 5 by fixed cut-offs, returns removed. A member without a sale in that time has no row.';
COMMENT ON COLUMN reporting.rfm.member_id IS
    'The person or card.';
COMMENT ON COLUMN reporting.rfm.account_id IS
    'The account of the member.';
COMMENT ON COLUMN reporting.rfm.as_of_on IS
    'The business day it is true of: the last one that every partition has closed.';
COMMENT ON COLUMN reporting.rfm.recency_days IS
    'Days since the last sale.';
COMMENT ON COLUMN reporting.rfm.sale_count IS
    'How many sales; one that came back whole, in its currency, does not count.';
COMMENT ON COLUMN reporting.rfm.net_spend IS
    'What was bought less what came back of it; returns that name no sale, or were refunded in another currency, are not in it.';
COMMENT ON COLUMN reporting.rfm.currency IS
    'ISO 4217; that of the member''s first receipt: a sale, or a return without one.';
COMMENT ON COLUMN reporting.rfm.r_score IS
    '5 for a last sale at most 14 days ago, 4 for 30, 3 for 60, 2 for 120, else 1.';
COMMENT ON COLUMN reporting.rfm.f_score IS
    '5 for at least 20 sales, 4 for 10, 3 for 5, 2 for 2, else 1.';
COMMENT ON COLUMN reporting.rfm.m_score IS
    '5 for at least 1,000 of the currency, 4 for 500, 3 for 200, 2 for 50, else 1.';
COMMENT ON COLUMN reporting.rfm.segment_id IS
    'close-friend, missed-friend, friend, big-ticket, new-face or acquaintance.';
