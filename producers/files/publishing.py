"""Rows into the log, in batches: drafted, named, made durable; what is refused is handed back.

Nothing of a file is held but one batch.  The register is written before the log: whoever is cut off
between the two publishes the file again, and finds the same members.  Who is erased is forgotten
behind the log, for the same reason, and what happens once is marked as told.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice

from msgspec import Struct

from infra.log import PublisherLog
from producers.files.drafting import draft, number_of
from producers.files.drafts import Draft
from producers.files.naming import Naming, without_register
from producers.files.shop import Shop
from producers.files.told import Bad, PassedOver, Row, Told, Trailer, refused
from producers.files.totals import Completeness, Totals
from producers.files.values import Wrong
from producers.people.register import Register
from producers.publish import send
from schemas.codec import EVENT_BYTES_MAX
from schemas.events import Event, MemberErased

BATCH = 1_000
_TOO_LARGE = f"the event is larger than {EVENT_BYTES_MAX // 1024} KiB"


class Outside(Struct, frozen=True):
    """What publishing needs of the world.

    Attributes:
        log: where events go.
        register: opens the register when the first row needs it.
        new_member: a name for a new member, by chance.
        on_bad: is told each refused row, in the order of the file but for one batch.
        on_progress: is told how many events are written.
        on_event: is told each event that the log took.
    """

    log: PublisherLog
    register: Callable[[], Register]
    new_member: Callable[[], str]
    on_bad: Callable[[Bad], None]
    on_progress: Callable[[int], None]
    on_event: Callable[[Event], None] | None = None


class Files:
    """Publishes rows, and sums up what they were.

    Attributes:
        totals: of the file at hand.
        completeness: of all files.
        written: how many events the log took.
    """

    def __init__(self, outside: Outside, shop: Shop) -> None:
        self._outside = outside
        self._shop = shop
        self.totals = Totals()
        self.completeness = Completeness()
        self.written = 0

    def publish(self, rows: Iterable[Row]) -> list[Trailer]:
        """Publish the rows of one file, and return what it says of itself.

        Raises:
            LogUnavailable: something could not be written.
        """
        self.totals = Totals()
        trailers: list[Trailer] = []
        source = iter(rows)
        while batch := list(islice(source, BATCH)):
            trailers += [row for row in batch if isinstance(row, Trailer)]
            for event, told in self._named(self._drafts(batch)):
                self._send(event, told)
            self._outside.on_progress(self.written)
        self._outside.log.flush()
        return trailers

    def _drafts(self, batch: Iterable[Row]) -> list[tuple[Draft, Told]]:
        drafts: list[tuple[Draft, Told]] = []
        for row in batch:
            if isinstance(row, Bad):
                self._refuse(row)
            elif isinstance(row, PassedOver):
                self._pass_over(row)
            elif isinstance(row, Told):
                drafts += self._drafted(row)
        apart = _told_apart(drafts)
        for one, told in drafts:
            if one.event_id in apart:
                self._refuse(refused(told, Wrong("receipt_no", _APART)))
        return [each for each in drafts if each[0].event_id not in apart]

    def _pass_over(self, row: PassedOver) -> None:
        passed_over = self.totals.passed_over
        passed_over[row.why] = passed_over.get(row.why, 0) + 1
        # What is no receipt need not say what receipts must; then it fills no gap.
        with suppress(Wrong):
            self.completeness.pass_over(number_of(row.numbered, self._shop))

    def _drafted(self, row: Told) -> Iterator[tuple[Draft, Told]]:
        """The draft of a row and of what follows from it, up to the first that is refused."""
        for told in (row, *row.more):
            try:
                yield draft(told.kind, told.fields, self._shop), told
            except Wrong as wrong:
                self._refuse(refused(told, wrong))
                return

    def _named(self, drafts: list[tuple[Draft, Told]]) -> Iterator[tuple[Event, Told]]:
        """The events of a batch; the register is asked only if a row needs it."""
        made: list[tuple[Event, Told]] = []
        kept: list[tuple[Draft, Told]] = []
        spoilt = _Spoilt()
        for one, told in drafts:
            if spoilt.holds(told):
                continue
            try:
                event = without_register(one)
            except Wrong as wrong:
                self._refuse(refused(told, wrong))
                spoilt.add(told)
                continue
            kept.append((one, told))
            if event is not None:
                made.append((event, told))
        return iter(made if len(made) == len(kept) else self._by_register(kept))

    def _by_register(self, drafts: list[tuple[Draft, Told]]) -> Iterator[tuple[Event, Told]]:
        """The events of drafts, of which who is erased is forgotten behind their own."""
        register = self._outside.register()
        spoilt = _Spoilt()
        for part in _up_to_erasures(drafts):
            made: list[tuple[Event, Told]] = []
            with register.turn():
                naming = Naming(register, [one for one, _ in part], self._outside.new_member)
                for one, told in part:
                    if spoilt.holds(told):
                        continue
                    try:
                        made += [(event, told) for event in naming.events(one)]
                    except Wrong as wrong:
                        self._refuse(refused(told, wrong))
                        spoilt.add(told)
                naming.write()
            yield from made
            if naming.erased or naming.told:
                # Only now: forgotten first, whoever is cut off here could not name them again, and
                # their accounts would stay open; told first, what the log lacks would stay untold.
                self._outside.log.flush()
                with register.turn():
                    register.tell(naming.told)
                    for member, at_ms in naming.erased:
                        register.forget(member, at_ms)

    def _send(self, event: Event, told: Told) -> None:
        log = self._outside.log
        try:
            send(event, log, log.identity.partitions)
        except ValueError:
            self._refuse(Bad(told.lines[0], "", _TOO_LARGE, told.raws))
            return
        self.written += 1
        if self._outside.on_event is not None:
            self._outside.on_event(event)
        if type(event) is told.kind:
            self.totals.add(event)
        self.completeness.add(event)

    def _refuse(self, bad: Bad) -> None:
        self.totals.refused += bool(bad.raws)
        self._outside.on_bad(bad)


_APART = "its rows do not stand together, or two receipts have one number"


def _told_apart(drafts: list[tuple[Draft, Told]]) -> set[str]:
    """The receipts of rows that a batch tells twice, each time as another one.

    The ledger would take the first part for the whole sale, and the others for conflicts.
    """
    first: dict[str, Draft] = {}
    return {
        one.event_id
        for one, told in drafts
        if told.by_rows and first.setdefault(one.event_id, one) != one
    }


def _up_to_erasures(drafts: list[tuple[Draft, Told]]) -> Iterator[list[tuple[Draft, Told]]]:
    """The drafts in parts, each of which ends with those who are erased, if any are."""
    part: list[tuple[Draft, Told]] = []
    for one in drafts:
        erased_before = bool(part) and part[-1][0].kind is MemberErased
        if erased_before and one[0].kind is not MemberErased:
            yield part
            part = []
        part.append(one)
    yield part


class _Spoilt:
    """What was refused last: the events that follow from it stand beside it and fall with it."""

    def __init__(self) -> None:
        self._more: tuple[Told, ...] = ()

    def add(self, told: Told) -> None:
        """It was refused."""
        self._more = told.more

    def holds(self, told: Told) -> bool:
        """Whether it follows from what was refused."""
        return bool(self._more) and any(told is one for one in self._more)
