-- Segments of the programme: who entered and left, and the points of their promotions
WITH promotions AS (
    SELECT DISTINCT promotion ->> 'id' AS promotion_id, segment
    FROM programmes AS p
    CROSS JOIN jsonb_array_elements(p.document::jsonb -> 'promotions') AS promotion
    CROSS JOIN jsonb_array_elements_text(
        COALESCE(promotion #> '{who,segments}', '[]') || COALESCE(
            p.document::jsonb
                #> ARRAY['campaigns', promotion ->> 'campaign', 'audience', 'segments'],
            '[]'
        )
    ) AS segment
), points AS (
    SELECT r.segment, string_agg(DISTINCT r.promotion_id, ', ') AS promotions,
        COALESCE(sum(d.issued), 0)::bigint AS points_issued
    FROM promotions AS r
    LEFT JOIN points_daily AS d ON d.promotion_id = r.promotion_id
    GROUP BY r.segment
), stays AS (
    SELECT segment, count(*) AS entered_count, count(left_on) AS left_count,
        count(*) FILTER (WHERE left_on IS NULL) AS inside_count
    FROM member_segments GROUP BY segment
)
SELECT segment, s.entered_count, s.left_count, s.inside_count, p.promotions, p.points_issued
FROM stays AS s FULL JOIN points AS p USING (segment)
ORDER BY segment
