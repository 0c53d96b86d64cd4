"""What a scenario has come to: its partition, what happened on it, and what names mean."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from loyalty.scenarios.converting import Wrong
from loyalty.scenarios.deciding import decided
from loyalty.scenarios.rules import Library, Rules, sections
from loyalty.scenarios.words import Where
from processors.core.account import Account
from processors.core.overlay import Overlay
from processors.core.packing import unpack
from processors.core.partition import PartitionState
from processors.core.programme import Programme
from processors.core.quote import Quote
from processors.words.calendar import date_of
from producers import days
from producers.pos import EPOCH, Moment, anonymous_account, day_number, iso, receipt_id
from schemas.currencies import exponent_of
from schemas.events import Event, Header, SaleRecorded, SaleReturned
from schemas.ledger import Record

NAMES_MAX = 12
"""Of the names that a mistake may have meant, the last ones are told."""


class Defaults(Struct, frozen=True, forbid_unknown_fields=True):
    """What the events of a file need not say; currency and zone are the programme's if empty."""

    store: str = "1"
    till: str = "1"
    channel: str = "pos"
    actor: str = "system"
    currency: str = ""
    zone: str = ""


class Stage(Struct, frozen=True):
    """What all scenarios of a file share.

    Attributes:
        folder: where the file lies; other files are named from there.
        rules: its programme.
        library: the programmes that scenarios may change to.
        control: whether members are control of the campaigns that have such a share.
        defaults: what events need not say.
    """

    folder: Path
    rules: Rules
    library: Library
    control: bool
    defaults: Defaults


class Place(Struct, frozen=True):
    """When and where an event happens, all of it said."""

    moment: Moment
    store: str
    till: str
    channel: str
    actor: str
    currency: str

    @property
    def day(self) -> str:
        """The business date as event ids carry it."""
        return iso(self.moment.business_date)

    def receipt(self, number: str, kind: str) -> str:
        """The event id of a receipt."""
        return receipt_id(self.store, self.till, self.day, number, kind)

    def header(self, event_id: str, member: str) -> Header:
        """The header of a member's event; of a store's shoppers without card for no member."""
        moment = self.moment
        return Header(
            event_id,
            member or anonymous_account(self.store),
            member,
            moment.at_ms,
            moment.utc_offset_min,
            moment.business_date,
            self.store,
            self.till,
            self.channel,
            self.actor,
        )


class Told(Struct, frozen=True):
    """One record, and the scenario's name for its event."""

    name: str
    record: Record


class Happened(Struct, frozen=True):
    """What became of one event."""

    event: Event
    records: tuple[Record, ...]


class Quoted(Struct, frozen=True):
    """What became of a quote: the basket and the answer."""

    event: SaleRecorded
    answer: Quote


Kind = TypeVar("Kind", bound=Event)


