"""`programmes`: where in its partition each version of the programme came into force.

The document stands there as a whole, so that whoever asks the tables by its words asks by those
that decided.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from projections.tables.place import Place
from projections.tables.writes import Change, Write, numbers, texts
from schemas.ledger import ProgrammeActivated

_INSERT = """
    INSERT INTO programmes (
        ledger_partition, ledger_seq, programme, version, first_day, document, document_hash,
        asks_for_lines, asks_for_discounts
    )
    SELECT u.partition, u.seq, u.programme, u.version, DATE '1970-01-01' + u.day, u.document,
        u.document_hash, u.asks_for_lines = 1, u.asks_for_discounts = 1
    FROM unnest(
        %s::int[], %s::bigint[], %s::text[], %s::bigint[], %s::int[], %s::text[], %s::text[],
        %s::int[], %s::int[]
    ) AS u (
        partition, seq, programme, version, day, document, document_hash, asks_for_lines,
        asks_for_discounts
    )
"""

Rows = list[tuple[int, int, str, int, int, str, str, int, int]]
"""(partition, seq, programme, version, first day, document, its hash, and 1 or 0 for asking)"""


def asks_for_lines(document: str) -> bool:
    """Whether a segment of the programme asks which articles the money went to."""
    segments = json.loads(document).get("segments") or {}
    return any("share_of_spend" in words for words in segments.values())


def asks_for_discounts(document: str) -> bool:
    """Whether the programme asks what was taken off prices."""
    return "discounts" in (json.loads(document).get("reports") or ())


def _activated(rows: Rows, place: Place, effect: ProgrammeActivated) -> None:
    rows.append(
        (
            place.partition,
            place.seq,
            effect.name,
            effect.version,
            effect.effective_from,
            effect.document,
            effect.document_hash,
            int(asks_for_lines(effect.document)),
            int(asks_for_discounts(effect.document)),
        )
    )


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {ProgrammeActivated: _activated}


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's programmes."""
    if not rows:
        return
    partitions, seqs, names, versions, days, documents, hashes, *asking = zip(*rows, strict=True)
    yield Change(
        _INSERT,
        (
            numbers(partitions), numbers(seqs), texts(names), numbers(versions), numbers(days),
            texts(documents), texts(hashes), *map(numbers, asking),
        ),
    )  # fmt: skip
