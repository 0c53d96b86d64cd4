"""A checked document, compiled: what decisions ask of a programme, answered with integers.

Compiled once when it is activated.  A document whose words differ by level is one programme for
each combination of levels, made when a member on them comes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Final, NamedTuple

from processors.core.articles import Articles, articles
from processors.core.clubs import earned_into, given_into, of_clubs
from processors.core.document import Checked, Variant, check
from processors.core.ladder import compile_ladder
from processors.core.promotion import Promotion, currency_of, stages_of
from processors.core.rule import Nth, Rule, control_of
from processors.core.sections import Body, Campaign, Head, Reward, Rounding
from processors.core.terms import compile_voucher, compile_wallet
from processors.core.turns import one_bonus, one_factor
from processors.words.caps import Cap, compile_limits
from processors.words.cutting import Cut
from processors.words.floor import compile_basket
from processors.words.give import Given, compile_give
from processors.words.items import compile_exclusion
from processors.words.occasion import Occasion, between, compile_occasion
from processors.words.person import Fits, all_of
from processors.words.stages import Base, Bonus, Exchange, Factor, Stage, Streak
from schemas.currencies import exponent_of
from schemas.events import Header, Line

DAYS_KEPT: Final = 20_000
"""Days of stores and channels remembered; past that all are forgotten and worked out again."""


@dataclass(frozen=True)
class Plan:
    """How some factors of a family act together.

    Attributes:
        scale: the product of their denominators, so that any product of them is whole.
        increments: the factors that hold on a line → what each adds to it, in 1/scale; learnt.
    """

    scale: int
    increments: dict[int, tuple[tuple[int, int], ...]]


@dataclass(frozen=True)
class Family:
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


class Offer(NamedTuple):
    """A reward of the catalogue: what it costs, what it gives, for whom and when."""

    wallet: str
    points: int
    gives: tuple[Given, ...]
    fits: Fits | None
    occasion: Occasion | None
    caps: tuple[Cap, ...]


class Programme:
    """One version of the whole rule set, compiled from its document for members on some levels.

    Attributes:
        checked: the document.
        body: its sections, as they are for these levels.
        promotions: in document order; a promotion's place is its bit in masks.
        rules: the same, compiled; None where one does not exist for these levels.
        wallets, vouchers, rewards, ladders: by name.
        perks: name → its limits.
        capped: some wallet has limits of its own.
        families: what earns, in document order.
        one_a_sale: groups of factors of which one acts on a sale.
        one_bonus: groups of bonuses of points of which one acts: their places, in the order in
            which they are asked.
        rounds_once: points are rounded as if nothing was said about it.
        by_level: its words differ by level.
        always: the bits of rules of sales without any condition.
        giving: the bits of rules of sales that give fixed things.
        triggered: trigger → its rules.
        triggers: those that some promotion has, on any level.
        cuts: rules that take money off, by priority, then in document order.
        counting_cuts: those of them whose limits or purchases a sale counts.
        converts: rules that exchange.
        undoable: ids of what exchanges, on any level, and is undone while its voucher is unused.
    """

    def __init__(self, checked: Checked, variant: Variant) -> None:
        body = self.body = variant.body
        exponent = self.exponent = exponent_of(body.currency)
        self.checked = checked
        self.by_level = len(checked.variants) > 1
        self.name = checked.name
        self.version = checked.version
        self.currency = body.currency
        self.earns_on = body.earns_on
        self.rounds_once = body.earns_on.rounding == Rounding()
        self.not_paid_with = frozenset(body.earns_on.not_paid_with)
        self.promotions = checked.promotions
        self.wallets = {n: compile_wallet(n, w, exponent) for n, w in body.wallets.items()}
        self.vouchers = {n: compile_voucher(n, v, body, exponent) for n, v in body.vouchers.items()}
        self.rewards = {n: _offer(words, body, exponent) for n, words in body.rewards.items()}
        self.perks = {n: compile_limits(perk.limits) for n, perk in body.perks.items()}
        self.ladders = {n: compile_ladder(n, t, body, exponent) for n, t in body.tiers.items()}
        stages = [
            () if one is None else stages_of(one, body.currency) for one in variant.promotions
        ]
        self.rules = tuple(
            None if one is None else _rule(at, one, stages[at], body)
            for at, one in enumerate(variant.promotions)
        )
        self._sort_rules()
        self.families = _families(stages)
        factors = [family.factors for family in self.families]
        self.one_a_sale = one_factor(factors, self.promotions, body.groups)
        self.one_bonus = one_bonus(self.rules, body.groups)
        self._earning, self._counted = self._articles(stages)
        self._of_day: dict[tuple[int, str, str], tuple[Rule, ...]] = {}
        self._of_basket: dict[tuple[int, str, str, int], tuple[Rule, ...]] = {}
        self._variants: dict[tuple[str, ...], Programme] = {}

    def at_levels(self, levels: tuple[str, ...]) -> "Programme":
        """The programme for members on these levels, one of each ladder in the document's order."""
        variants = self.checked.variants
        if len(variants) == 1:
            return self
        found = self._variants.get(levels)
        if found is None:
            found = self._variants[levels] = Programme(self.checked, variants[levels])
        return found

    def paid_in(self, currency: str) -> int:
        """A bit per promotion for sales in a currency."""
        return self._currencies.get(currency, 0)

    def conditional(self, header: Header) -> tuple[Rule, ...]:
        """Rules of sales that have conditions, of which those of day, store and channel hold.

        Worked out once for a store's day, so that a sale pays only for what can act on it.
        """
        key = (header.business_date, header.store_id, header.channel)
        found = self._of_day.get(key)
        if found is None:
            if len(self._of_day) >= DAYS_KEPT:
                self._of_day.clear()
            found = self._of_day[key] = tuple(
                rule
                for rule in self._conditional
                if rule.occasion is None or all(test(header) for test in rule.occasion.of_day)
            )
        return found

    def conditional_on(self, header: Header, lines: Sequence[Line]) -> tuple[Rule, ...]:
        """Of the `conditional` ones those whose basket counts one of the lines, if it must.

        What counts purchases looks at every sale, whether its basket stands or not.
        """
        if not self._counting:
            return self.conditional(header)
        met = self.counted_by(lines) & self._counting
        key = (header.business_date, header.store_id, header.channel, met)
        found = self._of_basket.get(key)
        if found is None:
            if len(self._of_basket) >= DAYS_KEPT:
                self._of_basket.clear()
            missed = self._counting & ~met
            found = self._of_basket[key] = tuple(
                rule for rule in self.conditional(header) if not missed & rule.bit
            )
        return found

    def masks(self, lines: Sequence[Line]) -> list[int]:
        """For each line a bit per promotion that can apply to it; 0 if it never earns."""
        return [self._earning.bits_told(line) for line in lines]

    def counted_by(self, lines: Sequence[Line]) -> int:
        """A bit per promotion whose condition on the basket counts at least one of the lines."""
        found = 0
        for line in lines:
            found |= self._counted.bits(line)
        return found

    def _articles(self, stages: Sequence[tuple[Stage, ...]]) -> tuple[Articles, Articles]:
        """What earns on an article, and whose condition on the basket counts it."""
        # What this level does not have acts on nobody, whatever its bit says of a line: so levels
        # that differ by it look up their articles in one place.
        somewhere = [
            row or stages_of(one, self.currency)
            for row, one in zip(stages, self.promotions, strict=True)
        ]
        matches = tuple(
            (1 << at, stage.matches)
            for at, row in enumerate(somewhere)
            for stage in row
            if isinstance(stage, Base | Factor)
        )
        never = self.earns_on.never
        excluded = None if never is None else compile_exclusion(never)
        floors = tuple(
            (rule.bit, rule.floor.matches)
            for rule in self._conditional
            if rule.floor is not None and rule.floor.matches is not None
        )
        return articles(matches, 1 << len(self.promotions), excluded), articles(floors)

    def _sort_rules(self) -> None:
        """Rules by what makes them act."""
        rules = [rule for rule in self.rules if rule is not None]
        of_sales = [rule for rule in rules if rule.head.trigger == "sale" and not rule.cuts]
        self.always = 0
        conditional: list[Rule] = []
        for rule in of_sales:
            if rule.occasion or rule.fits or rule.floor or rule.nth or rule.control:
                conditional.append(rule)
            else:
                self.always |= rule.bit
        self._conditional = tuple(conditional)
        self._counting = sum(
            rule.bit
            for rule in conditional
            if rule.nth is None and rule.floor is not None and rule.floor.counts_some
        )
        self.giving = sum(rule.bit for rule in of_sales if rule.bonuses or rule.streaks)
        self.limited = sum(rule.bit for rule in of_sales if rule.caps)
        self.capped = any(wallet.caps for wallet in self.wallets.values())
        self.personal = sum(rule.bit for rule in of_sales if rule.fits or rule.nth)
        self.cuts = tuple(
            sorted((rule for rule in rules if rule.cuts), key=lambda rule: -rule.head.priority)
        )
        self.counting_cuts = tuple(
            rule for rule in self.cuts if rule.caps or (rule.nth is not None and rule.nth.floor)
        )
        self.converts = tuple(rule for rule in rules if rule.exchanges)
        undone = (one for one in self.promotions if _is_undone(one, self.currency))
        self.undoable = tuple(one.head.id for one in undone)
        # The bit behind all promotions: money of the programme's own currency counts for ladders
        # and baskets even where no promotion acts.
        self._currencies: dict[str, int] = {self.currency: 1 << len(self.promotions)}
        for rule in rules:
            for currency in _currencies(rule.head) or (self.currency,):
                self._currencies[currency] = self._currencies.get(currency, 0) | rule.bit
        self.triggers = _triggers(self.checked)
        triggers = ("enrolment", "birthday", "anniversary", "tier_reached", "activity")
        self.triggered = {
            trigger: tuple(rule for rule in rules if rule.head.trigger == trigger)
            for trigger in triggers
        }


