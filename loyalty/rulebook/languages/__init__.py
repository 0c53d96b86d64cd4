"""Sentences for customers, one folder for each language."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from schemas.refusals import Refusal

FIRST = "en"
"""The language of sentences where there is none in the one that was asked for."""


class Language(Struct, frozen=True):
    """One language.

    Attributes:
        phrases: name → template, whose places are named.
        date: a day as people write it; date_of_year: a month and a day of every year.
        listed: several things, all of them.
        either: several things, any of them.
        counted: a number and what it counts, which is named in the plural.
        ordinal: the tenth as people write it.
        number: an exact number.
        amount: an amount of money, from its decimal digits with a point.
    """

    phrases: Mapping[str, str]
    date: Callable[[int], str]
    date_of_year: Callable[[int, int], str]
    listed: Callable[[Sequence[str]], str]
    either: Callable[[Sequence[str]], str]
    counted: Callable[[Fraction | int, str], str]
    ordinal: Callable[[int], str]
    number: Callable[[Fraction | int], str]
    amount: Callable[[str], str]

    def say(self, phrase: str, **places: object) -> str:
        """A phrase with its places filled."""
        return self.phrases[phrase].format(**places)

    def refused(self, refusal: Refusal) -> str:
        """Why something is refused, to a customer; of what happens at no till, as people read."""
        return self.phrases.get(f"refused {refusal.value}", refusal.sentence)

    def at_till(self, refusal: Refusal) -> str:
        """The same to who stands at the till."""
        return self.phrases.get(f"till {refusal.value}", refusal.sentence)


def named(**names: Mapping[str, str]) -> dict[str, str]:
    """The phrases of what the world has names for: by what they name, and by its word for it."""
    return {f"{what} {word}": said for what, of in names.items() for word, said in of.items()}


def joined(names: Sequence[str], word: str) -> str:
    """Several things in a row, the last one behind a word."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def grouped(number: Fraction | int, comma: str, point: str) -> str:
    """A number to at most six decimals, its thousands and its decimals set apart by these."""
    exact = Fraction(number)
    digits = 0
    while (exact * 10**digits).denominator != 1 and digits < 6:
        digits += 1
    sign = "-" if exact < 0 else ""
    whole, rest = divmod(abs(round(exact * 10**digits)), 10**digits)
    thousands = f"{whole:,}".replace(",", comma)
    return f"{sign}{thousands}" + (f"{point}{rest:0{digits}}" if digits else "")


def language(name: str) -> Language:
    """The sentences of a language, or of the first one if it has none."""
    found = {module.name for module in pkgutil.iter_modules(__path__)}
    module = importlib.import_module(f"{__name__}.{name if name in found else FIRST}")
    spoken: Language = module.LANGUAGE
    return spoken
