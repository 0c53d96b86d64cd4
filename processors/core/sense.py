"""What makes no sense in a programme though each word is right: coins, days, levels, triggers."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from processors.core.promotion import Promotion, currency_of, stages_of
from processors.core.sections import Body, Expiry, Head, Tier
from processors.core.yaml_tree import Document, Found, Path, place_of
from processors.words.basket import Basket
from processors.words.calendar import month_length
from processors.words.caps import compile_limits
from processors.words.give import NOT_WALLETS, Give, compile_give
from processors.words.stages import Bonus, Exchange, Streak
from processors.words.when import When
from schemas.currencies import exponent_of

Say = Callable[[Path, str], None]
LEAP_YEAR = 2028


def mistakes(
    body: Body,
    heads: Sequence[Head | None],
    promotions: Sequence[Promotion | None],
    document: Document,
) -> list[Found]:
    """All that does not fit together among words that are each right.

    Args:
        body: the sections, as far as they are right.
        heads: by promotion its common words, as far as they are right.
        promotions: each that is right as a whole.
        document: where all of it stands.
    """
    found: list[Found] = []

    def say(path: Path, sentence: str) -> None:
        found.append((place_of(document, path), sentence))

    _wallets(body, say)
    _ladders(body, say)
    _vouchers(body, say)
    _rewards(body, say)
    for name, campaign in body.campaigns.items():
        _days(say, ("campaigns", name), campaign.first_day, campaign.last_day)
    _heads(body, heads, say)
    for at, promotion in enumerate(promotions):
        if promotion is not None:
            _stages(body, promotion, ("promotions", at), say)
    _conversions(body, promotions, say)
    return found


def _coin(currency: str, say: Say, path: Path, amount: Fraction | None) -> None:
    if amount is not None and (amount * 10 ** exponent_of(currency)).denominator != 1:
        say(path, f"{currency} has no such small coin")


def _basket(currency: str, say: Say, path: Path, basket: Basket | None) -> None:
    if basket is not None:
        _coin(currency, say, (*path, "at_least"), basket.at_least)


def _wallets(body: Body, say: Say) -> None:
    for name, wallet in body.wallets.items():
        path: Path = ("wallets", name)
        if name in NOT_WALLETS:
            say(path, f"`{name}` is a word of `give` and cannot be a wallet")
        if wallet.value is not None:
            _coin(body.currency, say, (*path, "value", "amount"), wallet.value.amount)
        if wallet.pay is not None and wallet.value is None:
            say((*path, "pay"), "a wallet that pays needs a `value`")
        if wallet.when_short == "charge_refund" and wallet.value is None:
            say((*path, "when_short"), "`charge_refund` needs a `value`")
        if wallet.expiry is not None:
            _expiry(say, (*path, "expiry"), wallet.expiry)


def _expiry(say: Say, path: Path, expiry: Expiry) -> None:
    for at, date in enumerate(expiry.calendar.dates if expiry.calendar is not None else ()):
        month, day = int(date[:2]), int(date[3:])
        if not 1 <= month <= 12 or not 1 <= day <= month_length(LEAP_YEAR, month):
            say((*path, "calendar", "dates", at), f"`{date}` is no day of a year, such as 12-31")
    for word in ("rolling", "inactivity"):
        term = getattr(expiry, word)
        if term is not None and not (term.days or term.months or term.years):
            say((*path, word), "says no `days`, `months` or `years`: points would end at once")


def _ladders(body: Body, say: Say) -> None:
    seen: set[str] = set()
    for name, ladder in body.tiers.items():
        path: Path = ("tiers", name)
        if ladder.wallet and ladder.measure != "points":
            say((*path, "wallet"), "`wallet` goes with `measure: points`")
        for at, level in enumerate(ladder.levels):
            if level.id in seen:
                say((*path, "levels", at, "id"), f"`{level.id}` is defined twice")
            seen.add(level.id)
        _starts(body, say, path, ladder)


def _starts(body: Body, say: Say, path: Path, ladder: Tier) -> None:
    before: Fraction | None = None
    for at, level in enumerate(ladder.levels):
        here: Path = (*path, "levels", at, "from")
        if before is None and level.start != 0:
            say(here, "the lowest level is from 0")
        if before is not None and level.start <= before:
            say(here, "levels stand lowest first, each from more than the one before")
        before = level.start
        if ladder.measure == "spend":
            _coin(body.currency, say, here, level.start)
        elif level.start.denominator != 1:
            say(here, f"`{ladder.measure}` are counted in whole numbers")


def _vouchers(body: Body, say: Say) -> None:
    for name, voucher in body.vouchers.items():
        path: Path = ("vouchers", name)
        _coin(body.currency, say, (*path, "off", "amount"), voucher.off.amount)
        _coin(body.currency, say, (*path, "off", "up_to"), voucher.off.up_to)
        _basket(body.currency, say, (*path, "basket"), voucher.basket)
        if voucher.stored_value and voucher.off.amount is None:
            say((*path, "stored_value"), "only an `amount` can be kept on a voucher")
        _occasion(say, (*path, "when"), voucher.when)
        if not all(cap.measure == "times" for cap in compile_limits(voucher.limits)):
            say((*path, "limits"), "how often a voucher is used is said in `times`")
        days = voucher.valid.days
        for at, before in enumerate(voucher.remind.days_before if voucher.remind else ()):
            if days is not None and before > days:
                place = (*path, "remind", "days_before", at)
                say(place, f"the voucher is valid for {days} days only")


def _rewards(body: Body, say: Say) -> None:
    for name, reward in body.rewards.items():
        path: Path = ("rewards", name)
        _occasion(say, (*path, "when"), reward.when)
        _given(body.currency, say, (*path, "give"), reward.give)
        if reward.costs.keys() & (reward.give.__pydantic_extra__ or {}).keys():
            say((*path, "give"), "costs and gives points of one wallet")


def _given(currency: str, say: Say, path: Path, give: Give) -> None:
    try:
        if not compile_give(give, exponent_of(currency)):
            say(path, "nothing is given")
    except ValueError:
        say(path, f"{currency} has no such small coin")


def _days(say: Say, path: Path, first: int | None, last: int | None) -> None:
    if first is not None and last is not None and last < first:
        say((*path, "last_day"), "the last day is before the first")


def _occasion(say: Say, path: Path, when: When | None) -> None:
    if when is None:
        return
    _days(say, path, when.first_day, when.last_day)
    if when.hours is not None and when.hours.end <= when.hours.start:
        say((*path, "hours"), "the hours end before they begin")
    for at, number in enumerate(when.month_days or ()):
        if number > 31:
            say((*path, "month_days", at), "a month has 31 days at most")


def _heads(body: Body, heads: Sequence[Head | None], say: Say) -> None:
    seen: set[str] = set()
    for at, head in enumerate(heads):
        if head is None:
            continue
        path: Path = ("promotions", at)
        if head.id in seen:
            say((*path, "id"), f"`{head.id}` is defined twice")
        seen.add(head.id)
        _occasion(say, (*path, "when"), head.when)
        currency = currency_of(head, body.currency)
        _basket(currency, say, (*path, "basket"), head.basket)
        if head.nth_sale is not None:
            _basket(currency, say, (*path, "nth_sale", "basket"), head.nth_sale.basket)
        _trigger(head, path, say)


def _trigger(head: Head, path: Path, say: Say) -> None:
    """The words that belong to a trigger stand with it, and only with it."""
    if head.trigger != "sale" and head.kind != "bonus":
        say((*path, "trigger"), f"only a `bonus` can be given for {head.trigger}")
    if head.trigger != "sale" and (head.basket is not None or head.nth_sale is not None):
        say((*path, "trigger"), f"there is no basket at {head.trigger}")
    if (head.trigger == "activity") != bool(head.activity):
        say((*path, "activity"), "`trigger: activity` and `activity` go together")
    if (head.trigger == "tier_reached") != bool(head.tier):
        say((*path, "tier"), "`trigger: tier_reached` and `tier` go together")
    if head.window != "day" and head.trigger not in ("birthday", "anniversary"):
        say((*path, "window"), "a `window` goes with a birthday or an anniversary")


def _stages(body: Body, promotion: Promotion, path: Path, say: Say) -> None:
    currency = currency_of(promotion.head, body.currency)
    give = getattr(promotion.words, "give", None)
    if isinstance(give, Give):
        _given(currency, say, (*path, "give"), give)
        return
    try:
        stages = stages_of(promotion, body.currency)
    except ValueError:
        say(path, f"{currency} has no such small coin")
        return
    for stage in stages:
        if isinstance(stage, Bonus | Streak | Exchange) and not stage.gives:
            say((*path, "give"), "nothing is given")


def _conversions(body: Body, promotions: Sequence[Promotion | None], say: Say) -> None:
    """What becomes something else by itself never becomes itself again."""
    becomes: dict[str, set[str]] = {}
    for at, stage in _exchanges(body, promotions):
        targets = {thing.name for thing in stage.gives if thing.kind == "points"}
        becomes.setdefault(stage.wallet, set()).update(targets)
        if any(_reaches(becomes, target, stage.wallet) for target in targets):
            say(("promotions", at, "give"), f"`{stage.wallet}` would become itself again, for ever")


def _exchanges(
    body: Body, promotions: Sequence[Promotion | None]
) -> Iterator[tuple[int, Exchange]]:
    for at, promotion in enumerate(promotions):
        try:
            stages = stages_of(promotion, body.currency) if promotion else ()
        except ValueError:  # said already
            continue
        yield from ((at, stage) for stage in stages if isinstance(stage, Exchange))


def _reaches(becomes: dict[str, set[str]], start: str, end: str) -> bool:
    seen, left = set[str](), [start]
    while left:
        one = left.pop()
        if one == end:
            return True
        if one not in seen:
            seen.add(one)
            left += becomes.get(one, ())
    return False
