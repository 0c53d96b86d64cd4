-- What each promotion gave, and what became of it
SELECT
    wallet,
    COALESCE(promotion_id, 'correction') AS promotion_id,
    sum(issued) AS issued,
    sum(spent) AS spent,
    sum(restored) AS restored,
    sum(expired) AS expired,
    sum(reversed) AS reversed,
    sum(adjusted) AS adjusted
FROM points_daily
WHERE wallet NOT LIKE 'tier:%'
GROUP BY wallet, promotion_id
ORDER BY wallet, issued DESC, promotion_id
