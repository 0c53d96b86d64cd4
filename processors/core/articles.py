"""What holds for an article, as bits: worked out when it is first seen, and remembered.

So the cost of a line does not grow with the number of promotions.
"""

from functools import lru_cache
from typing import Final

from processors.words.items import Matches
from schemas.events import Line

ARTICLES_KEPT: Final = 200_000
"""Articles remembered; past that all are forgotten and learnt again."""

_Article = tuple[str, str, str, str, str, tuple[str, ...], tuple[str, ...]]
"""All that a programme may ask of a line's article."""


class Articles:
    """The bits of what matches an article.

    Args:
        matches: each bit and what it holds for; a bit may stand there several times.
        always: bits that hold for every article.
        never: of an article that this matches no bit holds.
    """

    def __init__(
        self,
        matches: tuple[tuple[int, Matches], ...],
        always: int = 0,
        never: Matches | None = None,
    ) -> None:
        self._matches = matches
        self._always = always
        self._never = never
        self._known: dict[_Article, int] = {}

    def bits(self, line: Line) -> int:
        """What holds for the line's article."""
        article = (
            line.sku,
            line.department,
            line.category,
            line.brand,
            line.supplier,
            line.labels,
            line.flags,
        )
        found = self._known.get(article)
        if found is None:
            if len(self._known) >= ARTICLES_KEPT:
                self._known.clear()
            found = self._known[article] = self._learn(line)
        return found

    def bits_told(self, line: Line) -> int:
        """The same, for whoever asks most: the words of a line that was read tell it themselves.

        They tell it to who asked them last, so of all that ask in turn it is worth it for one.
        """
        words = None if line.labels or line.flags else line.known
        if words is None:
            return self.bits(line)
        if words.asked_by is not self:
            words.asked_by, words.answer = self, self.bits(line)
        return words.answer

    def _learn(self, line: Line) -> int:
        if self._never is not None and self._never(line):
            return 0
        found = self._always
        for bit, matches in self._matches:
            if matches(line):
                found |= bit
        return found


@lru_cache(maxsize=64)
def articles(
    matches: tuple[tuple[int, Matches], ...], always: int = 0, never: Matches | None = None
) -> Articles:
    """The one for these tests: a programme that gives more on a level asks the same of a line."""
    return Articles(matches, always, never)
