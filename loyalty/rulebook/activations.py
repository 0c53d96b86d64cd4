"""Which programmes were activated and which promotions stopped, as the ledger tells it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from infra.log import LedgerLog
from infra.settings import Settings
from infra.wiring import ledger_log
from loyalty.explaining import number
from loyalty.outcome import Trouble
from loyalty.programmes import checked_file, text_of
from loyalty.reading import read_entries
from processors.core import succession
from processors.core.document import Checked, ProgrammeInvalid, check
from processors.core.yaml_tree import Mistake
from processors.stream.seat import read
from schemas import events, ledger
from schemas.codec import EventRefused, decode_event
from schemas.refusals import Refusal

_WANTED = (b"ProgrammeActivated", b"PromotionStopped")


class Activation(Struct, frozen=True):
    """One activation, accepted or refused.

    Attributes:
        name, version: of the programme; empty and 0 for a refused document that is none.
        document: canonical JSON; empty if it was refused.
        effective_from: the first business date it decides.
        by: who activated it, as far as it was said.
        at_ms: when it came into the log; None if the log has it no more.
        reason: why it was refused; empty if it was not.
    """

    name: str
    version: int
    document: str
    effective_from: int
    by: str
    at_ms: int | None
    reason: str


class Stopped(Struct, frozen=True):
    """One promotion that was ended by hand.

    Attributes:
        on, because, by: on which business date, why and by whom.
        event: what ended it; None if the log has it no more.
    """

    promotion_id: str
    on: int
    because: str
    by: str
    event: events.PromotionStopped | None


class History(Struct, frozen=True):
    """Activations and stops, in the order of the log."""

    activations: Sequence[Activation]
    stops: Sequence[Stopped]

    @property
    def accepted(self) -> list[Activation]:
        """The activations that count."""
        return [one for one in self.activations if not one.reason]

    def live(self, on: int) -> Activation | None:
        """What decides a sale of a business date: the last activated that holds by then."""
        held = [one for one in self.accepted if one.effective_from <= on]
        return held[-1] if held else None

    def last_day(self, activation: Activation) -> int | None:
        """The last business date it decides; None as long as no other follows."""
        place = next(at for at, one in enumerate(self.accepted) if one is activation)
        later = [one.effective_from for one in self.accepted[place + 1 :]]
        return min(later) - 1 if later else None


def today() -> int:
    """This day, as the ledger counts."""
    return number(date.today())  # noqa: DTZ011  the day on the wall of whoever asks


def read_history(settings: Settings) -> History:
    """What the ledger says of programmes; every partition says the same, so one is read.

    Raises:
        LogUnavailable: the log cannot be reached.
        Trouble: the ledger cannot be read to its end.
    """
    log = ledger_log(settings)
    try:
        return _history(log, settings.generation)
    finally:
        log.close()


def _history(log: LedgerLog, generation: str) -> History:
    activations: list[Activation] = []
    stops: list[Stopped] = []
    for entry in read_entries(log, generation, 0, lambda v: any(word in v for word in _WANTED)):
        record = entry.record
        if record.event_type not in {"ProgrammeActivated", "PromotionStopped"}:
            continue
        if record.reason in {Refusal.DUPLICATE, Refusal.CONFLICT}:
            continue  # the same said again changes nothing
        message = log.read_input(0, entry.prefix.source_offset)
        at_ms = None if message is None else message.timestamp_ms
        event = None if message is None else decode_event(message.value)
        if isinstance(event, EventRefused):
            event = None
        for effect in record.effects:
            if isinstance(effect, ledger.ProgrammeActivated):
                by = event.activated_by if isinstance(event, events.ProgrammeActivated) else ""
                activations.append(
                    Activation(
                        effect.name, effect.version, effect.document, effect.effective_from,
                        by, at_ms, "",
                    )
                )  # fmt: skip
            elif isinstance(effect, ledger.PromotionStopped):
                stop = event if isinstance(event, events.PromotionStopped) else None
                by = "" if stop is None else stop.stopped_by
                on = record.business_date
                stops.append(Stopped(effect.promotion_id, on, effect.because, by, stop))
        if record.reason and isinstance(event, events.ProgrammeActivated):
            activations.append(
                Activation(
                    "", 0, "", event.effective_from, event.activated_by, at_ms, record.reason
                )
            )
    return History(activations, stops)


def live_programme(history: History) -> Checked:
    """What decides a sale of today.

    Raises:
        Trouble: nothing is in force.
    """
    found = history.live(today())
    if found is None:
        raise Trouble("No programme is in force; `loyalty activate FILE --from DATE` brings one.")
    return check(found.document)


def must_follow(file: Path, history: History) -> None:
    """Refuse a programme that cannot follow those that were activated.

    Raises:
        Trouble: the file cannot be read.
        ProgrammeInvalid: an id is something else than it was, or the version is not higher.
    """
    said = (
        mistakes(history, checked_file(file), text_of(file), str(file)) if history.accepted else ()
    )
    if said:
        raise ProgrammeInvalid(said)


def mistakes(history: History, checked: Checked, text: str, name: str) -> tuple[Mistake, ...]:
    """Why a programme cannot follow those that were activated, by line of its text.

    Raises:
        Trouble: nothing was ever activated.
    """
    earlier = [check(one.document) for one in history.accepted[:-1]]
    return succession.mistakes(last_activated(history), checked, text, name, earlier)


def closed_through(settings: Settings) -> int | None:
    """The last business date that a partition has closed, as its processor notes it.

    Raises:
        LogUnavailable: the log cannot be reached.
    """
    log = ledger_log(settings)
    try:
        seats = [read(log.noted(partition).note) for partition in range(log.identity.partitions)]
    finally:
        log.close()
    days = [seat.closed_through for seat in seats if seat is not None]
    return max((day for day in days if day is not None), default=None)


def last_activated(history: History) -> Checked:
    """What was activated last, whether it is in force today or later.

    Raises:
        Trouble: nothing was ever activated.
    """
    if not history.accepted:
        raise Trouble("No programme was ever activated.")
    return check(history.accepted[-1].document)
