"""Exact fractions made whole, as the words of a programme say.

Worked number: three lines of 1.50 at a point per 1.00: each line down 3, each line half up 6, the
basket down 4, half up 5, half even 4.
"""

from typing import Literal

Mode = Literal["floor", "half_up", "half_even", "ceil"]


def rounded(numerator: int, denominator: int, mode: Mode) -> int:
    """A fraction that is not negative, as a whole number."""
    whole, rest = divmod(numerator, denominator)
    match mode:
        case "floor":
            return whole
        case "ceil":
            return whole + (rest > 0)
        case "half_up":
            return whole + (2 * rest >= denominator)
        case "half_even":
            return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))
