"""Programme files, read and checked; and as the event that brings one into force."""

from datetime import date
from pathlib import Path
from zoneinfo import available_timezones

from loyalty.outcome import Trouble
from processors.core.document import Checked, check
from producers.programmes import activation
from schemas.events import ProgrammeActivated

GROCERY = Path(__file__).parent.parent / "programmes" / "grocery.yaml"
"""The demo's programme."""
IN_FORCE_FROM = date(2016, 11, 14)
"""Since when the demo's chain has had it: before its first sale."""


def text_of(file: Path) -> str:
    """A programme file as it is written.

    Raises:
        Trouble: the file cannot be read.
    """
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise Trouble(f"{file} cannot be read: {problem}") from None


def checked_file(file: Path) -> Checked:
    """The programme in a file; its time zone is one of those that there are.

    Raises:
        Trouble: the file cannot be read.
        ProgrammeInvalid: it holds mistakes; the text lists them all, each with its line.
    """
    return check(text_of(file), str(file), available_timezones())


def activation_of(file: Path, first_day: date, activated_by: str = "") -> ProgrammeActivated:
    """The event by which the programme in `file` is in force from `first_day` on.

    Raises:
        Trouble: the file cannot be read.
        ProgrammeInvalid: it holds mistakes; the text lists them all, each with its line.
    """
    checked = checked_file(file)
    return activation(
        checked.document,
        checked.document_hash,
        first_day,
        activated_by,
        zone=str(checked.body.zone),
    )
