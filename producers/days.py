"""Business days: when a day of the chain ends, and the event that says so.

Every event made here is a function of its arguments alone, so that closing the same day again
publishes the same bytes and is found to be a duplicate.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from producers.pos import Moment, day_number, iso
from schemas.events import BusinessDayClosed, Header

CHAIN_ZONE = "America/New_York"
"""Where the chain of the demo trades."""


_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  on the wall that is meant
_NOTHING, _MINUTE, _MILLISECOND = timedelta(), timedelta(minutes=1), timedelta(milliseconds=1)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def moment_of(local: datetime, zone: str = CHAIN_ZONE) -> Moment:
    """The instant of a wall clock in a zone; its business date is the date on that wall.

    A time that the clocks skip in spring is read by the offset before the change, one that they
    show twice in autumn as the first of the two.
    """
    offset = _zone(zone).utcoffset(local) or _NOTHING
    since_epoch = local - _EPOCH - offset
    return Moment(since_epoch // _MILLISECOND, offset // _MINUTE, day_number(local.date()))


def start_of(day: date, zone: str = CHAIN_ZONE) -> Moment:
    """The first instant of a day in a zone."""
    return moment_of(datetime.combine(day, time.min), zone)


def close_day(day: date, zone: str = CHAIN_ZONE) -> BusinessDayClosed:
    """Every store has closed `day`; it occurs at the midnight that ends the day in the zone."""
    end = start_of(day + timedelta(days=1), zone)
    return BusinessDayClosed(
        Header(
            event_id=f"day|{iso(day_number(day))}",
            account_id="",
            member_id="",
            occurred_at=end.at_ms,
            utc_offset_min=end.utc_offset_min,
            business_date=day_number(day),
        )
    )
