"""A checked document, compiled: what decisions ask of a programme, answered with integers.

Compiled once when it is activated.  Which promotions can apply to an article is worked out the
first time the article is seen and remembered, so that the cost of a line does not grow with the
number of promotions.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import prod
from typing import NamedTuple

from processors.core.document import Checked, Promotion, check
from processors.core.document import Wallet as WalletWords
from processors.words.calendar import month_end, months_later
from processors.words.exact import minor_units
from processors.words.items import Matches, compile_exclusion
from processors.words.occasion import Holds, compile_occasion
from processors.words.stages import Base, Exchange, Factor
from schemas.currencies import exponent_of
from schemas.events import Line
from schemas.ledger import NEVER

ARTICLES_KEPT = 200_000
"""Articles remembered; past that all are forgotten and learnt again."""


class Pay(NamedTuple):
    """How a wallet pays: the least, the step, and the share of a basket as a fraction."""

    points_min: int
    points_step: int
    share: tuple[int, int]


class Wallet(NamedTuple):
    """A wallet's terms.

    Attributes:
        name: as the document calls it.
        value: units and the minor amount they are worth; None if the document does not say.
        pay: how it pays; None if it cannot.
        spendable_on: business date → first day points earned then can be spent.
        last_day: business date → last day of points earned then, NEVER for none.
    """

    name: str
    value: tuple[int, int] | None
    pay: Pay | None
    spendable_on: Callable[[int], int]
    last_day: Callable[[int], int]


class Voucher(NamedTuple):
    """A voucher's terms: what it takes off, when it starts after issue, how long it holds."""

    name: str
    amount_minor: int
    starts_after_days: int
    days: int


class Convert(NamedTuple):
    """An exchange with the promotion it belongs to."""

    exchange: Exchange
    promotion: Promotion
    holds: Holds | None


class Plan(NamedTuple):
    """How some factors of a family act together.

    Attributes:
        scale: the product of their denominators, so that any product of them is whole.
        increments: the factors that hold on a line → what each adds to it, in 1/scale; learnt.
    """

    scale: int
    increments: dict[int, tuple[tuple[int, int], ...]]


class Family(NamedTuple):
    """A base and the factors that change it: rounded once, together.

    Attributes:
        base: the base's stage; base_at is its promotion's place in the document.
        factors: place of the promotion → factor, in document order.
        factor_mask: the bits of those promotions.
        plans: the factors that hold on any line of a basket → how they act together; learnt.
    """

    base: Base
    base_at: int
    factors: Mapping[int, Factor]
    factor_mask: int
    plans: dict[int, Plan]

    def plan(self, present: int) -> Plan:
        """How the factors of these bits act together."""
        plan = self.plans.get(present)
        if plan is None:
            held = [f.denominator for place, f in self.factors.items() if present >> place & 1]
            plan = self.plans[present] = Plan(prod(held), {})
        return plan


ArticleKey = tuple[str, str, str, str, str, tuple[str, ...], tuple[str, ...]]


class Programme:
    """One version of the whole rule set, compiled from its document.

    Attributes:
        checked: the document.
        promotions: in document order; a promotion's place is its bit in masks.
        wallets, vouchers: by name.
        families: what earns, in document order.
        converts: exchanges, in document order.
    """

    def __init__(self, checked: Checked) -> None:
        body = checked.body
        exponent = exponent_of(body.currency)
        self.checked = checked
        self.name = checked.name
        self.version = checked.version
        self.currency = body.currency
        self.earns_on = body.earns_on
        self.not_paid_with = frozenset(body.earns_on.not_paid_with)
        self.promotions = checked.promotions
        self.wallets = {
            name: _wallet(name, words, exponent) for name, words in body.wallets.items()
        }
        self.vouchers = {
            name: Voucher(
                name,
                minor_units(words.off.amount, exponent),
                int(words.valid.starts == "next_day"),
                words.valid.days,
            )
            for name, words in body.vouchers.items()
        }
        holds = [compile_occasion(p.head.when, p.head.where) for p in self.promotions]
        self.occasions = tuple((at, test) for at, test in enumerate(holds) if test is not None)
        self.always = sum(1 << at for at, test in enumerate(holds) if test is None)
        stages = [p.kind.build(p.words, 10**exponent) for p in self.promotions]
        self.families = _families(stages)
        self.converts = tuple(
            Convert(stage, self.promotions[at], holds[at])
            for at, row in enumerate(stages)
            for stage in row
            if isinstance(stage, Exchange)
        )
        self._matches: tuple[tuple[int, Matches], ...] = tuple(
            (1 << at, stage.matches)
            for at, row in enumerate(stages)
            for stage in row
            if isinstance(stage, Base | Factor)
        )
        never = body.earns_on.never
        self._never = None if never is None else compile_exclusion(never)
        self._earns = 1 << len(self.promotions)
        self._masks: dict[ArticleKey, int] = {}

    def masks(self, lines: Sequence[Line]) -> list[int]:
        """For each line a bit per promotion that can apply to it; 0 if it never earns."""
        known = self._masks
        masks = []
        for line in lines:
            key = (
                line.sku,
                line.department,
                line.category,
                line.brand,
                line.supplier,
                line.labels,
                line.flags,
            )
            mask = known.get(key)
            masks.append(self._learn(key, line) if mask is None else mask)
        return masks

    def _learn(self, key: ArticleKey, line: Line) -> int:
        mask = 0
        if self._never is None or not self._never(line):
            mask = self._earns
            for bit, matches in self._matches:
                if matches(line):
                    mask |= bit
        if len(self._masks) >= ARTICLES_KEPT:
            self._masks.clear()
        self._masks[key] = mask
        return mask


@lru_cache(maxsize=64)
def compiled(document: str) -> Programme:
    """The programme of a canonical document; remembered, for every partition activates it.

    Raises:
        ProgrammeInvalid: if the document is none.
    """
    return Programme(check(document))


def _wallet(name: str, words: WalletWords, exponent: int) -> Wallet:
    wait = words.pending.days + (words.pending.round_to == "day_end")
    value = words.value
    pay = words.pay
    return Wallet(
        name,
        None if value is None else (value.units, minor_units(value.amount, exponent)),
        None if pay is None else Pay(pay.min, pay.step, pay.max_share.as_integer_ratio()),
        lambda day: day + wait,
        _last_day(words),
    )


def _last_day(words: WalletWords) -> Callable[[int], int]:
    if words.expiry is None:
        return lambda _day: NEVER
    rolling = words.expiry.rolling
    months = rolling.years * 12 + rolling.months
    to_month_end = rolling.round_to == "month_end"

    @lru_cache(maxsize=1024)
    def last_day(day: int) -> int:
        end = months_later(day, months) + rolling.days
        return min(month_end(end) if to_month_end else end, NEVER - 1)

    return last_day


def _families(stages: list[tuple[Base | Factor | Exchange, ...]]) -> tuple[Family, ...]:
    """Factors change the amount bases of their wallet; where it has none, its unit bases."""
    bases = [(at, s) for at, row in enumerate(stages) for s in row if isinstance(s, Base)]
    factors = [(at, s) for at, row in enumerate(stages) for s in row if isinstance(s, Factor)]
    by_amount = {base.wallet for _, base in bases if base.measure == "amount"}
    families = []
    for at, base in bases:
        changed = base.measure == "amount" or base.wallet not in by_amount
        own = {place: f for place, f in factors if changed and f.wallet == base.wallet}
        mask = sum(1 << place for place in own)
        families.append(Family(base, at, own, mask, {}))
    return tuple(families)
