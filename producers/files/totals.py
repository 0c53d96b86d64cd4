"""What a file held, in sums that can be compared; and which receipts are missing in it.  Pure.

Totals          how many events of each type, and the money by currency
Completeness    by store, till and day: the numbers between the first receipt and the last that
                nothing in the files has
"""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from producers.files.drafts import Number
from producers.files.told import Trailer
from producers.files.values import Wrong, decimal
from producers.pos import iso, receipt_id
from schemas import events
from schemas.currencies import exponent_of, money
from schemas.events import Event

RUNS_MAX: Final = 500
"""Runs of numbers that are kept of one till and day; with more, its numbers do not count up."""
GAPS_SHOWN: Final = 5
_RECEIPTS: Final = (events.SaleRecorded, events.SaleReturned)


class Day(NamedTuple):
    """The receipts of one store and day.

    Attributes:
        receipt_count: how many came.
        missing_count: how many numbers are missing; None if the numbers do not count up.
        gaps: the first few of them, such as `2/7-9` for till 2.
    """

    store_id: str
    day: str
    receipt_count: int
    missing_count: int | None
    gaps: str


class Totals:
    """Sums over the events of one file.

    Attributes:
        counts: how many of each type.
        amounts: by currency, what was charged less what came back, in minor units.
        refused: how many rows or receipts were refused.
        passed_over: why → how many parts of a document are meant to be no event.
    """

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.amounts: dict[str, int] = {}
        self.refused = 0
        self.passed_over: dict[str, int] = {}

    def add(self, event: Event) -> None:
        """Count one event that the file tells."""
        name = type(event).__name__
        self.counts[name] = self.counts.get(name, 0) + 1
        match event:
            case events.SaleRecorded():
                net = sum([line.net_minor for line in event.lines])
            case events.SaleReturned():
                net = -sum([line.net_minor for line in event.lines])
            case _:
                return
        self.amounts[event.currency] = self.amounts.get(event.currency, 0) + net

    @property
    def event_count(self) -> int:
        """All events that were read, refused ones too."""
        return sum(self.counts.values()) + self.refused

    def amount(self) -> str:
        """The money as people write it: `1234.50 EUR, 20.00 USD`."""
        sums = sorted(self.amounts.items())
        return ", ".join(f"{money(amount, name)} {name}" for name, amount in sums)

    def differences(self, trailer: Trailer) -> list[str]:
        """What the file says of itself and what was found do not agree in."""
        found: list[str] = []
        if trailer.count is None and trailer.amount is None and trailer.sha256 is None:
            found.append("totals, it says none of count, amount and sha256")
        counted = self.event_count if trailer.counted is None else trailer.counted
        if trailer.count is not None and trailer.count != str(counted):
            found.append(f"count, the file says another one than the {counted} found")
        if trailer.amount is not None and not self._is_amount(trailer.amount):
            found.append(f"amount, the file says another one than {self.amount() or 'none'}")
        if trailer.sha256 is not None and trailer.sha256.lower() != trailer.found:
            found.append("sha256, the lines before it are not those that were hashed")
        return found

    def _is_amount(self, said: str) -> bool:
        if len(self.amounts) > 1:
            return False
        name, amount = next(iter(self.amounts.items()), ("XXX", 0))
        try:
            return decimal("amount", said, exponent_of(name), "it is no amount") == amount
        except Wrong:
            return False


class Completeness:
    """Which receipt numbers came, kept as runs, so that a year costs no more than its gaps."""

    def __init__(self) -> None:
        self._runs: dict[tuple[str, str, int], list[list[int]]] = {}
        self._ends: dict[tuple[str, str, int], tuple[int, int]] = {}  # of receipts alone
        self._counts: dict[tuple[str, int], int] = {}
        self._loose: set[tuple[str, int]] = set()

    def add(self, event: Event) -> None:
        """Note the number of a receipt."""
        if not isinstance(event, _RECEIPTS):
            return
        header = event.header
        day = (header.store_id, header.business_date)
        self._counts[day] = self._counts.get(day, 0) + 1
        if isinstance(event, events.SaleReturned) and not _is_of_a_till(event):
            return
        if not _counts_up(event.receipt_no):
            self._loose.add(day)
            return
        number = int(event.receipt_no)
        till = (header.store_id, header.till_id, header.business_date)
        self._take(till, number)
        first, last = self._ends.get(till, (number, number))
        self._ends[till] = min(first, number), max(last, number)

    def pass_over(self, one: Number) -> None:
        """Note a number that is no receipt's: it is not missing, and opens no gap."""
        if _counts_up(one.receipt_no):
            self._take((one.store_id, one.till_id, one.business_date), int(one.receipt_no))

    def _take(self, till: tuple[str, str, int], number: int) -> None:
        runs = self._runs.setdefault(till, [])
        _take_in(runs, number)
        if len(runs) > RUNS_MAX:
            store, _, on = till
            self._loose.add((store, on))
            del runs[:]

    def days(self) -> Iterator[Day]:
        """Each store and day, in order."""
        gaps: dict[tuple[str, int], list[tuple[str, int, int]]] = {}
        for (store, till, on), (begin, end) in sorted(self._ends.items()):
            missing = [
                (till, before[1] + 1, after[0] - 1)
                for before, after in pairwise(self._runs[store, till, on])
                if begin <= before[1] and after[0] <= end
            ]
            gaps.setdefault((store, on), []).extend(missing)
        for (store, on), count in sorted(self._counts.items()):
            mine = gaps.get((store, on), [])
            loose = (store, on) in self._loose
            lost = None if loose else sum(last - first + 1 for _, first, last in mine)
            yield Day(store, iso(on), count, lost, "" if loose else _shown(mine))


def _counts_up(number: str) -> bool:
    return number.isascii() and number.isdigit() and len(number) <= 15


def _is_of_a_till(event: events.SaleReturned) -> bool:
    """Whether a return is numbered as sales are; a refund of a web shop has an id of its own."""
    one, day = event.header, iso(event.header.business_date)
    number = event.receipt_no
    return one.event_id == receipt_id(one.store_id, one.till_id, day, number, "return")


def _take_in(runs: list[list[int]], number: int) -> None:
    """Add a number to sorted runs `[first, last]` that do not touch."""
    if runs and number == runs[-1][1] + 1:  # mostly the next one comes
        runs[-1][1] = number
        return
    at = bisect_right(runs, [number, number])
    if at and runs[at - 1][1] >= number:
        return
    if at < len(runs) and runs[at][0] == number:
        return
    joins_before = bool(at) and runs[at - 1][1] == number - 1
    joins_after = at < len(runs) and runs[at][0] == number + 1
    if joins_before and joins_after:
        runs[at - 1][1] = runs[at][1]
        del runs[at]
    elif joins_before:
        runs[at - 1][1] = number
    elif joins_after:
        runs[at][0] = number
    else:
        runs.insert(at, [number, number])


def _shown(gaps: list[tuple[str, int, int]]) -> str:
    told = [
        f"{till}/{first}" if first == last else f"{till}/{first}-{last}"
        for till, first, last in gaps[:GAPS_SHOWN]
    ]
    return ", ".join([*told, "…"] if len(gaps) > GAPS_SHOWN else told)
