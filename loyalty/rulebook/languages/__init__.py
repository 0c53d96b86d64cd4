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
    """

    phrases: Mapping[str, str]
    date: Callable[[int], str]
    date_of_year: Callable[[int, int], str]
    listed: Callable[[Sequence[str]], str]
    either: Callable[[Sequence[str]], str]
    counted: Callable[[Fraction | int, str], str]
    ordinal: Callable[[int], str]
    number: Callable[[Fraction | int], str]

    def say(self, phrase: str, **places: object) -> str:
        """A phrase with its places filled."""
        return self.phrases[phrase].format(**places)

    def refused(self, refusal: Refusal) -> str:
        """Why something is refused, to a customer; of what happens at no till, as people read."""
        return self.phrases.get(f"refused {refusal.value}", refusal.sentence)


def language(name: str) -> Language:
    """The sentences of a language, or of the first one if it has none."""
    found = {module.name for module in pkgutil.iter_modules(__path__)}
    module = importlib.import_module(f"{__name__}.{name if name in found else FIRST}")
    spoken: Language = module.LANGUAGE
    return spoken
