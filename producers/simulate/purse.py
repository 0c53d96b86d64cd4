"""What a member surely has: found by living the member's visits again, not by remembering.

A purse is never fuller than the account is: receipts that will come back count for nothing from
the start, stars count a day later than they mature and vouchers a while shorter than they hold.
So what is used out of it is there, but for rare cases that the ledger refuses, as in life.

The caches make it fast and change nothing; their size does not depend on the number of members.
"""

from functools import lru_cache

from msgspec import Struct

from producers.simulate import baskets, campaigns
from producers.simulate.baskets import Basket, Worth
from producers.simulate.campaigns import Campaign
from producers.simulate.chain import BLOCK_DAYS, Chain, Visit, visits_of
from producers.simulate.earning import (
    FIVE_OFF_MINOR,
    POINTS_A_VOUCHER,
    STARS_STEP,
    STARS_STEP_MINOR,
    TEN_OFF_MINOR,
)

VOUCHER_DAYS = 50
STARS_FROM_DAYS, STARS_DAYS = 3, 85
STARS_AT_ONCE_MAX = 300
LEAST_PAID_BY_CARD_MINOR = 500
"""Nobody comes for less than that; it also keeps vouchers below what they are used on."""
_PURSES_KEPT = 32_768


class Purse(Struct, frozen=True, gc=False):
    """What a member has on the morning of a day.

    Attributes:
        points: not yet made into a voucher.
        vouchers: the days on which unused `ten-off` were given, the oldest first.
        stars: (day, unspent stars) of the receipts that gave some, the oldest first.
        used: the numbers of the campaigns whose voucher was used.
    """

    points: int = 0
    vouchers: tuple[int, ...] = ()
    stars: tuple[tuple[int, int], ...] = ()
    used: tuple[int, ...] = ()


class Use(Struct, frozen=True, gc=False):
    """What a member uses on one visit: a `ten-off`, so many stars, a campaign's voucher."""

    ten_off: bool = False
    stars: int = 0
    campaign: Campaign | None = None

    @property
    def voucher_minor(self) -> int:
        """What the vouchers pay."""
        campaign_minor = FIVE_OFF_MINOR if self.campaign is not None else 0
        return TEN_OFF_MINOR * self.ten_off + campaign_minor

    @property
    def stars_minor(self) -> int:
        """What the stars pay."""
        return self.stars // STARS_STEP * STARS_STEP_MINOR


NOTHING = Use()
_EMPTY = Purse()


def use_of(chain: Chain, visit: Visit, basket: Basket) -> Use:
    """What is used on a visit; the member's past is looked up only where it may matter."""
    if visit.member < 0:
        return NOTHING
    wishes = campaigns.wished_by(chain, visit.day, visit.member)
    if not (basket.mindful or wishes):
        return NOTHING
    purse = purse_before(chain, visit.member, visit.day)
    return _use(_fresh(purse, visit.day), visit.day, basket, wishes)


def purse_before(chain: Chain, member: int, day: int) -> Purse:
    """What a member has on the morning of a day."""
    block = day // BLOCK_DAYS
    return _lived(chain, member, _purse_at_block(chain, member, block), block, day)


def _purse_at_block(chain: Chain, member: int, block: int) -> Purse:
    return _kept_purse(chain, member, block) if block else _EMPTY


@lru_cache(maxsize=_PURSES_KEPT)
def _kept_purse(chain: Chain, member: int, block: int) -> Purse:
    before = _purse_at_block(chain, member, block - 1)
    return _lived(chain, member, before, block - 1, block * BLOCK_DAYS)


def _lived(chain: Chain, member: int, purse: Purse, block: int, end: int) -> Purse:
    """The purse after a block's visits on days before `end`."""
    for visit, returned in visits_of(chain, member, block):
        if visit.day >= end:
            break
        purse = _after(chain, visit, _fresh(purse, visit.day), returned=returned)
    return purse


def _after(chain: Chain, visit: Visit, purse: Purse, *, returned: bool) -> Purse:
    worth = baskets.worth_of(chain, visit)
    wishes = campaigns.wished_by(chain, visit.day, visit.member)
    use = _use(purse, visit.day, worth, wishes) if worth.mindful or wishes else NOTHING
    points, vouchers, stars, used = purse.points, purse.vouchers, purse.stars, purse.used
    if use is not NOTHING:
        stars = _spent(stars, use.stars)
        vouchers = vouchers[1:] if use.ten_off else vouchers
        used = used if use.campaign is None else (*used, use.campaign.number)
    if not returned:
        points += worth.points(use.voucher_minor + use.stars_minor)
        vouchers += (visit.day,) * (points // POINTS_A_VOUCHER)
        points %= POINTS_A_VOUCHER
        if worth.stars:
            stars += ((visit.day, worth.stars),)
    return Purse(points, vouchers, stars, used)


def _use(purse: Purse, day: int, basket: Basket | Worth, wishes: list[Campaign]) -> Use:
    """What a member uses of a purse, so that enough is left to pay by card."""
    left = basket.net_minor - LEAST_PAID_BY_CARD_MINOR
    campaign = next((one for one in wishes if one.number not in purse.used), None)
    if left < FIVE_OFF_MINOR:
        campaign = None
    left -= FIVE_OFF_MINOR if campaign is not None else 0
    if not basket.mindful:
        return Use(campaign=campaign) if campaign is not None else NOTHING
    ten_off = bool(purse.vouchers) and left >= TEN_OFF_MINOR
    left -= TEN_OFF_MINOR if ten_off else 0
    ripe = sum(stars for given, stars in purse.stars if given + STARS_FROM_DAYS <= day)
    payable = max(left, 0) // STARS_STEP_MINOR * STARS_STEP
    stars = min(ripe // STARS_STEP * STARS_STEP, payable, STARS_AT_ONCE_MAX)
    return Use(ten_off, stars, campaign)


def _spent(lots: tuple[tuple[int, int], ...], stars: int) -> tuple[tuple[int, int], ...]:
    """The lots after `stars` are spent, the oldest first, as the ledger spends them."""
    kept = []
    for day, left in lots:
        taken = min(left, stars)
        stars -= taken
        if left > taken:
            kept.append((day, left - taken))
    return tuple(kept)


def _fresh(purse: Purse, day: int) -> Purse:
    """The purse without what is too old to be sure of."""
    vouchers, stars = purse.vouchers, purse.stars
    if (not vouchers or vouchers[0] + VOUCHER_DAYS >= day) and (
        not stars or stars[0][0] + STARS_DAYS >= day
    ):
        return purse
    return Purse(
        purse.points,
        tuple(issued for issued in vouchers if issued + VOUCHER_DAYS >= day),
        tuple(lot for lot in stars if lot[0] + STARS_DAYS >= day),
        purse.used,
    )