class World:
    """One scenario as it goes on.

    Attributes:
        stage: what it shares with others.
        overlay: the partition.
        begins: the first business date of the scenario.
        latest: the last moment so far; None before the first event.
        named: the scenario's name → what happened under it, in order.
        told: account → its records, in order.
        returned_milli: sale → line number → thousandths that came back.
    """

    def __init__(self, stage: Stage, begins: int) -> None:
        self.stage = stage
        self.begins = begins
        self.latest: Moment | None = None
        self.named: dict[str, list[Happened | Quoted]] = {}
        self.told: dict[str, list[Told]] = {}
        self.returned_milli: dict[str, dict[int, int]] = {}
        self._state = PartitionState(0, 1)
        self.overlay = Overlay(self._state)
        begun = stage.rules.begun(begins)
        self.overlay.take(begun.record, 0, None)
        self._log = [begun.event]

    def happen(self, event: Event, name: str) -> None:
        """The event is decided, and what became of it is remembered under its name."""
        records = decided(self.overlay, self._log, event)
        account_id = event.header.account_id
        for record in records:
            owner = record.account_id or account_id
            if owner:
                self.told.setdefault(owner, []).append(Told(name, record))
        self.note(Happened(event, records), name)
        if isinstance(event, SaleReturned) and records[-1].decision == "ACCEPTED":
            self._count_returned(event)

    def note(self, happened: Happened | Quoted, name: str) -> None:
        """Remember what became of an event or a quote."""
        header = happened.event.header
        if name:
            self.named.setdefault(name, []).append(happened)
        if self.latest is None or header.occurred_at > self.latest.at_ms:
            self.latest = Moment(header.occurred_at, header.utc_offset_min, header.business_date)

    def _count_returned(self, event: SaleReturned) -> None:
        back = self.returned_milli.setdefault(event.original_sale, {})
        for line in event.lines:
            back[line.line_no] = back.get(line.line_no, 0) + line.quantity_milli

    def close_through(self, day: int) -> None:
        """All business days up to this one are over; the first is the one before the scenario.

        A day on which nothing is due changes nothing but the date, so it is passed over, unless
        it is the first under other rules.
        """
        state = self._commit()
        closed = state.closed_through
        first = min(self.begins - 1, day) if closed is None else closed + 1
        if first > day:
            self._close(day)  # once more, which is refused
        while first <= day:
            now = first if state.closed_through is None else self._next_of_note(first, day)
            if now > first:
                state.closed_through = now - 1
                self.overlay = Overlay(state)
            self._close(now)
            self._commit()
            first = now + 1

    def _next_of_note(self, first: int, through: int) -> int:
        """The first day of some on which something may be due, or else the last of them."""
        state = self._state
        if self.overlay.programme_on(first) is not self.overlay.programme_of_last_close():
            return first
        begins = [one.effective_from for one in self.overlay.programmes]
        end = min([through, *(day for day in begins if day > first)])
        end = min(max(min(state.due, default=end), first), end)
        keys = self._dates_kept()
        if keys:
            for day in range(first, end):
                if _month_day(day + 1) in keys:
                    return day
        return end

    def _dates_kept(self) -> set[int]:
        """Months and days, as 229 for 29 February, on which somebody may have something to keep."""
        dates = self._state.dates
        triggers = {name for one in self.overlay.programmes for name in one.programme.triggers}
        keys: set[int] = set()
        if "birthday" in triggers:
            keys.update(dates.by_birth)
            keys.update(born // 100 * 100 + 1 for born in dates.by_birth)
        if "anniversary" in triggers:
            keys.update(dates.by_joining)
        if 229 in keys:
            keys.add(228)
        return keys

    def _close(self, day: int) -> None:
        self.happen(_close_of(day, self.zone), iso(day))

    def _commit(self) -> PartitionState:
        self.overlay.commit()
        self.overlay = Overlay(self._state)
        return self._state

    @property
    def zone(self) -> str:
        """Whose clocks are meant, if an event does not say."""
        return self.stage.defaults.zone or self.stage.rules.zone

    @property
    def currency(self) -> str:
        """What money is in, if an event does not say."""
        return self.stage.defaults.currency or self.stage.rules.currency

    def place(self, where: Where) -> Place:
        """When and where an event happens.

        Raises:
            Wrong: nothing has happened yet, and the event does not say when.
        """
        defaults = self.stage.defaults
        return Place(
            self._moment(where),
            where.store or defaults.store,
            where.till or defaults.till,
            where.channel or defaults.channel,
            where.actor or defaults.actor,
            where.currency or self.currency,
        )

    def _moment(self, where: Where) -> Moment:
        if where.at is not None:
            moment = _moment_of(where.at, where.zone or self.zone)
        elif self.latest is not None:
            moment = self.latest
        else:
            raise Wrong("the first event of a scenario says when it is: `at`")
        if where.business_date is None:
            return moment
        return Moment(moment.at_ms, moment.utc_offset_min, day_number(where.business_date))

    def number(self, where: Where) -> str:
        """The scenario's name for an event, or the next free number."""
        return where.id or str(len(self._log))

    def minor(self, amount: Decimal, currency: str) -> int:
        """Money in minor units.

        Raises:
            Wrong: the currency has no such small coin.
        """
        scaled = amount.scaleb(exponent_of(currency))
        if not scaled.is_finite() or (whole := int(scaled)) != scaled:
            raise Wrong(f"{amount} is no amount of {currency}: it has {exponent_of(currency)} "
                        "decimals")  # fmt: skip
        return whole

    def programme(self, business_date: int) -> Programme:
        """The programme in force on a day.

        Raises:
            Wrong: none is.
        """
        programme = self.overlay.programme_on(business_date)
        if programme is None:
            raise Wrong(f"no programme is in force on {iso(business_date)}")
        return programme

    @property
    def today(self) -> int:
        """The business date of the last moment so far."""
        return self.begins if self.latest is None else self.latest.business_date

    @property
    def sections(self) -> Mapping[str, Any]:
        """The document in force at this point, as plain data.

        Any: a document has whatever sections the language has.
        """
        return sections(self.programme(self.today).checked.document)

    def account(self, member: str) -> Account:
        """A member's account as it stands."""
        return unpack(self.overlay.packed(member))

    def last(self, name: str) -> Happened | Quoted | None:
        """What happened under a name, the last time."""
        return self.named[name][-1] if name in self.named else None

    def event_id(self, name: str) -> str:
        """The event id behind a name; a name that nothing has is taken for an id."""
        found = self.last(name)
        return name if found is None else found.event.header.event_id

    def earlier(self, name: str, kind: type[Kind]) -> Kind | None:
        """The event of a kind that happened under a name."""
        for happened in self.named.get(name, ()):
            if isinstance(happened, Happened) and isinstance(happened.event, kind):
                return happened.event
        return None

    def unheard(self, what: str, name: str) -> Wrong:
        """The mistake of naming what has not happened."""
        so_far = ", ".join(list(self.named)[-NAMES_MAX:]) or "nothing has a name"
        return Wrong(f"there is no {what} `{name}` so far; there is: {so_far}")


@lru_cache(maxsize=65_536)
def _moment_of(local: dt.datetime, zone: str) -> Moment:
    try:
        return days.moment_of(local, zone)
    except (KeyError, ValueError):
        raise Wrong(f"there is no time zone `{zone}`") from None


@lru_cache(maxsize=65_536)
def _month_day(day: int) -> int:
    date = date_of(day)
    return date.month * 100 + date.day


@lru_cache(maxsize=4096)
def _close_of(day: int, zone: str) -> Event:
    return days.close_day(EPOCH + dt.timedelta(days=day), zone)
