"""CSV: sales and returns with one row a line of the receipt, enrolments with one row a member.

The first row names the columns.  Delimiters are comma, semicolon or tab; rows of one receipt stand
together and all have its number, and what else is said of it stands in the first of them, or in
all.  The same number on another day is another receipt.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from producers.files import shapes
from producers.files.cells import Row
from producers.files.receipts import LINE_FIELDS, LINES_MAX
from producers.files.source import LINE_BYTES_MAX, FileUnusable, Source, Text
from producers.files.told import Bad, Told, Trailer
from schemas import events
from schemas.events import Event

DELIMITERS: Final = (",", ";", "\t")
TOTALS: Final = "#totals"
FIRST_LINE: Final = "; the first line names the columns"
_AROUND: Final = ",;\t "
_WORDS: Final = re.compile(rf"[{_AROUND}]+(?=[a-z0-9]+=)")
_CELL_MAX = csv.field_size_limit()
_ROW_LINES_MAX: Final = 100
"""A quoted cell may hold line ends; one of more lines has lost its closing quote."""
_RETURN_COLUMNS: Final = frozenset(
    {"original_sale", "original_store_id", "original_till_id", "original_business_date",
     "original_receipt_no"}
)  # fmt: skip
_RETURNED_LINE: Final = frozenset(
    {"line_no", "sku", "quantity", "quantity_milli", "net", "net_minor"}
)
_SALE_COLUMNS = (
    (shapes.HEADER_FIELDS | shapes.shape_of(events.SaleRecorded).known | LINE_FIELDS | {"tender"})
    - {"lines", "tenders", "discounts", "type"}
)  # fmt: skip
_COLUMNS: Final[Mapping[type[Event], frozenset[str]]] = {
    events.SaleRecorded: _SALE_COLUMNS,
    events.SaleReturned: (
        shapes.HEADER_FIELDS
        | shapes.shape_of(events.SaleReturned).known
        | _RETURN_COLUMNS
        | _RETURNED_LINE
    )
    - {"lines", "refunds", "type"},
    events.MemberEnrolled: (
        shapes.HEADER_FIELDS | shapes.shape_of(events.MemberEnrolled).known | shapes.CONTACT_FIELDS
    )
    - {"type"},
}
_LINES: Final[Mapping[type[Event], frozenset[str]]] = {
    events.SaleRecorded: LINE_FIELDS,
    events.SaleReturned: _RETURNED_LINE,
}
_RECEIPT: Final = (
    "event_id", "receipt_no", "order_id", "store_id", "till_id", "business_date", "occurred_at"
)  # fmt: skip
_OPEN: Final = "a quoted cell has no closing quote"
_OLD_LINES: Final = "its lines end as on an old Mac; save the file as “CSV UTF-8”"
_QUOTES: Final = "its quotes are not as CSV has them"


class Table:
    """The rows of a CSV file.

    Attributes:
        header: the first row as it stands in the file.
        columns: their names, in lower case with `_` for spaces.
    """

    def __init__(self, source: Source) -> None:
        """Read the header.

        Raises:
            FileUnusable: the file cannot be read, is empty, or its header is none.
        """
        self._source = source
        self._lines = source.lines()
        first = next(self._lines, None)
        if first is None:
            raise FileUnusable(f"{source.path} is empty.")
        if first.problem:
            raise FileUnusable(f"{source.path}:1, {first.problem}.")
        if "\r" in first.text:
            raise FileUnusable(f"{source.path}:1, {_OLD_LINES}.")
        self.header = first.raw
        self._delimiter = max(DELIMITERS, key=first.text.count)
        try:
            [names] = csv.reader([first.text], delimiter=self._delimiter)
        except (csv.Error, ValueError):
            raise FileUnusable(f"{source.path}:{first.number}, {_QUOTES}.") from None
        self.columns = tuple("_".join(n.lower().replace("-", " ").split()) for n in names)
        while self.columns and not self.columns[-1]:
            self.columns = self.columns[:-1]
        if not all(name.isprintable() for name in self.columns):
            raise FileUnusable(f"{source.path}:{first.number}, a column holds a control character.")
        if "" in self.columns:
            raise FileUnusable(f"{source.path}:{first.number}, a column has no name.")
        if len(set(self.columns)) < len(self.columns):
            one, other = _alike(self.columns)
            what = f"columns {one} and {other} have one name"
            raise FileUnusable(f"{source.path}:{first.number}, {what}.")

    @property
    def is_cut(self) -> bool:
        """Whether the file has ended before its end, once the last row was read."""
        return bool(self._source.cut)

    def rows(self) -> Iterator[Row | Trailer]:
        """Every row behind the header."""
        nothing = self._delimiter + " "
        for line in self._lines:
            if line.text.startswith(TOTALS):
                yield self._trailer(line)
            elif line.problem:
                # Its cells are read as well as can be, to know the receipt that it spoils.
                text = line.raw[:LINE_BYTES_MAX].decode("utf-8", "replace").rstrip("\r\n")
                yield self._with(line, line.raw, text.split(self._delimiter), line.problem)
            elif line.text.strip(nothing):
                yield self._row(line)

    def _row(self, line: Text) -> Row:
        text, raw, used = line.text, line.raw, 1
        if _is_plain(text):
            return self._with(line, raw, text.split(self._delimiter))
        while text.count('"') % 2:  # a cell goes on in the next line
            more = next(self._lines, None)
            if more is None or more.problem or used == _ROW_LINES_MAX:
                raw += b"" if more is None else more.raw
                return self._with(line, raw, line.text.split(self._delimiter), _OPEN)
            text, raw, used = f"{text}\n{more.text}", raw + more.raw, used + 1
        try:
            [cells] = csv.reader(
                text.splitlines(keepends=True), delimiter=self._delimiter, strict=True
            )
        except (csv.Error, ValueError):
            return self._with(line, raw, line.text.split(self._delimiter), _QUOTES)
        return self._with(line, raw, cells)

    def _with(self, line: Text, raw: bytes, cells: list[str], problem: str = "") -> Row:
        """The row of these cells, if they are as many as the columns."""
        there = len(self.columns)
        while len(cells) > there and not cells[-1]:
            cells.pop()
        if not problem and len(cells) > there:
            problem = f"it has {len(cells)} cells, and there are {there} columns"
        if not problem and len(cells) < there:
            problem = f"the row ends after {len(cells)} of {there} cells"
        cells += [""] * (there - len(cells))
        return Row(line.number, raw, cells, problem)

    def _trailer(self, line: Text) -> Trailer:
        # A spreadsheet puts delimiters between the words, and behind them.
        words = [word.strip(_AROUND) for word in _WORDS.split(line.text)]
        said = dict(word.partition("=")[::2] for word in words[1:])
        return Trailer(
            line.number,
            said.get("count"),
            said.get("amount"),
            said.get("sha256"),
            self._source.digest(),
        )


def _alike(columns: Sequence[str]) -> tuple[int, int]:
    """The places, from 1, of the first name that comes again, and of where it does."""
    return next(
        (columns.index(name) + 1, at + 1)
        for at, name in enumerate(columns)
        if columns.index(name) < at
    )


def _is_plain(text: str) -> bool:
    """Whether nothing but delimiters stands between the cells; other lines are for `csv`."""
    return '"' not in text and len(text) <= _CELL_MAX and len(text.splitlines()) == 1


def kind_of(table: Table, source: Source) -> type[Event]:
    """What the rows tell of, by their columns.

    Raises:
        FileUnusable: a column is unknown, so that what it says would be lost.
    """
    columns = set(table.columns)
    kind: type[Event] = events.MemberEnrolled
    if columns & _RETURN_COLUMNS:
        kind = events.SaleReturned
    elif columns & {"receipt_no", "order_id", "sku"}:
        kind = events.SaleRecorded
    place, hint = shapes.unknown(table.columns, _COLUMNS[kind])
    if place:
        what = f"column {place} is none of a file of {_NAMES[kind]}{hint or FIRST_LINE}"
        raise FileUnusable(f"{source.path}:1, {what}.")
    return kind


_NAMES: Final[Mapping[type[Event], str]] = {
    events.SaleRecorded: "sales",
    events.SaleReturned: "returns",
    events.MemberEnrolled: "enrolments",
}


class _Places(NamedTuple):
    """Which columns a table has, by what they tell of.

    Attributes:
        key: the place of each word of `_RECEIPT`; None of one that is no column.
        told: the places of those that are.
        of_line, of_receipt: place and name of each.
    """

    key: tuple[int | None, ...]
    told: tuple[int, ...]
    of_line: tuple[tuple[int, str], ...]
    of_receipt: tuple[tuple[int, str], ...]


def _places(columns: Sequence[str], kind: type[Event]) -> _Places:
    named = tuple(enumerate(columns))
    of_line = _LINES[kind]
    return _Places(
        tuple([columns.index(name) if name in columns else None for name in _RECEIPT]),
        tuple([at for at, name in named if name in _RECEIPT]),
        tuple([one for one in named if one[1] in of_line]),
        tuple([one for one in named if one[1] not in of_line]),
    )


class _Key(NamedTuple):
    """What a row says of which receipt it is of; a word that it does not say is empty.

    Attributes:
        event_id: the receipt's key, if it brings one.
        number: the receipt's, or that of its order.
        store, till: where.
        day: the business date, as it is written.
        time: when, as it is written.
    """

    event_id: str
    number: str
    store: str
    till: str
    day: str
    time: str

    @property
    def is_numbered(self) -> bool:
        """Whether it says which receipt."""
        return bool(self.event_id or self.number)

    def holds(self, other: "_Key") -> bool:
        """Whether a row behind the receipt's first is of the same receipt."""
        if other.event_id not in {self.event_id, ""} or other.number not in {self.number, ""}:
            return False
        if other.store not in {self.store, ""} or other.till not in {self.till, ""}:
            return False
        if other.day not in {self.day, ""}:
            return False
        if not other.is_numbered:
            return other.time in {self.time, ""}
        return bool(self.day) or other.time[:_DATE] in {self.time[:_DATE], ""}


