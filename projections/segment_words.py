"""The words of a segment as SQL: what each asks of the tables.

All words that are said must hold.  Sales count as in `rfm`: returns are removed, a sale of which
everything came back is none, and what counts as of a day are the records before the place where
each partition closed it.  A window of n days ends with that day.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

WINDOW_DAYS_MAX = 110_000
"""No two dates are further apart; a longer window is one without an end."""

Value = int | Decimal | tuple[str, ...]
Words = Mapping[str, Mapping[str, Value]]
"""Word of a segment → its own words → what they say; only those that are said."""


class Query(Struct, frozen=True):
    """One query for the accounts in a segment: its text, and its parameters by name."""

    text: str
    parameters: Mapping[str, object]


_CONDITIONS: Mapping[tuple[str, str], str] = {
    ("last_sale", "more_than_days_ago"): "b.days_since > %(last_sale_more_than_days_ago)s",
    ("last_sale", "at_most_days_ago"): "b.days_since <= %(last_sale_at_most_days_ago)s",
    ("sales", "at_least"): "COALESCE(b.sale_count, 0) >= %(sales_at_least)s",
    ("sales", "at_most"): "COALESCE(b.sale_count, 0) <= %(sales_at_most)s",
    ("spend", "at_least"): "COALESCE(b.spend, 0) >= %(spend_at_least)s",
    ("spend", "at_most"): "COALESCE(b.spend, 0) <= %(spend_at_most)s",
    ("share_of_spend", "at_least"): (
        "l.on_all > 0 AND l.on_them >= l.on_all * %(share_of_spend_at_least)s"
    ),
}
"""What holds of an account; `b` is what it bought, `l` which lines."""

_ARTICLES: Mapping[str, str] = {
    "departments": "s.department = ANY(%(share_of_spend_departments)s)",
    "categories": """EXISTS (
            SELECT FROM unnest(%(share_of_spend_categories)s::text[]) AS node
            WHERE s.category = node OR starts_with(s.category, node || '/')
        )""",
    "brands": "s.brand = ANY(%(share_of_spend_brands)s)",
    "labels": "s.labels && %(share_of_spend_labels)s::text[]",
}
"""Which lines `share_of_spend` means; a category is a node and all below it."""

# Who may be in a segment: whoever was enrolled by that day and is no closed member.
_PEOPLE = """
WITH closed AS (
    -- Where each partition closed the day, or the first one it closed after it.
    SELECT DISTINCT ON (ledger_partition) ledger_partition, ledger_seq
    FROM closed_days WHERE closed_on >= %(day)s
    ORDER BY ledger_partition, closed_on
), people AS (
    SELECT DISTINCT account_id FROM members
    WHERE status IN ('active', 'blocked') AND enrolled_on <= %(day)s
)"""
_BOUGHT = """, came_back AS (
    SELECT r.sale_id, r.account_id, r.currency, sum(r.net) AS net
    FROM returns AS r
    JOIN closed AS c ON c.ledger_partition = r.ledger_partition
    WHERE r.ledger_seq < c.ledger_seq AND r.business_date <= %(day)s AND r.sale_id IS NOT NULL
    GROUP BY r.sale_id, r.account_id, r.currency
), kept AS (
    SELECT s.account_id, s.business_date, s.currency, s.net - COALESCE(r.net, 0) AS net
    FROM sales AS s
    JOIN closed AS c ON c.ledger_partition = s.ledger_partition
    LEFT JOIN came_back AS r ON r.sale_id = s.sale_id AND r.account_id = s.account_id
        AND r.currency = s.currency
    WHERE s.ledger_seq < c.ledger_seq AND s.business_date <= %(day)s
        AND s.member_id IS NOT NULL AND (r.net IS NULL OR r.net < s.net)
), bought AS (
    SELECT account_id,
        %(day)s - max(business_date) AS days_since,
        count(*) FILTER (WHERE business_date > %(day)s - %(sales_in_days)s) AS sale_count,
        sum(net) FILTER (
            WHERE currency = %(currency)s AND business_date > %(day)s - %(spend_in_days)s
        ) AS spend
    FROM kept GROUP BY account_id
)"""
_LINES = """, lines AS (
    SELECT s.account_id, sum(s.net) AS on_all,
        COALESCE(sum(s.net) FILTER (WHERE {articles}), 0) AS on_them
    FROM sale_lines AS s
    JOIN closed AS c ON c.ledger_partition = s.ledger_partition
    WHERE s.ledger_seq < c.ledger_seq AND s.business_date <= %(day)s
        AND s.sold_on > %(day)s - %(share_of_spend_in_days)s AND s.currency = %(currency)s
    GROUP BY s.account_id
)"""
_WHO = """
SELECT p.account_id FROM people AS p{joins}
WHERE {conditions}
ORDER BY p.account_id
"""
_JOIN_BOUGHT = "\nLEFT JOIN bought AS b ON b.account_id = p.account_id"
_JOIN_LINES = "\nJOIN lines AS l ON l.account_id = p.account_id"


def compiled(words: Words, day: date, currency: str) -> Query:
    """The query for the accounts that are in a segment as of a closed day.

    Args:
        words: of the segment, as they were checked: counts and days whole, money in units of the
            currency, shares as part of 1.
        day: a business day that every partition has closed.
        currency: of the programme; money in another one is not added.
    """
    conditions = [_CONDITIONS[word, name] for word in words for name in words[word]
                  if (word, name) in _CONDITIONS]  # fmt: skip
    text, joins = _PEOPLE, ""
    if words.keys() & {"last_sale", "sales", "spend"}:
        text, joins = text + _BOUGHT, joins + _JOIN_BOUGHT
    if "share_of_spend" in words:
        said = [_ARTICLES[name] for name in words["share_of_spend"] if name in _ARTICLES]
        text += _LINES.format(articles=" AND ".join(said) or "true")
        joins += _JOIN_LINES
    text += _WHO.format(joins=joins, conditions=" AND ".join(conditions) or "true")
    return Query(text, _parameters(words, day, currency))


def _parameters(words: Words, day: date, currency: str) -> dict[str, object]:
    found: dict[str, object] = {
        "day": day,
        "currency": currency,
        "sales_in_days": WINDOW_DAYS_MAX,
        "spend_in_days": WINDOW_DAYS_MAX,
    }
    for word, said in words.items():
        for name, value in said.items():
            found[f"{word}_{name}"] = _parameter(name, value)
    return found


def _parameter(name: str, value: Value) -> object:
    if isinstance(value, tuple):
        return list(value)
    return min(value, WINDOW_DAYS_MAX) if name == "in_days" else value
