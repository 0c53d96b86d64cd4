"""`rfm`: recency, frequency and money of each member, scored 1 to 5 by fixed cut-offs.

A member's class does not move because others changed.  As of the last day that every partition
has closed, over the 24 months up to it, returns removed: a sale of which everything came back
does not count, of any other what came back does not.

Worked example: last sale 9 days ago, 12 sales, 640.00 → 5-4-4, a close friend; 200 days ago,
1 sale, 30.00 → 1-1-1, an acquaintance.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from projections.tables.days import ISO_DATE
from projections.tables.writes import Write, copy

RECENCY_DAYS_MAX = (14, 30, 60, 120)
"""At most so many days since the last sale score 5, 4, 3 and 2."""
SALE_COUNT_MIN = (2, 5, 10, 20)
"""At least so many sales score 2, 3, 4 and 5."""
NET_SPEND_MIN = (50, 200, 500, 1_000)
"""At least so many units of the currency score 2, 3, 4 and 5."""
MONTHS = 24
"""How far back sales count."""

_ROWS_A_PIECE = 50_000

Spending = tuple[str, str, int, int, int, int, str]
"""(account, member, days since the last sale, sales, net in minor units, in whole units, currency)
"""

_COLUMNS = (
    "account_id, member_id, as_of_on, recency_days, sale_count, net_spend_minor, currency, "
    "r_score, f_score, m_score, segment_id"
)


def scores(recency_days: int, sale_count: int, net_units: int) -> tuple[int, int, int]:
    """The three scores; net_units is the spending in whole units of the currency, rounded down."""
    late_by = sum(recency_days > most for most in RECENCY_DAYS_MAX)
    return (
        5 - late_by,
        1 + bisect_right(SALE_COUNT_MIN, sale_count),
        1 + bisect_right(NET_SPEND_MIN, net_units),
    )


def segment(r: int, f: int, m: int) -> str:
    """The segment of three scores; the first that fits.

    close-friend    4-4-4 and better: comes often, came lately, spends much
    missed-friend   r 1 or 2, f 4 or 5: came often, and has stayed away
    friend          r 3 or better, f 3 or better
    big-ticket      m 4 or 5: comes rarely and spends much
    new-face        r 4 or 5: came lately, so far once or a few times
    acquaintance    everybody else
    """
    if r >= 4 and f >= 4 and m >= 4:
        return "close-friend"
    if r <= 2 and f >= 4:
        return "missed-friend"
    if r >= 3 and f >= 3:
        return "friend"
    if m >= 4:
        return "big-ticket"
    return "new-face" if r >= 4 else "acquaintance"


def writes(as_of: int, spending: Iterable[Spending]) -> Iterator[Write]:
    """The whole table as of a day (days since 1970), in pieces: it need not fit in memory."""
    rows: list[str] = []
    for account_id, member_id, recency_days, sale_count, net_minor, net_units, currency in spending:
        r, f, m = scores(recency_days, sale_count, net_units)
        rows.append(
            f"{account_id}\t{member_id}\t{ISO_DATE[as_of]}\t{recency_days}\t{sale_count}\t"
            f"{net_minor}\t{currency}\t{r}\t{f}\t{m}\t{segment(r, f, m)}"
        )
        if len(rows) == _ROWS_A_PIECE:
            yield copy("rfm", _COLUMNS, rows)
            rows = []
    if rows:
        yield copy("rfm", _COLUMNS, rows)