_DATE: Final = len("2026-03-14")


def _key(cells: Sequence[str], places: _Places) -> _Key:
    told = ["" if at is None else cells[at].strip() for at in places.key]
    event_id, receipt_no, order_id, store, till, day, time = told
    return _Key(event_id, receipt_no or order_id, store, till, day, time)


def told(table: Table, kind: type[Event]) -> Iterator[Told | Bad | Trailer]:
    """What each row tells, or each group of rows of one receipt."""
    return _receipts(table, kind) if kind in _LINES else _people(table, kind)


def _people(table: Table, kind: type[Event]) -> Iterator[Told | Bad | Trailer]:
    for row in table.rows():
        if isinstance(row, Trailer):
            yield row
        elif row.problem:
            yield row.bad
        else:
            fields = dict(zip(table.columns, row.cells, strict=True))
            yield Told(kind, fields, (row.number,), (row.raw,))


def _receipts(table: Table, kind: type[Event]) -> Iterator[Told | Bad | Trailer]:
    places = _places(table.columns, kind)
    group: list[Row] = []
    first: _Key | None = None
    before: list[str] | None = None  # what the last row said, if it had a number
    for row in table.rows():
        if isinstance(row, Trailer):
            yield from _receipt(group, kind, places)
            group, first, before = [], None, None
            yield row
            continue
        words = [row.cells[at] for at in places.told]
        if words != before:
            own = _key(row.cells, places)
            if first is None or not first.holds(own):
                yield from _receipt(group, kind, places)
                group, first = [], own
            before = words if own.is_numbered else None
        if len(group) > LINES_MAX:
            yield Bad(row.number, "line_no", _TOO_LONG, (row.raw,))
        elif before is not None or row.problem or not group:
            group.append(row)
        else:
            group.append(replace(row, problem=_UNNUMBERED))
    if group and table.is_cut:
        group[-1] = replace(group[-1], problem=group[-1].problem or _CUT)
    yield from _receipt(group, kind, places)


