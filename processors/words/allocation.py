"""Whole numbers shared out exactly, by largest remainder.

Worked number: 53 points over lines of 50.50 and 2.75 are 50.26 and 2.74, so 50 and 3; whichever
line comes back first, it takes what it was given.
"""

from collections.abc import Callable, Sequence


def largest_remainder(
    total: int, weights: Sequence[int], ties: Callable[[], Sequence[int]]
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
    whole = sum(weights)
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
    ordered = sorted(remainders)
    least = ordered[-left]
    if ordered[-left - 1] != least:  # there is one: fewer units are left than there are weights
        return [share + 1 if remainders[at] >= least else share for at, share in enumerate(shares)]
    rank = ties()
    order = sorted(range(len(weights)), key=lambda at: (-remainders[at], rank[at]))
    for at in order[:left]:
        shares[at] += 1
    return shares
