"""The known word that a misspelt one was probably meant to be."""

from collections.abc import Iterable
from difflib import get_close_matches


def near(said: str, known: Iterable[str]) -> str:
    """The known word that is nearest; empty if none is near."""
    return next(iter(get_close_matches(said, list(known), n=1)), "")


def nearest(said: str, known: Iterable[str]) -> str:
    """`; did you mean …?`, or nothing if no known word is near."""
    word = near(said, known)
    return f"; did you mean `{word}`?" if word else ""
