"""What is left of a sale: the receipt as if what came back had never been on it.

Worked number: of 2 units for 5.99 one comes back; 2.99 of it is gone, 3.00 are left.  Of 50.00, of
which 5.00 were paid with points, 20.00 come back: 3.00 of the points still pay for what is left.
"""

from collections.abc import Sequence

from schemas.events import Line, SaleRecorded
from schemas.records import replace


def left_of(sale: SaleRecorded, returned_milli: Sequence[int]) -> SaleRecorded | None:
    """The sale without what came back of it; None if nothing is left.

    Args:
        sale: as it was rung up.
        returned_milli: by line, how much came back; of a line without quantity 1.
    """
    parts = [_left(line, back) for line, back in zip(sale.lines, returned_milli, strict=True)]
    lines = tuple(line for line in parts if line is not None)
    if not lines:
        return None
    whole = sum(line.net_minor for line in sale.lines)
    rest = sum(line.net_minor for line in lines)
    tenders = tuple(
        replace(one, amount_minor=one.amount_minor - one.amount_minor * (whole - rest) // whole)
        if whole > 0
        else one
        for one in sale.tenders
    )
    return replace(sale, lines=lines, tenders=tenders)


def is_whole(quantities_milli: Sequence[int], returned_milli: Sequence[int]) -> bool:
    """Whether everything came back."""
    return all(
        back >= (sold or 1) for sold, back in zip(quantities_milli, returned_milli, strict=True)
    )


def part_of(amount: int, quantity_milli: int, back_milli: int) -> int:
    """The part of a line's amount that came back with so much of it, rounded down."""
    if not quantity_milli:
        return amount if back_milli else 0
    return amount * back_milli // quantity_milli


def _left(line: Line, back_milli: int) -> Line | None:
    sold = line.quantity_milli
    if back_milli >= (sold or 1):
        return None
    if not back_milli:
        return line
    return replace(
        line,
        quantity_milli=sold - back_milli,
        gross_minor=line.gross_minor - part_of(line.gross_minor, sold, back_milli),
        net_minor=line.net_minor - part_of(line.net_minor, sold, back_milli),
        discounts=tuple(
            replace(
                one, amount_minor=one.amount_minor - part_of(one.amount_minor, sold, back_milli)
            )
            for one in line.discounts
        ),
    )
