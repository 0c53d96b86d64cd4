"""Years of a simulated chain as one stream of events, in the order of time.

Memory does not grow with the members: the year is walked day by day, and a day moment by moment.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from heapq import merge
from itertools import accumulate
from zoneinfo import ZoneInfo

from msgspec import Struct

from producers import pos
from producers.days import CHAIN_ZONE, close_day, start_of
from producers.pos import Moment
from producers.simulate import baskets, campaigns, draws, receipts, shape
from producers.simulate.chain import GROUPS, Chain, joined_by, member_id, plan, store_id, visit_at
from schemas.events import Event

MEMBERS_MAX = 100_000_000
STORES_MAX = 100_000
YEARS_MAX = 50
_JOINING, _RETURNING = GROUPS + 1, GROUPS + 2
_HOUR_MS = 3_600_000


def events(
    members: int, stores: int, years: int, seed: int, first_day: date = date(2017, 1, 1)
) -> Iterator[Event]:
    """The events of a chain, the same for the same arguments, byte for byte.

    Raises:
        ValueError: before the first event, if an argument is outside what can be simulated.
    """
    for name, value, most in (
        ("members", members, MEMBERS_MAX),
        ("stores", stores, STORES_MAX),
        ("years", years, YEARS_MAX),
    ):
        if not 1 <= value <= most:
            raise ValueError(f"{name} must be from 1 to {most:,}, not {value:,}")
    if not 0 <= seed < 1 << 64:
        raise ValueError(f"the seed must be from 0 to 2^64 - 1, not {seed}")
    return _years(Chain(seed, members, stores, first_day, years))


def _years(chain: Chain) -> Iterator[Event]:
    for day in range(chain.start_of_year(chain.years)):
        if day == 0:
            opening = start_of(chain.first_day)
            for member in range(joined_by(chain, 0)):
                yield _enrolled(chain, member, opening)
        yield from campaigns.offers(chain, day)
        yield from _trading(chain, day)
        yield close_day(chain.date_of(day))


def _trading(chain: Chain, day: int) -> Iterator[Event]:
    """What happens at the tills on a day: receipts, returns, and members who join."""
    clock = clock_of(chain.date_of(day))
    first = joined_by(chain, day)
    joining = joined_by(chain, day + 1) - first
    returning = receipts.returned_on(chain, day)
    returns = sum(1 for _ in receipts.returned_on(chain, day))
    counts = [(group, plan(chain, day, group).count) for group in range(GROUPS + 1)]
    streams = [*counts, (_JOINING, joining), (_RETURNING, returns)]
    times = [
        _times(clock, stream, count, draws.four(chain.seed, draws.PHASE, day, stream)[0])
        for stream, count in streams
        if count
    ]
    for elapsed, stream, index in merge(*times):
        moment = clock.moment(elapsed)
        if stream == _JOINING:
            yield _enrolled(chain, first + index, moment)
        elif stream == _RETURNING:
            yield receipts.of_return(chain, *next(returning), moment)
        else:
            yield from receipts.of_visit(chain, visit_at(chain, day, stream, index), moment)


class Clock(Struct, frozen=True, gc=False):
    """A day at the tills, which need not have 24 hours.

    Attributes:
        start_ms, length_ms: its midnight, and how long it is.
        offsets_min: the stores' distance from UTC in each hour that passes.
        business_date: days since 1970-01-01.
    """

    start_ms: int
    length_ms: int
    offsets_min: tuple[int, ...]
    business_date: int

    def moment(self, elapsed_ms: int) -> Moment:
        """The moment so long after midnight."""
        offset = self.offsets_min[elapsed_ms // _HOUR_MS]
        return Moment(self.start_ms + elapsed_ms, offset, self.business_date)


def clock_of(day: date) -> Clock:
    """The day of a date, in the chain's zone."""
    start, end = start_of(day), start_of(day + timedelta(days=1))
    length = end.at_ms - start.at_ms
    zone = ZoneInfo(CHAIN_ZONE)
    hours = (start.at_ms // 1000 + 3600 * hour for hour in range(length // _HOUR_MS))
    offsets = (datetime.fromtimestamp(at, UTC).astimezone(zone).utcoffset() for at in hours)
    return Clock(
        start.at_ms,
        length,
        tuple((offset or timedelta()) // timedelta(minutes=1) for offset in offsets),
        start.business_date,
    )


@cache
def _upto() -> tuple[int, ...]:
    """Baskets before the end of each hour, in fine parts."""
    return tuple(accumulate(hour * 1_000_000 for hour in shape.HOURS))


def _times(clock: Clock, stream: int, count: int, phase: int) -> Iterator[tuple[int, int, int]]:
    """When each of a day's `count` comes, spread over the day as trade is.

    They come at even distances of trade; `phase`, of 64 bits, is how soon the first one comes.
    """
    upto = _upto()
    hour_ms = clock.length_ms // len(shape.HOURS)
    for index in range(count):
        part = ((index << 64) + phase) * upto[-1] // (count << 64)
        hour = bisect_right(upto, part)
        size = shape.HOURS[hour] * 1_000_000
        within = part - upto[hour] + size
        yield hour * hour_ms + within * hour_ms // size, stream, index


def _enrolled(chain: Chain, member: int, moment: Moment) -> Event:
    home = store_id(baskets.traits_of(chain, member).home)
    return pos.enrolment(member_id(member), moment, home)
