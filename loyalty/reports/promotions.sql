-- What each promotion gave, points, vouchers and rewards, and what became of it
-- Followed as in redemption_cohorts: issued = redeemed + expired + reversed + outstanding.  A reward
-- is gone when it is given, so of those there is only how many.  What promotions took off prices is
-- in the report `discounts`.  A funder is named where any version of the programme names one; NULL
-- is the chain.
WITH funders AS (
    SELECT promotion ->> 'id' AS promotion_id,
        string_agg(DISTINCT promotion ->> 'funded_by', ', ') AS funded_by
    FROM programmes AS p
    CROSS JOIN jsonb_array_elements(p.document::jsonb -> 'promotions') AS promotion
    GROUP BY promotion ->> 'id'
), given AS (
    SELECT instrument AS kind, wallet_or_voucher AS gave, promotion_id,
        CASE instrument WHEN 'points' THEN 'correction' ELSE 'offer or catalogue' END AS no_promotion,
        issued, redeemed, expired, reversed, outstanding
    FROM redemption_cohorts
    WHERE wallet_or_voucher NOT LIKE 'tier:%'
    UNION ALL
    SELECT kind, item, promotion_id, 'catalogue', quantity, NULL, NULL, NULL, NULL
    FROM rewards_given
)
SELECT
    kind,
    gave,
    COALESCE(promotion_id, no_promotion) AS promotion_id,
    funded_by,
    sum(issued) AS issued,
    sum(redeemed) AS redeemed,
    sum(expired) AS expired,
    sum(reversed) AS reversed,
    sum(outstanding) AS outstanding,
    round(sum(redeemed) / NULLIF(sum(issued), 0), 4) AS redeemed_share
FROM given
LEFT JOIN funders USING (promotion_id)
GROUP BY kind, gave, promotion_id, no_promotion, funded_by
ORDER BY kind = 'points' DESC, kind = 'voucher' DESC, kind, gave, issued DESC, promotion_id
