"""A lot, and lots as bytes one behind the other, to which one more can be added as they are."""

from typing import Final, final

from librt.strings import BytesWriter
from mypy_extensions import mypyc_attr

from schemas.wire.sink import write_bool, write_long, write_word
from schemas.wire.source import Source


@mypyc_attr(acyclic=True)
@final
class Lot:
    """Points earned together.

    Attributes:
        lot_id: the earning event's id, `#` and a counter.
        left: how many are left, positive.
        spendable_on, last_day: as in the effect that made it.
        earned_on: its business date.
        promotion_id: what gave it; empty for a correction.
        pending: not yet spendable.
    """

    __slots__ = (
        "earned_on", "last_day", "left", "lot_id", "pending", "promotion_id", "spendable_on",
    )  # fmt: skip

    def __init__(
        self,
        lot_id: str,
        left: int,
        spendable_on: int,
        last_day: int,
        earned_on: int,
        promotion_id: str,
        pending: bool,
    ) -> None:
        self.lot_id: Final = lot_id
        self.left = left
        self.spendable_on: Final = spendable_on
        self.last_day = last_day
        self.earned_on: Final = earned_on
        self.promotion_id: Final = promotion_id
        self.pending = pending


def write_lot(out: BytesWriter, lot: Lot) -> None:
    """A lot at the end of the bytes."""
    write_word(out, lot.lot_id)
    write_long(out, lot.left)
    write_long(out, lot.spendable_on)
    write_long(out, lot.last_day)
    write_long(out, lot.earned_on)
    write_word(out, lot.promotion_id)
    write_bool(out, lot.pending)


def read_lots(source: Source, count: int) -> list[Lot]:
    """The next bytes as so many lots."""
    return [_read_lot(source) for _each in range(count)]


def _read_lot(source: Source) -> Lot:
    return Lot(
        source.word(),
        source.number(),
        source.number(),
        source.number(),
        source.number(),
        source.word(),
        source.truth(),
    )
