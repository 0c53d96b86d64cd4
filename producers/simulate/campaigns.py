"""The campaigns of the simulated chain: the real ones, each giving `five-off` to its targets.

A shuffle of the members puts a campaign's targets first, and among them first those who will use
the voucher, so that anybody can be asked whether they are one.
"""

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from producers import pos
from producers.days import start_of
from producers.simulate import draws, shape
from producers.simulate.chain import Chain, joined_by, member_id
from producers.simulate.draws import Shuffle
from producers.simulate.earning import FIVE_OFF
from schemas.events import OfferMade

USED_WITHIN_DAYS = 29
_DAYS_KEPT = 512


class Campaign(Struct, frozen=True, gc=False):
    """One campaign of one year.

    Attributes:
        number: which, over all years.
        name: `c01` of the first year, `c01-2` of the second, and so on.
        published: the day its offers are made.
        first_day, last_day: its dates, as days of the simulation; the first may lie before it.
        targets: how many members it addresses.
        users: how many of these will use the voucher when they can.
        members: who they are, the targets first.
    """

    number: int
    name: str
    published: int
    first_day: int
    last_day: int
    targets: int
    users: int
    members: Shuffle


@lru_cache(maxsize=8)
def campaigns(chain: Chain) -> tuple[Campaign, ...]:
    """All campaigns that begin within the simulation, in order of publication."""
    found = []
    for year in range(chain.years):
        start = chain.start_of_year(year)
        for at, (offset, length, per_mille, users) in enumerate(shape.CAMPAIGNS):
            first = start + offset
            published = max(first, 0)
            if published >= chain.start_of_year(chain.years):
                continue
            known = joined_by(chain, published)
            number = year * len(shape.CAMPAIGNS) + at
            targets = -(-known * per_mille // 1000)
            found.append(
                Campaign(
                    number, f"c{at + 1:02d}" + (f"-{year + 1}" if year else ""), published,
                    first, first + length - 1, targets, -(-targets * users // 1000),
                    draws.shuffle(chain.seed, draws.TARGETS, number, 0, known),
                )
            )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.published, one.number)))


@lru_cache(maxsize=_DAYS_KEPT)
def usable_on(chain: Chain, day: int) -> tuple[Campaign, ...]:
    """The campaigns whose vouchers members still think of on a day."""
    return tuple(
        one
        for one in campaigns(chain)
        if one.published <= day <= min(one.published + USED_WITHIN_DAYS, one.last_day)
    )


def wished_by(chain: Chain, day: int, member: int) -> list[Campaign]:
    """The campaigns of a day whose voucher a member has and means to use."""
    return [
        one
        for one in usable_on(chain, day)
        if member < one.members.size and one.members.place_of(member) < one.users
    ]


def offers(chain: Chain, day: int) -> Iterator[OfferMade]:
    """The offers made when a day opens."""
    for one in campaigns(chain):
        if one.published == day:
            moment = start_of(chain.date_of(day))
            for place in range(one.targets):
                member = member_id(one.members.at(place))
                yield OfferMade(
                    pos.header_of(offer_id(one, member), member, moment),
                    campaign_id=one.name,
                    voucher=FIVE_OFF,
                    first_day=moment.business_date + one.first_day - day,
                    last_day=moment.business_date + one.last_day - day,
                )


def offer_id(campaign: Campaign, member: str) -> str:
    """The business key of an offer."""
    return f"offer|{campaign.name}|{member}|{FIVE_OFF}"


def voucher_id(campaign: Campaign, member: str) -> str:
    """The voucher that an offer gave."""
    return offer_id(campaign, member) + "#1"