def _triggers(checked: Checked) -> frozenset[str]:
    """What makes promotions act, on any level."""
    rows = [variant.promotions for variant in checked.variants.values()]
    return frozenset(one.head.trigger for row in rows for one in row if one is not None)


def _is_undone(promotion: Promotion, currency: str) -> bool:
    """Whether a return undoes what a promotion exchanged."""
    stages = stages_of(promotion, currency)
    return any(isinstance(one, Exchange) and one.undoable for one in stages)


@lru_cache(maxsize=64)
def compiled(document: str) -> Programme:
    """The programme of a canonical document; remembered, for every partition activates it.

    It is the one for members on the lowest levels; `at_levels` has the others.

    Raises:
        ProgrammeInvalid: if the document is none.
    """
    checked = check(document)
    return Programme(checked, next(iter(checked.variants.values())))


def _currencies(head: Head) -> tuple[str, ...]:
    """The currencies that a promotion names; none for the programme's own."""
    return () if head.where is None else head.where.currencies or ()


def _rule(at: int, promotion: Promotion, stages: tuple[Stage, ...], body: Body) -> Rule:
    head = promotion.head
    exponent = exponent_of(currency_of(head, body.currency))
    campaign = body.campaigns.get(head.campaign)
    control = None if campaign is None else control_of(head.campaign, campaign, body.programme)
    return Rule(
        at,
        1 << at,
        head.id,
        (head.id, head.campaign, head.funded_by),
        head,
        _occasion(head, campaign, body),
        _fits(head, campaign, body, stages),
        compile_basket(head.basket, exponent),
        _nth(head, exponent),
        compile_limits(head.limits),
        control,
        tuple(stage for stage in stages if isinstance(stage, Bonus)),
        tuple(stage for stage in stages if isinstance(stage, Streak)),
        tuple(stage for stage in stages if isinstance(stage, Cut)),
        tuple(stage for stage in stages if isinstance(stage, Exchange)),
    )


