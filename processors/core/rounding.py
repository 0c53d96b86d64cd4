"""Points rounded otherwise than once a basket and down: each line, each unit, or another way."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from processors.words.allocation import largest_remainder
from processors.words.cutting import units_of
from processors.words.rounding import Mode, rounded
from schemas.events import Line


class Finer(NamedTuple):
    """What a base and its factors come to, exactly.

    Attributes:
        kept: by line, the base's own weight.
        added: place of a factor → its lines and their weights.
        whole: so much weight is a point.
    """

    kept: Sequence[int]
    added: Mapping[int, tuple[Sequence[int], Sequence[int]]]
    whole: int


def allotted(
    exact: Finer, base_at: int, lines: Sequence[Line], scope: str, mode: Mode
) -> list[tuple[int, list[int]]]:
    """By promotion in document order: its points on each line.

    A line's points are shared among the promotions on it by what each comes to there, so that what
    a line was given is what comes back with it.
    """
    places = sorted([base_at, *exact.added])
    weights = {place: [0] * len(lines) for place in places}
    weights[base_at] = list(exact.kept)
    for place, (at_lines, more) in exact.added.items():
        for at, weight in zip(at_lines, more, strict=True):
            weights[place][at] += weight
    of_lines = [sum(weights[place][at] for place in places) for at in range(len(lines))]
    points = _points(of_lines, exact.whole, lines, scope, mode)
    by_place: dict[int, list[int]] = {place: [] for place in places}
    for at, line_points in enumerate(points):
        here = [weights[place][at] for place in places]
        shares = largest_remainder(line_points, here, lambda: places)
        for place, share in zip(places, shares, strict=True):
            by_place[place].append(share)
    return list(by_place.items())


def _points(
    of_lines: list[int], whole: int, lines: Sequence[Line], scope: str, mode: Mode
) -> list[int]:
    if scope == "line":
        return [rounded(weight, whole, mode) for weight in of_lines]
    if scope == "unit":
        units = [units_of(line) for line in lines]
        return [
            rounded(weight, whole * many, mode) * many
            for weight, many in zip(of_lines, units, strict=True)
        ]
    total = rounded(sum(of_lines), whole, mode)
    order = sorted(range(len(lines)), key=lambda at: _place(lines[at]))
    rank = [order.index(at) for at in range(len(lines))]
    return largest_remainder(total, of_lines, lambda: rank)


def _place(line: Line) -> tuple[str, int, int, int]:
    """A line's place among equals, whatever the order on the receipt."""
    return (line.sku, line.net_minor, line.quantity_milli, line.line_no)
