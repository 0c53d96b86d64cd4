"""What is so from one day to another: of a label, that it is on; of a segment, that one is in it.

An interval may begin in one batch and end in another.  So the first one that a batch speaks of is
merged into the one that is open in the table, if there is any; those after it began in the batch.
"""

from collections.abc import Iterator

from msgspec import Struct

from projections.tables.place import Place
from projections.tables.writes import Change, Write, numbers, texts

Key = tuple[str, str]
"""(account, label or segment)"""


class Span(Struct):
    """One interval, as far as a batch knows it.

    Attributes:
        began_on: None if it was open before the batch.
        ended_on: None while it is open.
        note: what the beginning says beside its day.
        partition: where the account is.
    """

    began_on: int | None
    ended_on: int | None
    note: str
    partition: int


Rows = dict[Key, list[Span]]
"""The intervals of a batch in their order; only the last one may be open."""


def begin(rows: Rows, place: Place, name: str, note: str) -> None:
    """From the record's day on it is so; if it was so before, nothing changes."""
    spans = rows.setdefault((place.record.account_id, name), [])
    if not spans or spans[-1].ended_on is not None:
        spans.append(Span(place.record.business_date, None, note, place.partition))


def end(rows: Rows, place: Place, name: str) -> None:
    """From the record's day on it is no longer so; if it was not, nothing changes."""
    spans = rows.setdefault((place.record.account_id, name), [])
    if not spans:
        spans.append(Span(None, place.record.business_date, "", place.partition))
    elif spans[-1].ended_on is None:
        spans[-1].ended_on = place.record.business_date


def whole(rows: Rows) -> list[tuple[str, str, int, int | None, str]]:
    """(account, name, began, ended, note) of all intervals of a ledger read from its beginning."""
    return [
        (*key, span.began_on, span.ended_on, span.note)
        for key, spans in rows.items()
        for span in spans
        if span.began_on is not None
    ]


def writes(rows: Rows, merge: str, insert: str) -> Iterator[Write]:
    """The batch's intervals, in key order.

    Args:
        rows: of one table.
        merge: brings the first interval of each key together with the open one of the table.
        insert: adds those behind it; both take accounts, names, the days on which an interval
            began and ended, notes and partitions.
    """
    first = [(key, rows[key][0]) for key in sorted(rows)]
    later = [(key, span) for key in sorted(rows) for span in rows[key][1:]]
    for statement, some in ((merge, first), (insert, later)):
        if some:
            yield Change(
                statement,
                (
                    *(texts([key[part] for key, _ in some]) for part in range(2)),
                    numbers([span.began_on for _, span in some]),
                    numbers([span.ended_on for _, span in some]),
                    texts([span.note for _, span in some]),
                    numbers([span.partition for _, span in some]),
                ),
            )
