"""The simulated chain: who has joined by when, who shops on which day, what comes back.

Members are numbers.  Each belongs to one of sixteen groups that shop more or less often, and each
day a shuffle of the group says who comes and in which order.  A shuffle can be asked from both
ends: walking through the day asks it for the visitors, looking back at one member asks it whether
that member came.  So nothing is kept for any member.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from msgspec import Struct

from producers import pos
from producers.simulate import draws, shape
from producers.simulate.draws import Shuffle

GROUPS = len(shape.RATES)
ANONYMOUS = GROUPS
"""The group of those without a card; its visitors are nobody in particular."""
JOINING_DAYS = 56
"""Half of the members are there when the chain begins; the others join over eight weeks."""
RETURNED_PER_MILLE = 10
LAG_DAYS_MAX = 20
"""A receipt is returned at most so many days later."""
BLOCK_DAYS = 32
"""Days that are looked back on together."""
_PLANS_KEPT = 16_384


class Chain(Struct, frozen=True, gc=False):
    """What a simulation is a function of.  Days within it count from 0."""

    seed: int
    members: int
    stores: int
    first_day: date
    years: int

    def date_of(self, day: int) -> date:
        """The calendar date of a day of the simulation."""
        return self.first_day + timedelta(days=day)

    def is_weekend(self, day: int) -> bool:
        """Whether a day of the simulation is a Saturday or a Sunday."""
        return (self.first_day.weekday() + day) % 7 > 4

    def start_of_year(self, year: int) -> int:
        """The day on which a year begins, counted from 0; the one after the last is the end."""
        first = self.first_day
        leap = (first.month, first.day) == (2, 29)
        start = date(first.year + year, 3, 1) if leap else first.replace(year=first.year + year)
        return (start - first).days if year else 0


class Plan(Struct, frozen=True, gc=False):
    """Who of a group shops on a day.

    Attributes:
        count: visits.
        visitors: of a group of members: which of them come, the first `count` places.
        returned: how many of the visits' receipts come back later.
        returns: which, the first `returned` places.
    """

    count: int
    visitors: Shuffle | None
    returned: int
    returns: Shuffle | None


class Visit(Struct, frozen=True, gc=False):
    """One coming to a till: the day, and the place in the day's plan of a group.

    `member` is -1 for those without a card.
    """

    day: int
    group: int
    index: int
    member: int


def joined_by(chain: Chain, day: int) -> int:
    """How many members have enrolled when a day opens: all numbers below it."""
    first = (chain.members + 1) // 2
    later = chain.members - first
    return first + later * min(day, JOINING_DAYS) // JOINING_DAYS


def group_size(members: int, group: int) -> int:
    """How many of the numbers below `members` belong to a group."""
    return (members - group + GROUPS - 1) // GROUPS


@lru_cache(maxsize=_PLANS_KEPT)
def plan(chain: Chain, day: int, group: int) -> Plan:
    """Who of a group comes on a day."""
    size = 0
    if group == ANONYMOUS:
        with_card = sum(plan(chain, day, other).count for other in range(GROUPS))
        parts = 1000 - shape.ANONYMOUS_PER_MILLE
        count = _rounded(chain, day, group, with_card * shape.ANONYMOUS_PER_MILLE, parts)
    else:
        size = group_size(joined_by(chain, day), group)
        weekday = shape.WEEKDAYS[chain.date_of(day).weekday()] * 7
        rate = shape.RATES[group] * shape.BASKETS_A_YEAR * weekday
        whole = 1000 * 365 * sum(shape.WEEKDAYS)
        count = min(size, _rounded(chain, day, group, size * rate, whole))
    returned = _rounded(chain, day, group + GROUPS + 1, count * RETURNED_PER_MILLE, 1000)
    key = day * (GROUPS + 1) + group
    return Plan(
        count,
        draws.shuffle(chain.seed, draws.VISITORS, key, 0, size) if size else None,
        min(returned, count),
        draws.shuffle(chain.seed, draws.RETURNS, key, 0, count) if count else None,
    )


def visit_at(chain: Chain, day: int, group: int, index: int) -> Visit:
    """The visit at a place of a day's plan."""
    visitors = plan(chain, day, group).visitors
    member = -1 if visitors is None else visitors.at(index) * GROUPS + group
    return Visit(day, group, index, member)


def visits_of(chain: Chain, member: int, block: int) -> Iterator[tuple[Visit, bool]]:
    """A member's visits of a block of days, each with whether something of it will come back.

    Nobody comes twice a day.
    """
    number, group = divmod(member, GROUPS)
    for day, known, visitors, returns in _plans_of(chain, group, block):
        # Who has not joined yet has a number beyond the day's visitors.
        if number < visitors.size:
            index = visitors.place_of(number)
            if index < known.count:
                returned = returns.place_of(index) < known.returned
                yield Visit(day, group, index, member), returned


@lru_cache(maxsize=_PLANS_KEPT // BLOCK_DAYS)
def _plans_of(
    chain: Chain, group: int, block: int
) -> tuple[tuple[int, Plan, Shuffle, Shuffle], ...]:
    """The plans of a block of days on which anybody of a group comes."""
    start = block * BLOCK_DAYS
    plans = ((day, plan(chain, day, group)) for day in range(start, start + BLOCK_DAYS))
    return tuple(
        (day, known, known.visitors, known.returns)
        for day, known in plans
        if known.visitors is not None and known.returns is not None
    )


def returned_after(chain: Chain, day: int, group: int, place: int) -> int:
    """After how many days the receipt at a place of a day's returns comes back."""
    key = day * (GROUPS + 1) + group
    return 1 + draws.four(chain.seed, draws.LAG, key, place)[0] % LAG_DAYS_MAX


def member_id(member: int) -> str:
    """The name of a member: a number, no personal data."""
    return f"member-{member:07d}"


def store_id(store: int) -> str:
    """The name of a store: four digits, the first of them is 0101."""
    return f"{101 + store:04d}"


def account_of(visit: Visit, store: str) -> str:
    """What owns the points of a visit: the member, or the store for those without a card."""
    return pos.anonymous_account(store) if visit.member < 0 else member_id(visit.member)


def _rounded(chain: Chain, day: int, about: int, numerator: int, denominator: int) -> int:
    return draws.rounded(chain.seed, day, about, numerator, denominator)