def _nth(head: Head, exponent: int) -> Nth | None:
    words = head.nth_sale
    if words is None:
        return None
    return Nth(
        words.number or 0,
        words.every or 0,
        words.within == "channel",
        compile_basket(words.basket, exponent),
    )


def _occasion(head: Head, campaign: Campaign | None, body: Body) -> Occasion | None:
    """The promotion's occasion and its campaign's days."""
    own = compile_occasion(head.when, head.where, body.store_groups)
    if campaign is None:
        return own
    of_campaign = between(campaign.first_day, campaign.last_day)
    return of_campaign if own is None else own.and_on(of_campaign)


def _fits(
    head: Head, campaign: Campaign | None, body: Body, stages: tuple[Stage, ...]
) -> Fits | None:
    """The promotion's person, its campaign's audience, and the club that its wallets belong to."""
    asked = [head.who]
    if campaign is not None:
        asked.append(campaign.audience)
    return all_of([*asked, *of_clubs(body, earned_into(stages))])


def _offer(words: Reward, body: Body, exponent: int) -> Offer:
    wallet, points = next(iter(words.costs.items()))
    gives = compile_give(words.give, exponent)
    return Offer(
        wallet,
        points,
        gives,
        all_of([words.who, *of_clubs(body, given_into(gives))]),
        compile_occasion(words.when, None, body.store_groups),
        compile_limits(words.limits),
    )


def _families(stages: list[tuple[Stage, ...]]) -> tuple[Family, ...]:
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
