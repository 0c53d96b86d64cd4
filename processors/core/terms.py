"""The terms of wallets and vouchers, compiled: when points can be spent and when they end."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from processors.core import sections
from processors.words.calendar import date_of, day_of, month_end, months_later, weekday_of
from processors.words.caps import Cap, compile_limits, period_of
from processors.words.cutting import Cutting
from processors.words.exact import minor_units
from processors.words.floor import Floor, compile_basket
from processors.words.items import Matches, compile_exclusion, compile_items
from processors.words.occasion import Occasion, compile_occasion
from processors.words.off import compile_off
from processors.words.person import Fits, compile_who
from schemas.ledger import NEVER

Days = Callable[[int], int]
"""Business date → another day."""


@dataclass(frozen=True)
class Pay:
    """How a wallet pays: the least, the step, the share of a basket as a fraction, not for what.

    `refund` says what comes back first of a sale that it paid in part.
    """

    points_min: int
    points_step: int
    share: tuple[int, int]
    not_for: Matches | None = None
    refund: str = "proportional"


@dataclass(frozen=True)
class Wallet:
    """A wallet's terms.

    Attributes:
        name: as the document calls it.
        value: units and the minor amount they are worth; None if the document does not say.
        pay: how it pays; None if it cannot.
        spendable_on: business date → first day points earned then can be spent; NEVER if they
            wait for an event.
        last_day: business date → last day of points earned then, NEVER for none.
        waits: points wait for their order to be fulfilled.
        kept_alive_by: what moves the end of all points; empty unless they end by inactivity.
        goodwill_days: how long points of a lot that is gone hold at least when they come back.
        when_short: what a return does that takes more than is there.
        caps: of all promotions together.
    """

    name: str
    value: tuple[int, int] | None
    pay: Pay | None
    spendable_on: Days
    last_day: Days
    waits: bool = False
    kept_alive_by: frozenset[str] = frozenset()
    goodwill_days: int = 0
    when_short: str = "owe"
    caps: tuple[Cap, ...] = ()


@dataclass(frozen=True)
class Voucher:
    """A voucher's terms.

    Attributes:
        amount_minor: what it takes off; 0 if it is a share.
        cutting: how it takes it off the articles that `matches` names.
        fits, occasion, floor: for whom, when and where, on what basket; None for any.
        first_day, last_day: of one issued on a business date.
        uses: how often.
        stored_value: what is not used stays on it.
        caps: how often vouchers of this definition are used, all of a member's together.
    """

    name: str
    amount_minor: int
    cutting: Cutting
    matches: Matches
    fits: Fits | None
    occasion: Occasion | None
    floor: Floor | None
    first_day: Days
    last_day: Days
    uses: int
    stored_value: bool
    caps: tuple[Cap, ...] = ()

    def ever_holds(self, day: int) -> bool:
        """Whether one issued on a business date has a day on which it can be used."""
        return self.first_day(day) <= self.last_day(day)


def compile_wallet(name: str, words: sections.Wallet, exponent: int) -> Wallet:
    """The terms that a document gives a wallet."""
    value, pay = words.value, words.pay
    spendable_on = _spendable_on(words.pending)
    inactivity = None if words.expiry is None else words.expiry.inactivity
    return Wallet(
        name,
        None if value is None else (value.units, minor_units(value.amount, exponent)),
        None
        if pay is None
        else Pay(
            pay.min,
            pay.step,
            Fraction(pay.max_share).as_integer_ratio(),
            None if pay.not_for is None else compile_exclusion(pay.not_for),
            pay.refund,
        ),
        spendable_on,
        _last_day(words.expiry, spendable_on),
        words.pending.until is not None,
        frozenset() if inactivity is None else frozenset(inactivity.kept_alive_by),
        0 if words.expiry is None else words.expiry.goodwill_days,
        words.when_short,
        compile_limits(words.limits),
    )


def compile_voucher(
    name: str, words: sections.Voucher, body: sections.Body, exponent: int
) -> Voucher:
    """The terms that a document gives a voucher."""
    off = words.off
    return Voucher(
        name,
        0 if off.amount is None else minor_units(off.amount, exponent),
        compile_off(off, exponent),
        compile_items(words.items),
        compile_who(words.who),
        compile_occasion(words.when, words.where, body.store_groups),
        compile_basket(words.basket, exponent),
        _starts(words.valid),
        _ends(words.valid),
        words.uses,
        words.stored_value,
        compile_limits(words.limits),
    )


def _spendable_on(words: sections.Pending) -> Days:
    if words.until is not None:
        return lambda _: NEVER
    days, months, round_to = words.days, words.months, words.round_to
    if not months and round_to is None:
        return lambda day: day + days

    def spendable_on(day: int) -> int:
        end = months_later(day, months) + days
        # Rounded to the end of a day, week or month they are spendable on the next morning.
        match round_to:
            case "day_end":
                return end + 1
            case "week_end":
                return end - weekday_of(end) + 7
            case "month_end":
                return month_end(end) + 1
        return end

    return spendable_on


def _last_day(words: sections.Expiry | None, spendable_on: Days) -> Days:
    if words is None:
        return lambda _: NEVER
    if words.rolling is not None:
        policy = _rolling(words.rolling, spendable_on)
    elif words.calendar is not None:
        policy = _calendar(words.calendar)
    else:
        policy = _term(words.inactivity or sections.Inactivity())
    enabled = words.enabled_on
    if enabled is None:
        return policy
    # Nobody loses at once: the first end is a full term after expiry was switched on.
    return lambda day: max(policy(day), policy(enabled))


def _rolling(words: sections.Rolling, spendable_on: Days) -> Days:
    months = words.years * 12 + words.months
    round_to, from_spendable = words.round_to, words.since == "spendable"

    @lru_cache(maxsize=1024)
    def last_day(day: int) -> int:
        start = spendable_on(day) if from_spendable else day
        if start >= NEVER:
            return NEVER
        end = months_later(start, months) + words.days
        match round_to:
            case "month_end":
                end = month_end(end)
            case "quarter_end":
                end = period_of(end, "quarter")[1]
            case "year_end":
                end = period_of(end, "year")[1]
        return min(end, NEVER - 1)

    return last_day


def _calendar(words: sections.Calendar) -> Days:
    dates = sorted((int(one[:2]), int(one[3:])) for one in words.dates)

    @lru_cache(maxsize=1024)
    def last_day(day: int) -> int:
        oldest = day + words.min_age_days
        year = date_of(oldest).year
        ends = (_clamped(y, month, number) for y in (year, year + 1) for month, number in dates)
        return next(end for end in ends if end >= oldest)

    return last_day


def _clamped(year: int, month: int, number: int) -> int:
    first = day_of(year, month, 1)
    return min(first + number - 1, month_end(first))


def _term(words: sections.Inactivity) -> Days:
    months = words.years * 12 + words.months
    return lambda day: min(months_later(day, months) + words.days, NEVER - 1)


def _starts(words: sections.Valid) -> Days:
    wait = int(words.starts == "next_day")
    return lambda day: day + wait


def _ends(words: sections.Valid) -> Days:
    if words.until is not None:
        until = words.until
        return lambda _: until
    if words.days is not None:
        days = words.days
        return lambda day: day + days
    every = "year" if words.through == "year" else "month"
    starts = _starts(words)
    return lambda day: period_of(starts(day), every)[1]
