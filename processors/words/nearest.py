"""The known word that a misspelt one was probably meant to be."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(said: str, known: Iterable[str]) -> str:
    """`; did you mean …?`, or nothing if no known word is near."""
    close = get_close_matches(said, list(known), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""
