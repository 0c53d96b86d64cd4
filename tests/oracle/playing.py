"""Made-up stories played: what is asked of each, and how one that fails is told and heard again."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from processors.core.document import ProgrammeInvalid
from schemas import events
from schemas.checked import checked
from schemas.events import Event
from schemas.records import asdict
from tests.oracle.generated import Dice, Story, document, history

STEPS = 40
"""How many things happen in a story."""
Law = Callable[[Story], int]
"""Plays a story; returns how many decisions it was asked of, or raises `DiffersError`."""


class DiffersError(AssertionError):
    """The engine and the oracle do not agree, or a law does not hold."""


def story(seed: int) -> Story:
    """The story of a number."""
    dice = Dice(seed)
    words = document(dice)
    return Story(words, history(dice, words, STEPS))


def hold(law: Law, decisions: int, first: int = 0, of: Callable[[int], Story] = story) -> int:
    """Asks a law of story after story until it was asked of so many decisions.

    Args:
        law: what is asked.
        decisions: of how many decisions, in all.
        first: the number of the first story.
        of: makes the story of a number.

    Raises:
        DiffersError: with the number and the shortest story found that fails too.
    """
    if heard := os.environ.get("LOYALTY_STORY"):
        return law(from_text(Path(heard).read_text("utf-8")))
    asked, seed = 0, first
    while asked < decisions:
        told = of(seed)
        try:
            asked += law(told)
        except DiffersError:
            told = shortened(told, law)
            why = _broken(told, law)
            raise DiffersError(
                f"story {seed}: {why}\nTo play it again, put these lines into a file and name it "
                f"in LOYALTY_STORY:\n{to_text(told)}"
            ) from None
        seed += 1
    return asked


def _broken(told: Story, law: Law) -> str:
    """Why a story breaks a law; empty if it does not, or is none."""
    try:
        law(told)
    except DiffersError as broken:
        return str(broken) or "it does not hold"
    except ProgrammeInvalid:
        return ""
    return ""


def shortened(told: Story, law: Law) -> Story:
    """A story without what it fails without."""
    size = len(told.events)
    while size := size // 2:
        at = 0
        while at < len(told.events):
            shorter = told._replace(events=told.events[:at] + told.events[at + size :])
            if _broken(shorter, law):
                told = shorter
            else:
                at += size
    for promotion in list(told.document["promotions"]):
        rest = [one for one in told.document["promotions"] if one != promotion]
        shorter = told._replace(document=told.document | {"promotions": rest})
        if rest and _broken(shorter, law):
            told = shorter
    return told


def to_text(told: Story) -> str:
    """A story as lines of JSON: the document, then an event a line."""
    lines = [json.dumps(told.document)]
    lines += [
        f"{type(one).__name__} {msgspec.json.encode(one, enc_hook=asdict).decode()}"
        for one in told.events
    ]
    return "\n".join(lines) + "\n"


def from_text(text: str) -> Story:
    """The story that lines tell."""
    first, *rest = text.strip().splitlines()
    return Story(json.loads(first), list(_events(rest)))


def _events(lines: list[str]) -> Iterator[Event]:
    for line in lines:
        name, words = line.split(" ", 1)
        yield checked(msgspec.json.decode(words), getattr(events, name))
