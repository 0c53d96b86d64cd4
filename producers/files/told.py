"""What the rows of a file tell, before anybody checks it: an event, or what is wrong with a row."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from producers.files.values import Wrong
from schemas.events import Event


class Words(Struct, frozen=True):
    """How a document of another format calls what is complained about.

    Attributes:
        title: which part of the document, such as `transaction 17`; a point at its end, or at that
            of a line, joins it to what follows, such as `refunds[0].`.
        names: our field → the document's.
        lines: of each line of a receipt, such as `LineItem 3`.
    """

    title: str
    names: Mapping[str, str]
    lines: tuple[str, ...]

    def of(self, field: str, place: int | None) -> str:
        """Our field in the document's words: `transaction 17 LineItem 3 Quantity`."""
        plain = field.removeprefix("lines.")
        name = self.names.get(field) or self.names.get(plain, plain)
        known = place is not None and place < len(self.lines)
        where = self.lines[place] if place is not None and known else ""
        words = [word for word in (self.title, where, name) if word]
        return " ".join(words).replace(". ", ".")


class Told(Struct, frozen=True):
    """The rows of one event.

    Any: a value is whatever stands in the file.

    Attributes:
        kind: the event's type.
        fields: name → value.
        lines: the numbers of its lines in the file; of a receipt told by rows one for each row.
        raws: those lines as they stand there.
        by_rows: a receipt whose lines are rows of their own.
        words: of another format: how it calls things; None if names are ours.
        more: events of the same rows that stand only if this one does, as refunds of an order.
    """

    kind: type[Event]
    fields: dict[str, Any]
    lines: tuple[int, ...]
    raws: tuple[bytes, ...]
    by_rows: bool = False
    words: Words | None = None
    more: tuple["Told", ...] = ()


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


class PassedOver(Struct, frozen=True, gc=False):
    """What a document holds that is meant to be no event.

    Any: a value is whatever stands in the file.

    Attributes:
        why: a word or two for the count.
        numbered: the fields of `Told` that say which number it has, of which till and day; empty
            if it has none as receipts have.
    """

    why: str
    numbered: Mapping[str, Any]


class Trailer(Struct, frozen=True, gc=False):
    """The totals that a file brings of itself; None for what it does not say.

    Attributes:
        line: where.
        count: how many events it holds.
        amount: what was charged less what came back, in units of the currency, as written.
        sha256: of all bytes before this line, hexadecimal.
        found: the hash of the bytes before this line as they are.
        counted: how many there are of what `count` counts; None if those are the file's events.
    """

    line: int
    count: str | None
    amount: str | None
    sha256: str | None
    found: str
    counted: int | None = None


Row = Told | Bad | PassedOver | Trailer


def refused(told: Told, wrong: Wrong) -> Bad:
    """A complaint about an event, at its line."""
    field, place = wrong.field, wrong.place
    if told.words is not None:
        return Bad(told.lines[0], told.words.of(field, place), wrong.reason, told.raws)
    if place is None:
        return Bad(told.lines[0], field, wrong.reason, told.raws)
    if told.by_rows:
        field = field.removeprefix("lines.")
        return Bad(told.lines[place], field, wrong.reason, told.raws)
    name = field.removeprefix("lines.")
    field = field if field == "lines" else f"lines[{place}].{name}"
    return Bad(told.lines[0], field, wrong.reason, told.raws)
