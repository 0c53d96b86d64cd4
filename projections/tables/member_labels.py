"""`member_labels`: from which day to which a label was on a member."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from projections.tables import intervals
from projections.tables.place import Place
from projections.tables.writes import Write
from schemas.ledger import MemberLabelled

_MERGE = """
    MERGE INTO member_labels AS t
    USING unnest(%s::text[], %s::text[], %s::int[], %s::int[], %s::text[], %s::int[])
        AS u (account_id, label, began, ended, labelled_by, partition)
    ON t.account_id = u.account_id AND t.label = u.label AND t.removed_on IS NULL
    WHEN MATCHED AND u.ended IS NOT NULL THEN UPDATE SET removed_on = DATE '1970-01-01' + u.ended
    WHEN NOT MATCHED AND u.began IS NOT NULL THEN INSERT (
        account_id, label, labelled_on, removed_on, labelled_by, ledger_partition
    )
    VALUES (
        u.account_id, u.label, DATE '1970-01-01' + u.began, DATE '1970-01-01' + u.ended,
        u.labelled_by, u.partition
    )
"""
_INSERT = """
    INSERT INTO member_labels (
        account_id, label, labelled_on, removed_on, labelled_by, ledger_partition
    )
    SELECT u.account_id, u.label, DATE '1970-01-01' + u.began, DATE '1970-01-01' + u.ended,
        u.labelled_by, u.partition
    FROM unnest(%s::text[], %s::text[], %s::int[], %s::int[], %s::text[], %s::int[])
        AS u (account_id, label, began, ended, labelled_by, partition)
"""
INTERVALS = """
    SELECT account_id, label, labelled_on - DATE '1970-01-01', removed_on - DATE '1970-01-01',
        labelled_by
    FROM member_labels WHERE ledger_partition = %s
"""
"""One partition's, as `intervals.whole` says them."""


def _moved(rows: intervals.Rows, place: Place, effect: MemberLabelled) -> None:
    if effect.on:
        intervals.begin(rows, place, effect.label, effect.by)
    else:
        intervals.end(rows, place, effect.label)


FOLDS: Mapping[type, Callable[[intervals.Rows, Place, Any], None]] = {MemberLabelled: _moved}


def writes(rows: intervals.Rows) -> Iterator[Write]:
    """The batch's intervals."""
    yield from intervals.writes(rows, _MERGE, _INSERT)
