"""What one part of a programme says about another: every name that is used is defined, and fits.

Each function here checks one section and reports through `say`, which knows where a path stands.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction

from processors.core.promotion import Promotion
from processors.core.sections import Body
from processors.core.yaml_tree import Document, Found, Path, place_of
from processors.words.give import NOT_WALLETS, Give, Given, compile_give
from processors.words.nearest import nearest
from processors.words.occasion import When, Where
from processors.words.stages import Base, Bonus, Exchange, Factor, Streak
from processors.words.who import Who
from schemas.currencies import exponent_of

Say = Callable[[Path, str], None]


def mistakes(body: Body, promotions: Sequence[Promotion | None], document: Document) -> list[Found]:
    """All that does not fit together in a document whose words are each right."""
    found: list[Found] = []

    def say(path: Path, sentence: str) -> None:
        found.append((place_of(document, path), sentence))

    _wallets(body, say)
    _ladders(body, say)
    _vouchers(body, say)
    _rewards(body, say)
    _clubs_and_campaigns(body, say)
    _promotions(body, promotions, say)
    _conversions(body, promotions, say)
    return found


def _defined(say: Say, path: Path, what: str, said: str, known: Iterable[str]) -> None:
    names = list(known)
    if said not in names:
        say(path, f"no {what} `{said}` is defined{nearest(said, names)}")


def _coin(body: Body, say: Say, path: Path, amount: Fraction | None) -> None:
    if amount is not None and (amount * 10 ** exponent_of(body.currency)).denominator != 1:
        say(path, f"{body.currency} has no such small coin")


def _wallets(body: Body, say: Say) -> None:
    for name, wallet in body.wallets.items():
        path: Path = ("wallets", name)
        if name in NOT_WALLETS:
            say(path, f"`{name}` is a word of `give` and cannot be a wallet")
        if wallet.value is not None:
            _coin(body, say, (*path, "value"), wallet.value.amount)
        if wallet.pay is not None and wallet.value is None:
            say((*path, "pay"), "a wallet that pays needs a `value`")
        if wallet.when_short == "charge_refund" and wallet.value is None:
            say((*path, "when_short"), "`charge_refund` needs a `value`")


def _ladders(body: Body, say: Say) -> None:
    seen: set[str] = set()
    for name, ladder in body.tiers.items():
        path: Path = ("tiers", name)
        if ladder.measure == "points" and (ladder.wallet or len(body.wallets) > 1):
            _defined(say, (*path, "wallet"), "wallet", ladder.wallet, body.wallets)
        before: Fraction | None = None
        for at, level in enumerate(ladder.levels):
            here: Path = (*path, "levels", at)
            if level.id in seen:
                say((*here, "id"), f"`{level.id}` is defined twice")
            seen.add(level.id)
            if before is None and level.start != 0:
                say((*here, "from"), "the lowest level is from 0")
            if before is not None and level.start <= before:
                say(
                    (*here, "from"), "levels stand lowest first, each from more than the one before"
                )
            before = level.start
            if ladder.measure == "spend":
                _coin(body, say, (*here, "from"), level.start)
            elif level.start.denominator != 1:
                say((*here, "from"), f"`{ladder.measure}` are counted in whole numbers")
            for perk in level.perks:
                _defined(say, (*here, "perks"), "perk", perk, body.perks)


def _vouchers(body: Body, say: Say) -> None:
    for name, voucher in body.vouchers.items():
        path: Path = ("vouchers", name)
        _coin(body, say, (*path, "off"), voucher.off.amount)
        _coin(body, say, (*path, "off"), voucher.off.up_to)
        if voucher.basket is not None:
            _coin(body, say, (*path, "basket"), voucher.basket.at_least)
        if voucher.stored_value and voucher.off.amount is None:
            say((*path, "stored_value"), "only an `amount` can be kept on a voucher")
        _person(body, say, path, voucher.who)
        _occasion(body, say, path, voucher.when, voucher.where)


def _rewards(body: Body, say: Say) -> None:
    for name, reward in body.rewards.items():
        path: Path = ("rewards", name)
        for wallet in reward.costs:
            _defined(say, (*path, "costs"), "wallet", wallet, body.wallets)
        _person(body, say, path, reward.who)
        _give(body, say, (*path, "give"), reward.give)


def _give(body: Body, say: Say, path: Path, give: Give) -> None:
    try:
        things = compile_give(give, exponent_of(body.currency))
    except ValueError:
        say(path, f"{body.currency} has no such small coin")
        return
    if not things:
        say(path, "nothing is given")
    _things(body, say, path, things)


def _things(body: Body, say: Say, path: Path, things: Iterable[Given]) -> None:
    for thing in things:
        if thing.kind == "points":
            _defined(say, path, "wallet", thing.name, body.wallets)
        elif thing.kind == "voucher":
            _defined(say, path, "voucher", thing.name, body.vouchers)
        elif thing.kind == "perk":
            _defined(say, path, "perk", thing.name, body.perks)


def _clubs_and_campaigns(body: Body, say: Say) -> None:
    for name, club in body.clubs.items():
        for wallet in club.wallets:
            _defined(say, ("clubs", name, "wallets"), "wallet", wallet, body.wallets)
        for ladder in club.tiers:
            _defined(say, ("clubs", name, "tiers"), "ladder", ladder, body.tiers)
    for name, campaign in body.campaigns.items():
        path: Path = ("campaigns", name)
        _person(body, say, path, campaign.audience, "audience")
        first, last = campaign.first_day, campaign.last_day
        if first is not None and last is not None and last < first:
            say((*path, "last_day"), "the last day is before the first")


def _person(body: Body, say: Say, path: Path, who: Who | None, word: str = "who") -> None:
    if who is None:
        return
    levels = [level.id for ladder in body.tiers.values() for level in ladder.levels]
    for level in who.tiers or ():
        _defined(say, (*path, word, "tiers"), "level", level, levels)
    for segment in who.segments or ():
        _defined(say, (*path, word, "segments"), "segment", segment, body.segments)


def _occasion(body: Body, say: Say, path: Path, when: When | None, where: Where | None) -> None:
    if when is not None:
        first, last = when.first_day, when.last_day
        if first is not None and last is not None and last < first:
            say((*path, "when", "last_day"), "the last day is before the first")
        if when.hours is not None and when.hours.end <= when.hours.start:
            say((*path, "when", "hours"), "the hours end before they begin")
    currencies = (where.currencies if where is not None else None) or ()
    if len({exponent_of(currency) for currency in currencies}) > 1:
        say((*path, "where", "currencies"), "these currencies have minor units of different size")
    for group in (where.store_groups if where is not None else None) or ():
        _defined(say, (*path, "where", "store_groups"), "store group", group, body.store_groups)


def _promotions(body: Body, promotions: Sequence[Promotion | None], say: Say) -> None:
    seen: set[str] = set()
    for at, promotion in enumerate(promotions):
        if promotion is None:
            continue
        path: Path = ("promotions", at)
        head = promotion.head
        if head.id in seen:
            say((*path, "id"), f"`{head.id}` is defined twice")
        seen.add(head.id)
        if head.group is not None:
            _defined(say, (*path, "group"), "group", head.group, body.groups)
        if head.campaign and body.campaigns:
            _defined(say, (*path, "campaign"), "campaign", head.campaign, body.campaigns)
        _person(body, say, path, head.who)
        _occasion(body, say, path, head.when, head.where)
        if head.basket is not None:
            _coin(body, say, (*path, "basket"), head.basket.at_least)
        _trigger(body, promotion, path, say)
        _stages(body, promotion, path, say)


def _trigger(body: Body, promotion: Promotion, path: Path, say: Say) -> None:
    """The words that belong to a trigger stand with it, and only with it."""
    head = promotion.head
    if head.trigger != "sale" and promotion.kind.name != "bonus":
        say((*path, "trigger"), f"only a `bonus` can be given for {head.trigger}")
    if head.trigger != "sale" and (head.basket is not None or head.nth_sale is not None):
        say((*path, "trigger"), f"there is no basket at {head.trigger}")
    if (head.trigger == "activity") != bool(head.activity):
        say((*path, "activity"), "`trigger: activity` and `activity` go together")
    if (head.trigger == "tier_reached") != bool(head.tier):
        say((*path, "tier"), "`trigger: tier_reached` and `tier` go together")
    if head.tier:
        levels = [level.id for ladder in body.tiers.values() for level in ladder.levels]
        _defined(say, (*path, "tier"), "level", head.tier, levels)
    if head.window != "day" and head.trigger not in ("birthday", "anniversary"):
        say((*path, "window"), "a `window` goes with a birthday or an anniversary")


def _stages(body: Body, promotion: Promotion, path: Path, say: Say) -> None:
    where = promotion.head.where
    currency = ((where.currencies if where else None) or (body.currency,))[0]
    try:
        stages = promotion.kind.build(promotion.words, exponent_of(currency))
    except ValueError:
        say(path, f"{currency} has no such small coin")
        return
    for stage in stages:
        if isinstance(stage, Base | Factor | Exchange):
            _defined(say, path, "wallet", stage.wallet, body.wallets)
        if isinstance(stage, Bonus | Streak | Exchange):
            if not stage.gives:
                say((*path, "give"), "nothing is given")
            _things(body, say, (*path, "give"), stage.gives)


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
            stages = (
                promotion.kind.build(promotion.words, exponent_of(body.currency))
                if promotion
                else ()
            )
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
