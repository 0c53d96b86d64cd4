"""Buy some, get some of them free: of each full group the cheapest are free.

Worked number: 3 for 2 (`buy: 2, free: 1`) on prices 10, 8, 6, 5, 4: the dearest three make one
group, 6 is free, 5 and 4 are left over and start none: 27 to pay.
"""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from processors.words.cutting import Article, Cut, Piece, dearest_first, pieces, taken_off
from processors.words.exact import Some
from processors.words.items import Items, compile_items

EXAMPLE = {"buy": "2", "free": "1", "items": {"categories": ["COLD CEREAL"]}}
"""Words of this kind as a programme says them."""


class Parameters(BaseModel):
    """The words of this kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    buy: Some
    """How many are paid in each group."""
    free: Some
    """How many are free in each group."""
    items: Items | None = None
    """Which lines; all if not said."""


def build(words: Parameters, _exponent: int) -> tuple[Cut, ...]:
    """One cut, which needs its articles together."""
    size = words.buy + words.free

    def needing(articles: Sequence[Article]) -> set[int]:
        ordered = dearest_first(pieces(articles))
        return {piece.at for piece in ordered[: len(ordered) // size * size]}

    def cutting(articles: Sequence[Article]) -> list[int]:
        ordered = dearest_first(pieces(articles))
        chosen: list[Piece] = []
        for start in range(0, len(ordered) - size + 1, size):
            chosen += ordered[start + words.buy : start + size]
        return taken_off(articles, chosen)

    return (Cut(cutting, compile_items(words.items), True, needing=needing),)