_UNNUMBERED: Final = "it has no number of a receipt, and may be of the one before"
_CUT: Final = "the file is cut off behind it, so its receipt may not be whole"
_TOO_LONG: Final = f"a receipt has at most {LINES_MAX} lines, and this one has more"


def _receipt(rows: Sequence[Row], kind: type[Event], places: _Places) -> Iterator[Told | Bad]:
    """The event of a receipt's rows; if one of them is bad, none of them is taken.

    What is left of a receipt would be another one, and later a conflict with the mended one.
    """
    if not rows:
        return
    raws = tuple([row.raw for row in rows])
    if len(rows) > LINES_MAX:
        yield Bad(rows[LINES_MAX].number, "line_no", _TOO_LONG, raws)
        return
    bad = [row for row in rows if row.problem]
    if not bad:
        yield _joined(rows, kind, places, raws)
    for row in bad:
        yield Bad(row.number, "", row.problem, raws if row is bad[0] else ())


def _joined(
    rows: Sequence[Row], kind: type[Event], places: _Places, raws: tuple[bytes, ...]
) -> Told | Bad:
    fields: dict[str, Any] = {}
    for row in rows:
        cells = row.cells
        for at, name in places.of_receipt:
            cell = cells[at]
            if cell.strip() and fields.setdefault(name, cell) != cell:
                return Bad(row.number, name, "it differs within the receipt", raws)
    fields["lines"] = [
        {name: row.cells[at] for at, name in places.of_line if row.cells[at].strip()}
        for row in rows
    ]
    return Told(kind, fields, tuple([row.number for row in rows]), raws, by_rows=True)
