"""One promotion in customers' words: what it gives or takes off, and when, aspect by aspect."""

from fractions import Fraction
from typing import Any

from loyalty.rulebook.docstrings import one_line
from loyalty.rulebook.speech import Speech
from loyalty.rulebook.worked import worked
from processors.core.document import Variant
from processors.core.promotion import Promotion, currency_of, stages_of
from processors.words.cutting import Cut
from processors.words.items import Items
from processors.words.stages import Base, Bonus, Exchange, Factor, Stage, Streak
from schemas.currencies import exponent_of


def promotion_aspects(promotion: Promotion, speech: Speech) -> dict[str, str]:
    """Aspect → what is said of it, for members on one level."""
    head, body = promotion.head, speech.body
    stages = stages_of(promotion, body.currency)
    speech = speech.in_currency(currency_of(head, body.currency))
    items = getattr(promotion.words, "items", None)
    campaign = body.campaigns.get(head.campaign)
    when = [speech.when(head.when), _trigger(promotion, speech)]
    who = [speech.who(head.who)]
    within = []
    if campaign is not None:
        name = speech.title(body.campaigns, head.campaign)
        within.append(speech.words.say("campaign", name=name))
        within.append(speech.days(campaign.first_day, campaign.last_day))
        who.append(speech.who(campaign.audience))
    on_items = isinstance(items, Items)
    aspects = {
        "what": speech.words.listed([_stage(stage, promotion, speech) for stage in stages]),
        "items": speech.words.say("on", items=speech.items(items)) if on_items else "",
        "who": " ".join(part for part in who if part),
        "where": speech.where(head.where),
        "when": " ".join(part for part in when if part),
        "campaign": " ".join(part for part in within if part),
        "basket": speech.basket(head.basket),
        "nth": speech.nth(head.nth_sale),
        "group": speech.group(head.group, head.id),
        "limits": speech.limits(head.limits),
    }
    return {aspect: text for aspect, text in aspects.items() if text}


def promotion_example(promotion: Promotion, variant: Variant, speech: Speech) -> str:
    """Its worked number, computed by the rules as they are; empty if it has none."""
    number = worked(promotion, variant)
    if number is None:
        return ""
    speech = speech.in_currency(currency_of(promotion.head, speech.body.currency))
    say = speech.words.say
    before, after = speech.minor(number.before), speech.minor(number.after)
    match number.kind:
        case "cut":
            free = say("free") if not number.after else after
            return say("worked cut", before=before, after=free)
        case "become":
            points = [number.before, number.before - number.after, number.after]
            told = [speech.points(one, number.wallet) for one in points]
            return say(
                "worked become",
                points=told[0],
                taken=told[1],
                left=speech.words.number(number.after),
                times=speech.words.number(number.without),
            )
        case "items":
            items = speech.words.counted(number.before, say("items"))
            return say(
                "worked items", items=items, points=speech.points(number.after, number.wallet)
            )
    return say(
        f"worked {number.kind}",
        amount=before,
        points=speech.points(number.after, number.wallet),
        without=speech.words.number(number.without),
    )


def _trigger(promotion: Promotion, speech: Speech) -> str:
    head = promotion.head
    if head.trigger == "sale":
        return ""
    window = f" {head.window}" if head.trigger in {"birthday", "anniversary"} else ""
    activity = head.activity.replace("_", " ")
    return speech.words.say(
        f"trigger {head.trigger}{window}", level=speech.level(head.tier), activity=activity
    )


def _stage(stage: Stage, promotion: Promotion, speech: Speech) -> str:
    """What a promotion does, by the stage that it acts in, so that a new kind has words too."""
    say, words = speech.words.say, promotion.words
    match stage:
        case Base() if stage.measure == "amount":
            return _rate(stage, words, speech)
        case Base():
            points = speech.points(
                Fraction(stage.numerator * 1000, stage.denominator), stage.wallet
            )
            return say("per item" if stage.measure == "units" else "per paid item", points=points)
        case Factor():
            factor = Fraction(stage.numerator, stage.denominator)
            points = speech.title(speech.body.wallets, stage.wallet)
            phrase = "factor one" if factor == 1 else "factor" if factor > 1 else "factor less"
            return say(phrase, factor=speech.words.number(factor), points=points)
        case Bonus():
            return speech.given(stage.gives)
        case Streak():
            length = speech.words.counted(stage.length, say(stage.every))
            return say("streak", given=speech.given(stage.gives), length=length)
        case Exchange():
            points = speech.points(stage.take, stage.wallet)
            said = say("become", points=points, given=speech.given(stage.gives))
            return said + (say("undone") if stage.undoable else "")
        case Cut():
            return _cut(promotion, speech)


def _rate(base: Base, words: Any, speech: Speech) -> str:
    """The rate as it was written: so many for so much.  Any: the words of any kind."""
    per = getattr(words, "per", None) or getattr(words, "per_full", None)
    if per is None:
        per = Fraction(base.denominator, base.numerator)
    per_minor = per * 10 ** exponent_of(speech.body.currency)
    points = speech.points(Fraction(base.numerator) * per_minor / base.denominator, base.wallet)
    return speech.words.say(
        "rate full" if base.whole else "rate", points=points, amount=speech.money(per)
    )


def _cut(promotion: Promotion, speech: Speech) -> str:
    """What a promotion takes off.  A kind that has no phrase is told by its own first sentence."""
    say, words = speech.words.say, promotion.words
    get: Any = lambda name: getattr(words, name, None)  # noqa: E731  each kind has its own words
    match promotion.kind.name:
        case "percent_off":
            percent = speech.percent(get("percent"))
            if get("up_to") is None:
                return say("percent off", percent=percent)
            return say("percent off up to", percent=percent, most=speech.money(get("up_to")))
        case "amount_off":
            return say(f"amount off {get('each')}", amount=speech.money(get("amount")))
        case "buy_get_free":
            return say("buy get free", buy=get("buy"), free=get("free"))
        case "bundle_price":
            parts = [
                say("bundle part", units=part.units, items=speech.items(part.items))
                for part in get("items")
            ]
            return say("bundle", parts=speech.words.listed(parts), price=speech.money(get("price")))
        case "member_price":
            prices = [
                say("member price", sku=sku, price=speech.money(price))
                for sku, price in get("prices").items()
            ]
            return speech.words.listed(prices)
    return one_line(promotion.kind.about.partition("\n")[0]).rstrip(".")
