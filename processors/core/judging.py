"""Which promotions act on a sale: the occasion, the person, the basket, which purchase it is."""

from collections.abc import Callable, Collection, Iterable, Sequence
from hashlib import sha256
from typing import Final, final

from mypy_extensions import mypyc_attr

from processors.core.account import Account
from processors.core.evolve import counted
from processors.core.programme import Programme
from processors.core.rule import Control, Nth, Rule
from processors.words.floor import Floor
from processors.words.person import Person
from schemas.events import Header, SaleRecorded

BUCKETS: Final = 10_000


@mypyc_attr(acyclic=True)
@final
class Judged:
    """What holds for one sale.

    Attributes:
        active: a bit per promotion that acts.
        withheld: a bit per promotion that would act, but the member is control.
        personal: promotions with conditions on the member that hold, for a later return.
        counted: counters of purchases that this sale moves.
    """

    __slots__ = ("active", "counted", "personal", "withheld")

    def __init__(
        self, active: int, withheld: int, personal: tuple[str, ...], counted: tuple[str, ...]
    ) -> None:
        self.active: Final = active
        self.withheld: Final = withheld
        self.personal: Final = personal
        self.counted: Final = counted


Money = Callable[[], Sequence[int]]
"""By line, the money that counts (`earns_on`), in minor units; worked out when it is asked for."""


def levels_of(account: Account, programme: Programme) -> tuple[str, ...]:
    """The account's level on each ladder; the lowest where it was never moved."""
    tiers = account.tiers
    found = []
    for name, ladder in programme.ladders.items():
        standing = tiers.get(name)
        lowest = ladder.levels[0]
        known = standing is not None and standing.level in ladder.levels
        found.append(standing.level if standing is not None and known else lowest)
    return tuple(found)


def person_of(
    account: Account, programme: Programme, levels: Sequence[str] | None = None
) -> Person:
    """The account as the words of a programme see it; on other levels, if they are said."""
    return Person(
        levels_of(account, programme) if levels is None else levels,
        account.labels,
        account.segments,
        account.birthday,
        account.enrolled_on,
        account.sales,
    )


def is_stopped(rule: Rule, stopped: Collection[str]) -> bool:
    """Whether a promotion was ended by hand: then it gives, takes off and exchanges nothing more.

    The one place that says so; whatever lets a rule act asks here first.
    """
    return rule.id in stopped


def stopped_bits(programme: Programme, stopped: Collection[str]) -> int:
    """The bits of the rules that were ended by hand."""
    if not stopped:
        return 0
    rules = (rule for rule in programme.rules if rule is not None)
    return sum(rule.bit for rule in rules if is_stopped(rule, stopped))


def judged(
    sale: SaleRecorded,
    account: Account,
    programme: Programme,
    money: Money,
    stopped: Collection[str] = (),
    levels: Sequence[str] | None = None,
) -> Judged:
    """Which promotions of sales act on this one, at the account's levels if no others are said."""
    header = sale.header
    here = programme.paid_in(sale.currency) & ~stopped_bits(programme, stopped)
    active = programme.always & here
    withheld = 0
    personal: list[str] = []
    counters: list[str] = []
    person: Person | None = None
    for rule in programme.conditional_on(header, sale.lines):
        if not rule.bit & here or not _now(rule, header):
            continue
        if rule.fits is not None:
            person = person or person_of(account, programme, levels)
            if not rule.fits(person, header.business_date):
                continue
        if rule.nth is not None and not is_nth(rule, rule.nth, sale, account, money, counters):
            continue
        if rule.floor is not None and not stands(rule.floor, sale, money):
            continue
        if rule.fits is not None or rule.nth is not None:
            personal.append(rule.id)
        if rule.control is not None and is_control(rule.control, header.member_id):
            withheld |= rule.bit
        else:
            active |= rule.bit
    return Judged(active, withheld, tuple(personal), tuple(counters))


def one_bonus_each(bits: int, programme: Programme) -> int:
    """Without the bonuses of a group behind the one that acts on a sale."""
    for order in programme.one_bonus:
        for at in [at for at in order if bits >> at & 1][1:]:
            bits &= ~(1 << at)
    return bits


def _now(rule: Rule, header: Header) -> bool:
    """Whether the hour and the till are the rule's, whose day and place are."""
    if rule.occasion is not None:
        for test in rule.occasion.of_moment:
            if not test(header):
                return False
    return True


def judged_again(
    sale: SaleRecorded, programme: Programme, held: Iterable[str], money: Money
) -> int:
    """The bits of what acts on what is left of a sale, of which the person was judged before."""
    header = sale.header
    held = frozenset(held)
    here = programme.paid_in(sale.currency)
    active = programme.always & here
    for rule in programme.conditional(header):
        if not rule.bit & here:
            continue
        if (rule.fits is not None or rule.nth is not None) and rule.id not in held:
            continue
        if not _now(rule, header):
            continue
        if rule.nth is not None and rule.nth.floor and not stands(rule.nth.floor, sale, money):
            continue
        if rule.floor is not None and not stands(rule.floor, sale, money):
            continue
        if rule.control is None or not is_control(rule.control, header.member_id):
            active |= rule.bit
    return active


def stands(floor: Floor, sale: SaleRecorded, money: Money) -> bool:
    """Whether a basket meets the conditions on it."""
    if floor.coupon and floor.coupon not in sale.coupons:
        return False
    if floor.tenders and not any(tender.kind in floor.tenders for tender in sale.tenders):
        return False
    if not floor.at_least_minor and not floor.units_milli:
        return True
    matches, lines = floor.matches, sale.lines
    counts = None if matches is None else [matches(line) for line in lines]
    if floor.at_least_minor and _counted(money(), counts) < floor.at_least_minor:
        return False
    if not floor.units_milli:
        return True
    return _counted([line.quantity_milli for line in lines], counts) >= floor.units_milli


def _counted(amounts: Sequence[int], counts: Sequence[bool] | None) -> int:
    """The sum of the lines that count; None if all do."""
    if counts is None:
        return sum(amounts)
    return sum([amount for at, amount in enumerate(amounts) if counts[at]])


def is_control(control: Control, member_id: str) -> bool:
    """Whether a member is held out: a pure function of salt and member, so that it never changes.

    The bucket is the first four bytes of SHA-256(salt, `|`, member id), modulo 10,000.
    """
    digest = sha256(f"{control.salt}|{member_id}".encode()).digest()
    return int.from_bytes(digest[:4]) % BUCKETS < control.below


def counter_of(rule: Rule, header: Header) -> str:
    """The counter of the purchases that a rule counts."""
    by = f"/{header.channel}" if rule.nth is not None and rule.nth.by_channel else ""
    return f"{rule.id}#sales{by}"


def is_nth(
    rule: Rule,
    nth: Nth,
    sale: SaleRecorded,
    account: Account,
    money: Money,
    counters: list[str],
) -> bool:
    """Whether this is the purchase that the rule waits for."""
    if nth.floor is None:
        # Every sale counts, and the account has counted them whatever programme was in force.
        before = account.sales.get(sale.header.channel, 0)
        return nth.hit(1 + (before if nth.by_channel else sum(account.sales.values())))
    if not stands(nth.floor, sale, money):
        return False
    counter = counter_of(rule, sale.header)
    counters.append(counter)
    return nth.hit(counted(account, counter, 0) + 1)
