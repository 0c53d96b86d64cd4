"""What the rows of a file tell, before anybody checks it: an event, or what is wrong with a row."""

from typing import Any

from msgspec import Struct

from producers.files.values import Wrong
from schemas.events import Event


class Told(Struct, frozen=True, gc=False):
    """The rows of one event.

    Any: a value is whatever stands in the file.

    Attributes:
        kind: the event's type.
        fields: name → value.
        lines: the numbers of its lines in the file; of a receipt told by rows one for each row.
        raws: those lines as they stand there.
        by_rows: a receipt whose lines are rows of their own.
    """

    kind: type[Event]
    fields: dict[str, Any]
    lines: tuple[int, ...]
    raws: tuple[bytes, ...]
    by_rows: bool = False


class Bad(Struct, frozen=True, gc=False):
    """Rows that are refused.

    Attributes:
        line: where the problem is.
        field, reason: what is wrong; the field is empty if it is the row as a whole.
        raws: all lines that go with it, unchanged.
    """

    line: int
    field: str
    reason: str
    raws: tuple[bytes, ...]

    def sentence(self, file: str) -> str:
        """`sales.csv:17, net, it is no amount; write it as 12.50`."""
        return f"{file}:{self.line}, {self.field or 'row'}, {self.reason}"


class Trailer(Struct, frozen=True, gc=False):
    """The totals that a file brings of itself; None for what it does not say.

    Attributes:
        line: where.
        count: how many events it holds.
        amount: what was charged less what came back, in units of the currency, as written.
        sha256: of all bytes before this line, hexadecimal.
        found: the hash of the bytes before this line as they are.
    """

    line: int
    count: str | None
    amount: str | None
    sha256: str | None
    found: str


def refused(told: Told, wrong: Wrong) -> Bad:
    """A complaint about an event, at its line."""
    field, place = wrong.field, wrong.place
    if place is None:
        return Bad(told.lines[0], field, wrong.reason, told.raws)
    if told.by_rows:
        field = field.removeprefix("lines.")
        return Bad(told.lines[place], field, wrong.reason, told.raws)
    name = field.removeprefix("lines.")
    field = field if field == "lines" else f"lines[{place}].{name}"
    return Bad(told.lines[0], field, wrong.reason, told.raws)
