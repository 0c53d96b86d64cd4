"""`closed_days`: where in its partition each business day was closed; internal.

`freshness` is the last day that every partition has closed.  What is true "as of" that day is made
of the records before these places, so it does not depend on how far a projector has read since.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from projections.tables.place import Place
from projections.tables.writes import Change, Write, numbers
from schemas.ledger import DayClosed

_INSERT = """
    INSERT INTO closed_days (ledger_partition, closed_on, ledger_seq)
    SELECT u.partition, DATE '1970-01-01' + u.day, u.seq
    FROM unnest(%s::int[], %s::int[], %s::bigint[]) AS u (partition, day, seq)
"""

Rows = list[tuple[int, int, int]]
"""(partition, day, seq)"""


def _closed(rows: Rows, place: Place, effect: DayClosed) -> None:
    rows.append((place.partition, effect.closed_date, place.seq))


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {DayClosed: _closed}


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's closed days."""
    if rows:
        partitions, days, seqs = zip(*rows, strict=True)
        yield Change(_INSERT, (numbers(partitions), numbers(days), numbers(seqs)))
