"""`member_segments`: from which day to which an account was in a segment of the programme."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from projections.tables import intervals
from projections.tables.place import Place
from projections.tables.writes import Write
from schemas.ledger import SegmentMoved

_MERGE = """
    MERGE INTO member_segments AS t
    USING unnest(%s::text[], %s::text[], %s::int[], %s::int[], %s::text[], %s::int[])
        AS u (account_id, segment, began, ended, definition_hash, partition)
    ON t.account_id = u.account_id AND t.segment = u.segment AND t.left_on IS NULL
    WHEN MATCHED AND u.ended IS NOT NULL THEN UPDATE SET left_on = DATE '1970-01-01' + u.ended
    WHEN NOT MATCHED AND u.began IS NOT NULL THEN INSERT (
        account_id, segment, entered_on, left_on, definition_hash, ledger_partition
    )
    VALUES (
        u.account_id, u.segment, DATE '1970-01-01' + u.began, DATE '1970-01-01' + u.ended,
        u.definition_hash, u.partition
    )
"""
_INSERT = """
    INSERT INTO member_segments (
        account_id, segment, entered_on, left_on, definition_hash, ledger_partition
    )
    SELECT u.account_id, u.segment, DATE '1970-01-01' + u.began, DATE '1970-01-01' + u.ended,
        u.definition_hash, u.partition
    FROM unnest(%s::text[], %s::text[], %s::int[], %s::int[], %s::text[], %s::int[])
        AS u (account_id, segment, began, ended, definition_hash, partition)
"""
INTERVALS = """
    SELECT account_id, segment, entered_on - DATE '1970-01-01', left_on - DATE '1970-01-01',
        definition_hash
    FROM member_segments WHERE ledger_partition = %s
"""
"""One partition's, as `intervals.whole` says them."""


def _moved(rows: intervals.Rows, place: Place, effect: SegmentMoved) -> None:
    if effect.entered:
        intervals.begin(rows, place, effect.segment, effect.definition_hash)
    else:
        intervals.end(rows, place, effect.segment)


FOLDS: Mapping[type, Callable[[intervals.Rows, Place, Any], None]] = {SegmentMoved: _moved}


def writes(rows: intervals.Rows) -> Iterator[Write]:
    """The batch's intervals."""
    yield from intervals.writes(rows, _MERGE, _INSERT)
