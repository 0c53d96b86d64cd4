"""`discounts_daily`: what was taken off the sales of a day, by what did it and who pays for it.

The ledger holds what a sale came to and not what each promotion took off.  So these sums are made
of the events that it decided, as `sale_lines` are, and as those they are kept for partitions alone
in which a programme asks for them, and from its activation on.

A voucher stands there by its definition: its id names one use, and may hold the member's.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from projections.tables.place import Place
from projections.tables.programmes import asks_for_discounts
from projections.tables.writes import Change, Write, numbers, plain, texts
from schemas.events import Discount, Event, SaleRecorded
from schemas.ledger import ProgrammeActivated, Record, VoucherRedeemed

ASKED = "SELECT DISTINCT ledger_partition FROM programmes WHERE asks_for_discounts"
"""The partitions whose discounts are kept."""

_UPSERT = """
    INSERT INTO discounts_daily AS d (
        business_date, store_id, currency, source, source_id, funded_by,
        sale_count, line_count, amount_minor
    )
    SELECT DATE '1970-01-01' + u.day, u.store_id, u.currency, u.source, u.source_id, u.funded_by,
        u.sale_count, u.line_count, u.amount_minor
    FROM unnest(
        %s::int[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
        %s::bigint[], %s::bigint[], %s::bigint[]
    ) AS u (
        day, store_id, currency, source, source_id, funded_by, sale_count, line_count, amount_minor
    )
    ON CONFLICT (business_date, store_id, currency, source, source_id, funded_by) DO UPDATE SET
        sale_count = d.sale_count + excluded.sale_count,
        line_count = d.line_count + excluded.line_count,
        amount_minor = d.amount_minor + excluded.amount_minor
"""

_NAMED = frozenset({"promotion", "voucher", "staff"})
_TILL = "till"
"""What took it off where the sale says none of these."""

Key = tuple[int, str, str, str, str, str]
"""(day, store, currency, source, source id, who pays)"""


class Rows:
    """What a batch adds.

    Attributes:
        asked: the partitions whose discounts are kept, as far as the batch was folded.
        unread: by partition, the sales whose events are still to be read.
        sums: key → sales, lines and minor units taken off.
    """

    __slots__ = ("asked", "sums", "unread")

    def __init__(self, asked: Collection[int]) -> None:
        self.asked = set(asked)
        self.unread: dict[int, list[Place]] = {}
        self.sums: dict[Key, list[int]] = {}


def fold(rows: Rows, place: Place) -> None:
    """Note a sale whose discounts are to be kept."""
    record = place.record
    if (
        place.partition in rows.asked
        and record.event_type == "SaleRecorded"
        and record.decision == "ACCEPTED"
    ):
        rows.unread.setdefault(place.partition, []).append(place)


def _activated(rows: Rows, place: Place, effect: ProgrammeActivated) -> None:
    if asks_for_discounts(effect.document):
        rows.asked.add(place.partition)


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {ProgrammeActivated: _activated}


def add(rows: Rows, place: Place, event: Event) -> None:
    """What was taken off the lines of a sale."""
    if not isinstance(event, SaleRecorded):
        return
    record = place.record
    used = _used(record)
    on_sale: set[Key] = set()
    for line in event.lines:
        on_line: set[Key] = set()
        for one in line.discounts:
            said = _source(one, used)
            key = (record.business_date, record.store_id, event.currency, *said)
            sums = rows.sums.setdefault(key, [0, 0, 0])
            sums[0] += key not in on_sale
            sums[1] += key not in on_line
            sums[2] += one.amount_minor
            on_sale.add(key)
            on_line.add(key)


def _used(record: Record) -> Mapping[str, str]:
    """Id or definition of each voucher that the sale used → its definition."""
    effects = [one for one in record.effects if isinstance(one, VoucherRedeemed)]
    return {name: one.voucher for one in effects for name in (one.voucher_id, one.voucher)}


def _source(one: Discount, used: Mapping[str, str]) -> tuple[str, str, str]:
    """Source, its id and who pays, as the key has them: four long ones must fit into an index."""
    source = one.source if one.source in _NAMED else _TILL
    source_id = used.get(one.source_id, "") if source == "voucher" else plain(one.source_id)
    return source, source_id, plain(one.funded_by)


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's sums, in key order so that two projectors never wait for each other."""
    if not rows.sums:
        return
    keys = sorted(rows.sums)
    days, *words = zip(*keys, strict=True)
    sums = zip(*(rows.sums[key] for key in keys), strict=True)
    yield Change(_UPSERT, (numbers(days), *map(texts, words), *map(numbers, sums)))
