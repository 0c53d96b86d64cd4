"""Chance that can be asked again: numbers drawn from a seed and from what they are about.

Nothing is remembered between draws.  Whoever knows the seed, the purpose and two numbers draws
the same again, in any process and on any machine, because all of it is SHA-3 and BLAKE2 over
integers.
"""

from hashlib import blake2b, shake_128
from math import gcd
from struct import Struct as Layout

from msgspec import Struct

_KEY = Layout("<QQQQ")
_FOUR = Layout("<QQQQ")
_WORDS_AT_ONCE = 84
MASK = (1 << 64) - 1
_WORDS = Layout(f"<{_WORDS_AT_ONCE}H")

TRAITS, VISIT, VISITORS, RETURNS, LAG, TARGETS, ROUNDING, GOODS_BACK, PHASE = range(9)
"""What a draw is for; two purposes never share a number."""


def four(seed: int, purpose: int, one: int, other: int) -> tuple[int, int, int, int]:
    """Four numbers of 64 bits."""
    key = _KEY.pack(seed, purpose, one, other)
    drawn: tuple[int, int, int, int] = _FOUR.unpack(blake2b(key, digest_size=32).digest())
    return drawn


def words(seed: int, purpose: int, one: int, other: int, count: int = 0) -> tuple[int, ...]:
    """At least `count` numbers of 16 bits; asking for more leaves the first ones as they were."""
    key = _KEY.pack(seed, purpose, one, other)
    if count <= _WORDS_AT_ONCE:
        return _WORDS.unpack(shake_128(key).digest(2 * _WORDS_AT_ONCE))
    return Layout(f"<{count}H").unpack(shake_128(key).digest(2 * count))


def rounded(seed: int, one: int, other: int, numerator: int, denominator: int) -> int:
    """A fraction as a whole number, up or down by chance, so that it is right on average."""
    chance = four(seed, ROUNDING, one, other)[0] % denominator
    return (numerator + chance) // denominator


class Shuffle(Struct, frozen=True, gc=False):
    """The numbers below `size` in another order, which can be asked from both ends.

    It takes no memory: place i holds factor · i + shift modulo size.
    """

    size: int
    factor: int
    shift: int
    inverse: int

    def at(self, place: int) -> int:
        """The number at a place."""
        return (self.factor * place + self.shift) % self.size

    def place_of(self, number: int) -> int:
        """The place of a number."""
        return (number - self.shift) * self.inverse % self.size


def shuffle(seed: int, purpose: int, one: int, other: int, size: int) -> Shuffle:
    """An order of the numbers below `size`, which must be positive."""
    first, second, _, _ = four(seed, purpose, one, other)
    factor = first % size or 1
    while gcd(factor, size) != 1:
        factor += 1
    return Shuffle(size, factor, second % size, pow(factor, -1, size))
