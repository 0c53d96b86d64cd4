"""A ladder of levels, compiled: what it counts, where each level begins, how long one is kept.

What a ladder counts is a wallet of its own, `tier:<ladder>`, whose lots end with its window: so
earning, returning and ending are what they are for points, and spending never touches it.
"""

from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from processors.core import sections
from processors.words.calendar import date_of, day_of, months_later
from processors.words.caps import period_of
from processors.words.exact import minor_units
from processors.words.person import later
from processors.words.who import Term
from schemas.ledger import NEVER

WALLET = "tier:"
"""Before a ladder's name: the wallet that it counts in."""


@dataclass(frozen=True)
class Ladder:
    """One ladder.

    Attributes:
        name: as the document calls it.
        wallet: what it counts in.
        measure: spend (minor units), points or visits.
        points_of: of points: the wallet counted; empty for the only one.
        levels: level ids, lowest first; starts: from how much of the measure on, rising from 0.
        labels: of the clubs that it belongs to and that are joined by label; who lacks one of
            them does not climb it.
        words: the rest, as said.
    """

    name: str
    wallet: str
    measure: Literal["spend", "points", "visits"]
    points_of: str
    levels: tuple[str, ...]
    starts: tuple[int, ...]
    labels: tuple[str, ...]
    words: sections.Tier

    def is_for(self, labels: Collection[str]) -> bool:
        """Whether the purchases of a member with these labels count for it."""
        return all(label in labels for label in self.labels)

    def place(self, level: str) -> int:
        """How high a level is; the lowest for one that the ladder does not have."""
        return self.levels.index(level) if level in self.levels else 0

    def earned(self, measured: int) -> int:
        """How high so much of the measure reaches."""
        return bisect_right(self.starts, measured) - 1

    def counts_until(self, day: int, enrolled_on: int) -> int:
        """The last day on which what is done on a day counts."""
        window = self.words.window
        if isinstance(window, Term):
            return min(later(day, window) - 1, NEVER - 1)
        if window == "calendar_year":
            return period_of(day, "year")[1]
        if window == "lifetime":
            return NEVER
        years = 1
        start = enrolled_on or day
        while months_later(start, 12 * years) <= day:
            years += 1
        return months_later(start, 12 * years) - 1

    def kept_until(self, day: int) -> int:
        """The last day of a level reached on a day; the lowest never ends."""
        kept = self.words.kept_until
        if isinstance(kept, sections.KeptFor):
            return months_later(day, kept.months)
        if kept == "for_ever":
            return NEVER
        year = date_of(day).year + (kept == "end_of_next_year")
        return day_of(year, 12, 31)

    def judged_on(self, day: int) -> int:
        """The day whose counts decide a review at the close of a day.

        A level that is kept to the end of the year is over with the year, so it is the next day:
        the year before would earn it again, and its term would be over on the same day.
        """
        return day + (self.words.kept_until == "end_of_year")


def compile_ladder(name: str, words: sections.Tier, body: sections.Body, exponent: int) -> Ladder:
    """The ladder that a document says."""
    clubs = [(label, club) for label, club in body.clubs.items() if name in club.tiers]
    scale = exponent if words.measure == "spend" else 0
    return Ladder(
        name,
        WALLET + name,
        words.measure,
        words.wallet,
        tuple(level.id for level in words.levels),
        tuple(minor_units(level.start, scale) for level in words.levels),
        tuple(label for label, club in clubs if club.joining == "by_label"),
        words,
    )
