"""Whole numbers shared out exactly, by largest remainder.

Worked number: 53 points over lines of 50.50 and 2.75 are 50.26 and 2.74, so 50 and 3; whichever
line comes back first, it takes what it was given.
"""

from collections.abc import Callable, Sequence
from typing import Final

_FEW: Final = 32
"""Of so many numbers, as lines of a basket are, the largest are found sooner than sorted."""


def largest_remainder(
    total: int, weights: list[int], ties: Callable[[], Sequence[int]]
) -> list[int]:
    """`total` shared in proportion to `weights`; the shares are integers and sum to it.

    Args:
        total: not negative.
        weights: not negative; if all are 0, so are all shares.
        ties: gives each position's rank; of equal remainders the lower rank gets the unit.
            A function, because it is seldom needed.
    """
    if len(weights) == 1:
        return [total if weights[0] else 0]
    whole = 0
    for weight in weights:
        whole += weight
    if whole == 0 or total == 0:
        return [0] * len(weights)
    shares: list[int] = []
    remainders: list[int] = []
    left = total
    for weight in weights:
        quota = total * weight
        share = quota // whole
        shares.append(share)
        remainders.append(quota - share * whole)
        left -= share
    if left == 0:
        return shares
    least = _least_of_largest(remainders, left, whole)
    if least >= 0:
        for at, remainder in enumerate(remainders):
            if remainder >= least:
                shares[at] += 1
        return shares
    rank = ties()
    order = sorted(range(len(weights)), key=lambda at: (-remainders[at], rank[at]))
    for at in order[:left]:
        shares[at] += 1
    return shares


def _least_of_largest(remainders: list[int], many: int, above: int) -> int:
    """The least of the `many` largest; -1 if ranks have to say which of equal ones belong to them.

    Args:
        remainders: not negative, and more than so many.
        many: at least one.
        above: larger than any of them.
    """
    if len(remainders) > _FEW:
        ordered = sorted(remainders)
        return -1 if ordered[-many] == ordered[-many - 1] else ordered[-many]
    least, found = above, 0
    while found < many:
        best, equal = -1, 0
        for one in remainders:
            if one < least:
                if one > best:
                    best, equal = one, 1
                elif one == best:
                    equal += 1
        least = best
        found += equal
    return least if found == many else -1
