"""`sale_lines`: which articles a member's money went to, line by line.

The ledger holds what a sale came to and not its articles.  So these rows are made of the events
that it decided, read where the ledger says they lie and held against its digest.  That costs as
much again as all other tables together, so lines are kept for partitions alone in which a
programme has a segment that asks for them, and from its activation on.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from projections.tables.days import ISO_DATE
from projections.tables.place import Place
from projections.tables.programmes import asks_for_lines
from projections.tables.writes import Change, Write, copy, numbers, plain, texts
from schemas.events import Event, SaleRecorded, SaleReturned
from schemas.ledger import ProgrammeActivated

ASKED = "SELECT DISTINCT ledger_partition FROM programmes WHERE asks_for_lines"
"""The partitions whose lines are kept."""

_COLUMNS = (
    "sale_id, line_no, account_id, department, category, brand, labels, net_minor, currency, "
    "sold_on, business_date, ledger_partition, ledger_seq"
)
# The line that was sold is the first with its number; those behind it came back.  What was refunded
# in another currency is none of its money.
_CAME_BACK = """
    INSERT INTO sale_lines (
        sale_id, line_no, account_id, department, category, brand, labels, net_minor, currency,
        sold_on, business_date, ledger_partition, ledger_seq
    )
    SELECT u.sale_id, u.line_no, u.account_id, l.department, l.category, l.brand, l.labels,
        -u.net_minor, l.currency, l.sold_on, DATE '1970-01-01' + u.day, u.partition, u.seq
    FROM unnest(
        %s::text[], %s::int[], %s::text[], %s::bigint[], %s::text[], %s::int[], %s::int[],
        %s::bigint[]
    ) AS u (sale_id, line_no, account_id, net_minor, currency, day, partition, seq)
    CROSS JOIN LATERAL (
        SELECT department, category, brand, labels, currency, sold_on
        FROM sale_lines
        WHERE sale_id = u.sale_id AND account_id = u.account_id AND line_no = u.line_no
            AND currency = u.currency
        ORDER BY ledger_seq LIMIT 1
    ) AS l
"""


class Rows:
    """What a batch adds.

    Attributes:
        asked: the partitions whose lines are kept, as far as the batch was folded.
        unread: by partition, the sales and returns whose events are still to be read.
    """

    __slots__ = ("asked", "came_back", "sold", "unread")

    def __init__(self, asked: Collection[int]) -> None:
        self.asked = set(asked)
        self.unread: dict[int, list[Place]] = {}
        self.sold: list[str] = []
        self.came_back: list[tuple[str, int, str, int, str, int, int, int]] = []


def fold(rows: Rows, place: Place) -> None:
    """Note a member's sale or return whose lines are to be kept."""
    record = place.record
    if place.partition in rows.asked and record.member_id and record.decision == "ACCEPTED":
        rows.unread.setdefault(place.partition, []).append(place)


def _activated(rows: Rows, place: Place, effect: ProgrammeActivated) -> None:
    if asks_for_lines(effect.document):
        rows.asked.add(place.partition)


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {ProgrammeActivated: _activated}


def add(rows: Rows, place: Place, event: Event) -> None:
    """The lines of a sale, or of a return that names its sale."""
    record = place.record
    account_id, day = record.account_id, record.business_date
    if isinstance(event, SaleRecorded):
        on = ISO_DATE[day]
        ends = f"{event.currency}\t{on}\t{on}\t{place.partition}\t{place.seq}"
        rows.sold += [
            f"{record.event_id}\t{line.line_no}\t{account_id}\t{plain(line.department)}\t"
            f"{plain(line.category)}\t{plain(line.brand)}\t"
            f"{plain(texts(line.labels))}\t{line.net_minor}\t{ends}"
            for line in event.lines
        ]
    elif isinstance(event, SaleReturned) and event.original_sale:
        rows.came_back += [
            (
                event.original_sale,
                line.line_no,
                account_id,
                line.net_minor,
                event.currency,
                day,
                place.partition,
                place.seq,
            )
            for line in event.lines
        ]


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's lines; a sale and its return may be of the same batch."""
    if rows.sold:
        yield copy("sale_lines", _COLUMNS, rows.sold)
    if rows.came_back:
        columns = zip(*rows.came_back, strict=True)
        sales, line_nos, accounts, nets, currencies, days, partitions, seqs = columns
        yield Change(
            _CAME_BACK,
            (
                texts(sales), numbers(line_nos), texts(accounts), numbers(nets), texts(currencies),
                numbers(days), numbers(partitions), numbers(seqs),
            ),
        )  # fmt: skip
