"""Closing business days by themselves, for a service that is left running."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from time import monotonic, sleep, time
from zoneinfo import ZoneInfo

from infra import postgres
from infra.settings import Settings
from infra.wiring import publisher_log_of_service
from loyalty.beside import Flag
from loyalty.journal import Lines
from processors.core.document import check
from processors.core.partition import PartitionState
from processors.words.calendar import date_of
from producers import days
from producers.publish import publish
from projections import open_days
from projections.install import install

LOOKED_EVERY_S = 10.0
BEHIND_DAYS_MAX = 35
"""If more days than this are open the log holds history, and its days are closed by hand."""


def due(
    closed: date, now: datetime, zones: Collection[str], minutes_after: int
) -> Sequence[date] | None:
    """The days behind `closed` that are over in every zone, in order; None if they are too many.

    Args:
        closed: the last closed day.
        now: an instant.
        zones: of the stores.
        minutes_after: how long after midnight tills may still send sales of the day.
    """
    late = now - timedelta(minutes=minutes_after)
    over = min(late.astimezone(ZoneInfo(zone)).date() for zone in zones) - timedelta(days=1)
    count = (over - closed).days
    if count > BEHIND_DAYS_MAX:
        return None
    return [closed + timedelta(days=number) for number in range(1, count + 1)]


class Closing:
    """Looks now and then whether a day is over, and says so to every partition.

    Closing a day again is harmless, so several of these may run side by side.

    Args:
        settings: of the log, and how long after midnight.
        lines: are told which day was closed.
        zones: of the stores; the programme's is asked beside them.
        wall: seconds since 1970.
    """

    def __init__(
        self,
        settings: Settings,
        lines: Lines,
        zones: Collection[str] = (),
        wall: Callable[[], float] = time,
    ) -> None:
        self._settings = settings
        self._lines = lines
        self._zones = frozenset(zones)
        self._wall = wall
        self._look_at = monotonic()
        self._said: set[date] = set()
        self._warned = False

    def look(self, states: Sequence[PartitionState]) -> None:
        """Close what is due, as the states of the open partitions have it.

        Raises:
            LogUnavailable: the log cannot be written to.
        """
        if monotonic() < self._look_at:
            return
        busy = [state for state in states if state.accounts and state.programmes]
        if busy:
            self._look_at = monotonic() + LOOKED_EVERY_S
            closed = [state.closed_through for state in busy]
            known = [date_of(day) for day in closed if day is not None]
            self.close_since(known, str(busy[0].programmes[-1].programme.body.zone))

    def close_since(self, closed: Sequence[date], zone: str) -> None:
        """Close what is due behind the days that partitions closed last.

        Args:
            closed: of the partitions that have closed any.
            zone: the programme's.

        Raises:
            LogUnavailable: the log cannot be written to.
        """
        zones = self._zones | {zone}
        now = datetime.fromtimestamp(self._wall(), tz=ZoneInfo("UTC"))
        found = due(_last(closed, now, zones), now, zones, self._settings.close_day_after_min)
        if found is None:
            self._warn(max(closed))
            return
        unsaid = next((at for at, day in enumerate(found) if day not in self._said), len(found))
        if found[unsaid:]:
            self._close(found[unsaid:])

    def _close(self, found: Sequence[date]) -> None:
        log = publisher_log_of_service(self._settings)
        try:
            publish([days.close_day(day) for day in found], log)
        finally:
            log.close()
        self._said.update(found)
        for day in found:
            self._lines.info("day over", date=day.isoformat())

    def _warn(self, closed: date) -> None:
        if self._warned:
            return
        self._warned = True
        self._lines.warning(
            "days are not closed",
            last_closed=closed.isoformat(),
            why="more than a month is open: this is history, whose days `loyalty close-day` closes",
        )


def _last(closed: Sequence[date], now: datetime, zones: Collection[str]) -> date:
    """The last day that all have closed; before the first, the one before last.

    A partition that a day was not said to, because whoever did it was killed, can close no later
    one: so it is said again, which is harmless where it was heard.
    """
    if closed:
        return min(closed)
    return min(now.astimezone(ZoneInfo(zone)).date() for zone in zones) - timedelta(days=2)


def follow(
    settings: Settings,
    lines: Lines,
    zones: Collection[str],
    stop: Flag,
    wall: Callable[[], float] = time,
) -> None:
    """Close days as the tables have them, until told to stop.

    Where many processors share the partitions, none of them knows what the others have closed;
    the tables do.  Tables that are behind only make it say a day again.

    Raises:
        LogUnavailable, DatabaseUnavailable: one of the two is out of reach.
    """
    closing = Closing(settings, lines, zones, wall)
    with postgres.server(settings):
        install(settings)
        with postgres.connect(settings, "analyst") as connection:
            look_at = monotonic()
            while not stop():
                if monotonic() < look_at:
                    sleep(min(LOOKED_EVERY_S, 1.0) / 5)
                    continue
                found = open_days.find(connection)
                if found is not None:
                    closing.close_since(found.closed, check(found.document).body.zone)
                look_at = monotonic() + LOOKED_EVERY_S
