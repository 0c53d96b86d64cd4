-- Campaigns with control: what members bought in its days, treated ones and those held out
-- Treated are members to whom a promotion of the campaign gave something, control those to whom it
-- would have; a member who met no promotion of it is in neither group.  So if the campaign makes
-- more members come, that shows in member_count, beside the share that is control; and nothing here
-- says whether a difference is chance.
-- Given are points and other things, returned or not; withheld is what limits by member would have
-- left away, too, and those of a wallet.  Discounts, streaks, exchanges of points, and offers are not
-- in it: of these the tables tell one group alone.  Who was in both groups, since the share was changed, counts as control.
-- The days and the currency are those of the last programme that has the campaign.
WITH withheld_things AS (
    SELECT campaign_id, promotion_id, member_id, wallet, points, cardinality(given) AS things
    FROM withheld
    -- What has neither would have been a discount.
    WHERE wallet IS NOT NULL OR cardinality(given) > 0
), given_things AS (
    SELECT campaign_id, promotion_id, member_id, wallet, points, 0 AS things
    FROM points_entries
    WHERE kind = 'earned'
    UNION ALL
    SELECT campaign_id, promotion_id, member_id, NULL, 0, 1 FROM vouchers
    UNION ALL
    SELECT campaign_id, promotion_id, member_id, NULL, 0, 1 FROM rewards_given
), things AS (
    SELECT campaign_id, member_id, true AS held_out, wallet, points, things FROM withheld_things
    UNION ALL
    SELECT campaign_id, member_id, false, wallet, points, things FROM given_things
    WHERE (campaign_id, promotion_id) IN (SELECT campaign_id, promotion_id FROM withheld_things)
), people AS (
    SELECT campaign_id, member_id, bool_or(held_out) AS held_out
    FROM things
    WHERE member_id IS NOT NULL
    GROUP BY campaign_id, member_id
), by_wallet AS (
    SELECT campaign_id, held_out, wallet, sum(points) AS points, sum(things) AS things
    FROM things
    JOIN people USING (campaign_id, member_id, held_out)
    GROUP BY campaign_id, held_out, wallet
), sums AS (
    SELECT campaign_id, held_out, sum(things) AS other_things,
        string_agg(points || ' ' || wallet, ', ' ORDER BY wallet) AS points
    FROM by_wallet
    GROUP BY campaign_id, held_out
), days AS (
    SELECT DISTINCT ON (campaign_id) campaign_id, document::jsonb ->> 'currency' AS currency,
        (terms ->> 'first_day')::date AS first_day, (terms ->> 'last_day')::date AS last_day
    FROM programmes
    CROSS JOIN jsonb_each(document::jsonb -> 'campaigns') AS c (campaign_id, terms)
    ORDER BY campaign_id, ledger_partition, ledger_seq DESC
), bought AS (
    SELECT campaign_id, held_out, first_day, last_day, d.currency,
        count(DISTINCT people.member_id) AS member_count, count(s.sale_id) AS sale_count,
        COALESCE(sum(s.net - s.returned_net), 0) AS net_spend
    FROM people
    JOIN days AS d USING (campaign_id)
    LEFT JOIN sales AS s ON s.member_id = people.member_id AND s.currency = d.currency
        AND s.business_date >= COALESCE(first_day, '-infinity')
        AND s.business_date <= COALESCE(last_day, 'infinity')
    GROUP BY campaign_id, held_out, first_day, last_day, d.currency
)
SELECT
    campaign_id,
    first_day,
    last_day,
    CASE WHEN held_out THEN 'control' ELSE 'treated' END AS member_group,
    member_count,
    sale_count,
    round(sale_count::numeric / member_count, 2) AS sales_per_member,
    round(net_spend / member_count, 2) AS net_spend_per_member,
    currency,
    points AS points_given_or_withheld,
    other_things AS other_things_given_or_withheld
FROM bought
JOIN sums USING (campaign_id, held_out)
ORDER BY campaign_id, held_out
