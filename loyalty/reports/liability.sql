-- What the chain owes its members in points
SELECT
    wallet,
    count(*) AS account_count,
    sum(available) AS available,
    sum(pending) AS pending,
    sum(held) AS held,
    sum(owed) AS owed_by_members,
    sum(value) AS value_of_available,
    currency
FROM balances
WHERE wallet NOT LIKE 'tier:%'
GROUP BY wallet, currency
ORDER BY wallet, currency
