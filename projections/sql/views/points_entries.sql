CREATE VIEW reporting.points_entries AS
SELECT
    account_id,
    wallet,
    kind,
    points,
    moved_points,
    lot_id,
    sale_id,
    event_id,
    member_id,
    store_id,
    channel,
    promotion_id,
    NULLIF(programme_version, 0) AS programme_version,
    campaign_id,
    funded_by,
    desired_points,
    purpose,
    reporting.money(amount_minor, currency) AS amount,
    currency,
    reporting.moment(occurred_at_ms) AS occurred_at,
    business_date,
    reporting.moment(recorded_at_ms) AS recorded_at,
    ledger_partition,
    ledger_seq
FROM points_entries;

COMMENT ON VIEW reporting.points_entries IS
    'One row an effect on points. The points of an account and wallet sum to available + pending + held - owed.';
COMMENT ON COLUMN reporting.points_entries.account_id IS
    'Whose.';
COMMENT ON COLUMN reporting.points_entries.wallet IS
    'The kind of points; `tier:` and a ladder for what counts towards its levels.';
COMMENT ON COLUMN reporting.points_entries.kind IS
    'earned, matured, spent, restored, reversed, owed, written_off, repaid, expired, adjusted, held or released.';
COMMENT ON COLUMN reporting.points_entries.points IS
    'What it changed of what is outstanding, signed; 0 for matured, repaid, written_off, held and released, which only move points.';
COMMENT ON COLUMN reporting.points_entries.moved_points IS
    'How many points it moved, never negative.';
COMMENT ON COLUMN reporting.points_entries.lot_id IS
    'The lot it made or took from; NULL if it took from several or none.';
COMMENT ON COLUMN reporting.points_entries.sale_id IS
    'The sale that earned or converted them, or whose return took them back; NULL if there is none.';
COMMENT ON COLUMN reporting.points_entries.event_id IS
    'The event that caused it.';
COMMENT ON COLUMN reporting.points_entries.member_id IS
    'The person or card of that event; NULL if there is none.';
COMMENT ON COLUMN reporting.points_entries.store_id IS
    'Where it happened; NULL for what no store did.';
COMMENT ON COLUMN reporting.points_entries.channel IS
    'pos, web, app or phone.';
COMMENT ON COLUMN reporting.points_entries.promotion_id IS
    'The promotion that gave them, whose points were taken back, or that converted them; of points that a reward costs or gives its id in the catalogue; NULL if there is none.';
COMMENT ON COLUMN reporting.points_entries.programme_version IS
    'The version of the programme that decided it; NULL for none.';
COMMENT ON COLUMN reporting.points_entries.campaign_id IS
    'The campaign of the promotion; NULL for none.';
COMMENT ON COLUMN reporting.points_entries.funded_by IS
    'Who pays for them; NULL for the chain itself.';
COMMENT ON COLUMN reporting.points_entries.desired_points IS
    'Of earned: what the promotion came to before limits.';
COMMENT ON COLUMN reporting.points_entries.purpose IS
    'Of spent: payment, convert or reward; of released: captured, voided or expired; of written_off: what the programme does then, or expired if they had ended unused.';
COMMENT ON COLUMN reporting.points_entries.amount IS
    'Of spent: what they bought; of written_off: what the refund is to be reduced by.';
COMMENT ON COLUMN reporting.points_entries.currency IS
    'ISO 4217; of amount.';
COMMENT ON COLUMN reporting.points_entries.occurred_at IS
    'When it happened.';
COMMENT ON COLUMN reporting.points_entries.business_date IS
    'The store''s trading day.';
COMMENT ON COLUMN reporting.points_entries.recorded_at IS
    'When the ledger took it.';
COMMENT ON COLUMN reporting.points_entries.ledger_partition IS
    'The ledger partition that it stands in.';
COMMENT ON COLUMN reporting.points_entries.ledger_seq IS
    'Its place in that partition; several rows of one record share it.';
