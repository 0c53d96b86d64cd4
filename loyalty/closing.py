"""Closing business days by themselves, while `loyalty run` is left running."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from time import monotonic, time
from zoneinfo import ZoneInfo

from infra.settings import Settings
from infra.wiring import publisher_log_of_service
from loyalty.journal import Lines
from processors.core.partition import PartitionState
from processors.words.calendar import date_of
from producers import days
from producers.publish import publish

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
        if not busy:
            return
        self._look_at = monotonic() + LOOKED_EVERY_S
        zones = self._zones | {str(busy[0].programmes[-1].programme.body.zone)}
        now = datetime.fromtimestamp(self._wall(), tz=ZoneInfo("UTC"))
        found = due(self._last(busy, now, zones), now, zones, self._settings.close_day_after_min)
        if found is None:
            self._warn(busy)
            return
        unsaid = next((at for at, day in enumerate(found) if day not in self._said), len(found))
        if found[unsaid:]:
            self._close(found[unsaid:])

    def _last(
        self, states: Sequence[PartitionState], now: datetime, zones: Collection[str]
    ) -> date:
        """The last day that all have closed; before the first, the one before last.

        A partition that a day was not said to, because whoever did it was killed, can close no
        later one: so it is said again, which is harmless where it was heard.
        """
        known = [date_of(one.closed_through) for one in states if one.closed_through is not None]
        if known:
            return min(known)
        return min(now.astimezone(ZoneInfo(zone)).date() for zone in zones) - timedelta(days=2)

    def _close(self, found: Sequence[date]) -> None:
        log = publisher_log_of_service(self._settings)
        try:
            publish([days.close_day(day) for day in found], log)
        finally:
            log.close()
        self._said.update(found)
        for day in found:
            self._lines.info("day over", date=day.isoformat())

    def _warn(self, states: Sequence[PartitionState]) -> None:
        if self._warned:
            return
        self._warned = True
        closed = max(one.closed_through or 0 for one in states)
        self._lines.warning(
            "days are not closed",
            last_closed=date_of(closed).isoformat(),
            why="more than a month is open: this is history, whose days `loyalty close-day` closes",
        )
