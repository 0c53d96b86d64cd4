"""Certain articles together for one price.

Worked number: A at 20.00 and B at 10.00 for 25.00 together: 5.00 off, shared by their prices, so
16.67 and 8.33.  A bundle that would cost more than its parts is left alone.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from processors.words.allocation import largest_remainder
from processors.words.cutting import Article, Cut, Piece, dearest_first, pieces
from processors.words.exact import Amount, Some, minor_units
from processors.words.items import Items, Matches, compile_items, flattened
from schemas.events import Line

EXAMPLE = {
    "price": "5.00",
    "items": [{"categories": ["DRINKS/HOT"], "units": "1"}, {"categories": ["PASTRY"]}],
}
"""Words of this kind as a programme says them."""


class Part(BaseModel):
    """One part of the bundle: which articles (words as in `items`), and how many units of them."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra=flattened("items"))

    units: Some = 1
    """How many."""
    items: Items
    """Which."""

    @model_validator(mode="before")
    @classmethod
    def _beside_units(cls, words: Any) -> Any:
        """The words for articles stand beside `units`, not inside a word of their own."""
        if not isinstance(words, dict) or "items" in words:
            return words
        own = {name: value for name, value in words.items() if name == "units"}
        return own | {"items": {n: v for n, v in words.items() if n not in own}}


class Parameters(BaseModel):
    """The words of this kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    price: Amount
    """What the bundle costs, in units of the currency."""
    items: Annotated[tuple[Part, ...], Field(min_length=1)]
    """The parts; an article counts for one of them."""


def build(words: Parameters, exponent: int) -> tuple[Cut, ...]:
    """One cut, which needs its articles together; as many bundles as the basket holds."""
    price = minor_units(words.price, exponent)
    parts = [(compile_items(part.items), part.units) for part in words.items]

    def cutting(articles: Sequence[Article]) -> list[int]:
        off = [0] * len(articles)
        for chosen, saved in _saving(articles, parts, price):
            for piece, share in zip(chosen, _shared(saved, chosen), strict=True):
                off[piece.at] += share
        return off

    def needing(articles: Sequence[Article]) -> set[int]:
        return {piece.at for chosen, _ in _saving(articles, parts, price) for piece in chosen}

    def matches(line: Line) -> bool:
        return any(fits(line) for fits, _ in parts)

    return (Cut(cutting, matches, True, needing=needing),)


def _saving(
    articles: Sequence[Article], parts: Sequence[tuple[Matches, int]], price_minor: int
) -> Iterator[tuple[list[Piece], int]]:
    """The bundles that cost less than their parts, each with what it saves."""
    for chosen in _bundles(articles, parts):
        saved = sum(piece.price_minor for piece in chosen) - price_minor
        if saved <= 0:
            return
        yield chosen, saved


def _shared(saved: int, chosen: Sequence[Piece]) -> list[int]:
    prices = [piece.price_minor for piece in chosen]
    return largest_remainder(saved, prices, lambda: [piece.rank for piece in chosen])


def _bundles(
    articles: Sequence[Article], parts: Sequence[tuple[Matches, int]]
) -> Iterator[list[Piece]]:
    """Bundle after bundle, each of the dearest pieces left that fill every part."""
    ordered = dearest_first(pieces(articles))
    fitting = [[matches(article.line) for article in articles] for matches, _ in parts]
    # Each part goes through all pieces once, past those that another part has taken.
    rows = [iter([n for n, piece in enumerate(ordered) if fits[piece.at]]) for fits in fitting]
    used: set[int] = set()
    while True:
        chosen: list[Piece] = []
        for row, (_, units) in zip(rows, parts, strict=True):
            own = list(islice((number for number in row if number not in used), units))
            if len(own) < units:
                return
            used.update(own)
            chosen += [ordered[number] for number in own]
        yield chosen
