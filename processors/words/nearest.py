"""The known word that a misspelt one was probably meant to be."""

from collections.abc import Iterable
from difflib import get_close_matches

LETTERS_MIN = 3
"""A known word of so many letters that begins what was said is near: `sat` of `saturday`."""


def near(said: str, known: Iterable[str]) -> str:
    """The known word that is nearest; empty if none is near."""
    words = list(known)
    begun = (one for one in words if len(one) >= LETTERS_MIN and said.startswith(one))
    return next(iter(get_close_matches(said, words, n=1)), "") or next(begun, "")


def nearest(said: str, known: Iterable[str]) -> str:
    """`; did you mean …?`, or nothing if no known word is near."""
    word = near(said, known)
    return f"; did you mean `{word}`?" if word else ""
