-- Members by segment: how recently, how often and for how much they bought in 24 months
SELECT
    segment_id,
    count(*) AS member_count,
    round(count(*) / sum(count(*)) OVER (), 4) AS member_share,
    round(avg(recency_days)) AS average_recency_days,
    round(avg(sale_count), 1) AS average_sale_count,
    round(avg(net_spend), 2) AS average_net_spend,
    currency
FROM rfm
GROUP BY segment_id, currency
ORDER BY member_count DESC, segment_id
