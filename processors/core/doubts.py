"""What a programme may say but hardly means: promotions that never act, values that differ.

A doubt is no mistake: the document can be activated.  People are asked to look at the line.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction

from processors.core.document import Checked, Variant, as_mistakes
from processors.core.messages import MOMENTS, OF_WALLET, places
from processors.core.promotion import Promotion, stages_of
from processors.core.sections import Body, Head
from processors.core.yaml_tree import Found, Mistake, Path, place_of, read_tree
from processors.words.basket import Basket
from processors.words.cutting import Cut
from processors.words.give import Give
from processors.words.items import Items
from processors.words.nearest import nearest
from processors.words.stages import Bonus, Exchange, Factor, Stage
from processors.words.when import When
from schemas.currencies import exponent_of, money

Say = Callable[[Path, str], None]
VALUES_DIFFER_FROM = Fraction(1, 10)
"""A way to use points is worth a look if it differs from their value by more than this part."""


def doubts(checked: Checked, text: str, file_name: str = "programme") -> tuple[Mistake, ...]:
    """What in a document without mistakes is worth a second look, by line.

    Args:
        checked: the document.
        text: as it was written.
        file_name: as the lines name it.
    """
    document = read_tree(text)
    found: list[Found] = []

    def say(path: Path, sentence: str) -> None:
        found.append((place_of(document, path), sentence))

    for variant in checked.variants.values():
        _values(variant, say)
        _alone(variant, say)
        _of_exchanges(variant, say)
        _endless(variant.body, say)
        _never(variant, say)
        _messages(variant, say)
    return as_mistakes(text, file_name, found)


def _values(variant: Variant, say: Say) -> None:
    """Each way to use a wallet, compared with what its points are worth."""
    body = variant.body
    for name, reward in body.rewards.items():
        for wallet, points in reward.costs.items():
            _compare(body, say, ("rewards", name, "costs"), wallet, points, reward.give)
    for at, promotion in enumerate(variant.promotions):
        if promotion is None:
            continue
        give = getattr(promotion.words, "give", None)
        stages = stages_of(promotion, body.currency)
        for stage in stages:
            if isinstance(stage, Exchange) and isinstance(give, Give):
                path: Path = ("promotions", at, "take")
                _compare(body, say, path, stage.wallet, stage.take, give)


def _alone(variant: Variant, say: Say) -> None:
    """A group for what meets nothing in it."""
    for at, promotion in enumerate(variant.promotions):
        if promotion is None or promotion.head.group is None:
            continue
        stages = stages_of(promotion, variant.body.currency)
        if not any(_combines(promotion, stage) for stage in stages):
            sentence = (
                f"`group` does nothing for {promotion.kind.name}: "
                "multipliers, points of bonuses on sales and what takes money off combine"
            )
            say(("promotions", at, "group"), sentence)


def _of_exchanges(variant: Variant, say: Say) -> None:
    """Conditions on a basket where points become something else, whatever brought them."""
    for at, promotion in enumerate(variant.promotions):
        if promotion is None:
            continue
        stages = promotion.kind.build(promotion.words, exponent_of(variant.body.currency))
        if not any(isinstance(stage, Exchange) for stage in stages):
            continue
        for word in ("basket", "nth_sale"):
            if getattr(promotion.head, word) is not None:
                sentence = (
                    f"`{word}` does nothing for {promotion.kind.name}: "
                    "points are exchanged as soon as they suffice"
                )
                say(("promotions", at, word), sentence)


def _combines(promotion: Promotion, stage: Stage) -> bool:
    if isinstance(stage, Bonus):
        return promotion.head.trigger == "sale" and any(thing.points for thing in stage.gives)
    return isinstance(stage, Cut | Factor)


def _compare(body: Body, say: Say, path: Path, wallet: str, points: int, give: Give) -> None:
    value = body.wallets[wallet].value
    worth = _worth(body, give)
    if value is None or worth is None:
        return
    owed = points * value.amount / value.units
    if abs(worth - owed) > owed * VALUES_DIFFER_FROM:
        cents = 10 ** exponent_of(body.currency)
        get, is_owed = (money(round(amount * cents), body.currency) for amount in (worth, owed))
        say(path, f"{points} {wallet} become {get}, but are worth {is_owed} by their `value`")


def _worth(body: Body, give: Give) -> Fraction | None:
    """What is given in money, as far as all of it is said in money; None if any of it is not."""
    if give.__pydantic_extra__ or give.perk is not None or give.gift is not None:
        return None
    worth = (give.gift_card or Fraction(0)) + (give.donation.amount if give.donation else 0)
    if give.voucher is None:
        return worth
    amount = body.vouchers[give.voucher].off.amount
    return None if amount is None else worth + amount


def _endless(body: Body, say: Say) -> None:
    """Points whose term has no day to count from when they are earned never end."""
    for name, wallet in body.wallets.items():
        rolling = None if wallet.expiry is None else wallet.expiry.rolling
        if wallet.pending.until and rolling is not None and rolling.since == "spendable":
            sentence = (
                f"`{name}` never end: they wait for an event, so no day is known to count from"
            )
            say(("wallets", name, "expiry"), sentence)


def _never(variant: Variant, say: Say) -> None:
    """What can never act: promotions, vouchers, rewards, and a word beside another one."""
    body = variant.body
    for at, promotion in enumerate(variant.promotions):
        if promotion is not None:
            _never_acts(body, promotion, ("promotions", at), say)
    for name, reward in body.rewards.items():
        first_day = None if reward.when is None else reward.when.first_day
        _comes_too_late(body, reward.give, first_day, ("rewards", name, "give"), say)
    for name, voucher in body.vouchers.items():
        until, when = voucher.valid.until, voucher.when
        if when is not None and until is not None and (when.first_day or 0) > until:
            say(("vouchers", name, "valid"), "the voucher ends before its first day")
        if voucher.stored_value and voucher.uses > 1:
            sentence = "counts nothing: a stored value is used until nothing is stored"
            say(("vouchers", name, "uses"), sentence)


def _never_acts(body: Body, promotion: Promotion, path: Path, say: Say) -> None:
    head = promotion.head
    campaign = body.campaigns.get(head.campaign)
    when = head.when or When()
    begins = None if campaign is None else campaign.first_day
    first = max(_days(when.first_day, begins), default=None)
    _comes_too_late(body, getattr(promotion.words, "give", None), first, (*path, "give"), say)
    if campaign is not None:
        last = min(_days(when.last_day, campaign.last_day), default=None)
        if first is not None and last is not None and last < first:
            sentence = f"never acts: none of its days is one of campaign `{head.campaign}`"
            say((*path, "when"), sentence)
        if campaign.control == 1:
            say((*path, "campaign"), "never acts: everybody is control of its campaign")
    for name, basket in _baskets(head):
        if basket.items is not None and not basket.at_least and not basket.units:
            say((*path, *name, "items"), "counts nothing without `at_least` or `units` beside it")
    items = getattr(promotion.words, "items", None)
    if isinstance(items, Items) and items.paid and promotion.kind.name != "per_item":
        say((*path, "items", "paid"), "counts nothing: it is a word of `per_item`")
    if when.weekdays == ():
        say((*path, "when", "weekdays"), "never acts: no weekday is said")


def _baskets(head: Head) -> Iterable[tuple[Path, Basket]]:
    """The baskets that a promotion asks for, each with where it stands."""
    if head.basket is not None:
        yield ("basket",), head.basket
    if head.nth_sale is not None and head.nth_sale.basket is not None:
        yield ("nth_sale", "basket"), head.nth_sale.basket


def _comes_too_late(body: Body, give: object, first_day: int | None, path: Path, say: Say) -> None:
    """A voucher that is over before the first day on which it can be given."""
    if not isinstance(give, Give) or give.voucher is None or first_day is None:
        return
    valid = body.vouchers[give.voucher].valid
    if valid.until is not None and valid.until < first_day + (valid.starts == "next_day"):
        say(path, f"never holds: voucher `{give.voucher}` ends before it is given")


def _days(*days: int | None) -> list[int]:
    return [day for day in days if day is not None]


def _messages(variant: Variant, say: Say) -> None:
    """Texts that nobody shows, and places that stay empty in this programme."""
    body = variant.body
    empty = dict(_empty_places(body, [one for one in variant.promotions if one is not None]))
    for name, texts in body.messages.items():
        if name not in MOMENTS:
            say(("messages", name), f"nothing shows the text `{name}`{nearest(name, MOMENTS)}")
        for language, template in texts.items():
            for place in places(template):
                if place in empty:
                    why = empty[place]
                    say(("messages", name, language), f"`{{{place}}}` stays empty: {why}")


def _empty_places(body: Body, promotions: Iterable[Promotion]) -> Iterable[tuple[str, str]]:
    """The places that can be written but never hold anything, each with the reason."""
    promotions = list(promotions)
    to_vouchers = {
        wallet
        for one in promotions
        if getattr(getattr(one.words, "give", None), "voucher", None) is not None
        for wallet in getattr(one.words, "take", {})
    }
    for name, wallet in body.wallets.items():
        reasons = {
            "value": (wallet.value is None, f"`{name}` has no `value`"),
            "next_last_day": (wallet.expiry is None, f"`{name}` have no `expiry`"),
            "next_last_day_points": (wallet.expiry is None, f"`{name}` have no `expiry`"),
            "to_next_voucher": (name not in to_vouchers, f"no voucher is made of `{name}`"),
        }
        for word in OF_WALLET:
            never, why = reasons.get(word, (False, ""))
            if never:
                yield f"{name}.{word}", why
    if not body.tiers:
        yield "tier.next", "there are no `tiers`"
        yield "tier.missing", "there are no `tiers`"
    if not body.vouchers:
        yield "vouchers.active", "there are no `vouchers`"
        yield "vouchers.next_last_day", "there are no `vouchers`"
    for one in promotions:
        if one.head.basket is None or one.head.basket.at_least is None:
            yield f"{one.head.id}.missing", f"`{one.head.id}` has no `basket: {{at_least: …}}`"
