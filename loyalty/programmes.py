"""A programme file as the event that brings it into force."""

from datetime import date
from pathlib import Path

from loyalty.outcome import Trouble
from processors.core.document import check
from producers.programmes import activation
from schemas.events import ProgrammeActivated

GROCERY = Path(__file__).parent.parent / "programmes" / "grocery.yaml"
"""The demo's programme."""
IN_FORCE_FROM = date(2016, 11, 14)
"""Since when the demo's chain has had it: before its first sale."""


def activation_of(file: Path, first_day: date) -> ProgrammeActivated:
    """The event by which the programme in `file` is in force from `first_day` on.

    Raises:
        Trouble: the file cannot be read.
        ProgrammeInvalid: it holds mistakes; the text lists them all, each with its line.
    """
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise Trouble(f"{file} cannot be read: {problem}") from None
    checked = check(text, str(file))
    return activation(
        checked.document, checked.document_hash, first_day, zone=str(checked.body.zone)
    )
