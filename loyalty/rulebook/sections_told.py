"""The sections of a programme in customers' words: each definition by its aspects."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from loyalty.rulebook.speech import Speech
from processors.core.messages import in_language
from processors.core.sections import Expiry, Pay, Pending, Tier, Valid, Voucher
from processors.words.give import compile_give
from processors.words.off import Off
from processors.words.who import Term
from schemas.currencies import exponent_of

Row = tuple[str, tuple[str, dict[str, str]]]
"""The id; the title, and aspect → what is said of it."""


def _said(**aspects: str) -> dict[str, str]:
    return {aspect: text for aspect, text in aspects.items() if text}


def _earns_on(speech: Speech) -> Iterator[Row]:
    words, say = speech.body.earns_on, speech.words.say
    counts = say("counts on", price=say(f"price {words.price}"), tax=say(f"tax {words.tax}"))
    parts = [counts]
    if words.not_paid_with:
        parts.append(say("not paid with", tenders=speech.tenders(words.not_paid_with)))
    if words.never is not None:
        parts.append(say("never", items=speech.items(words.never)))
    how = say(f"rounded {words.rounding.mode}")
    rounding = say("rounded", how=how, over=say(f"over {words.rounding.scope}"))
    zone = say("zone", zone=speech.body.zone)
    yield "earns_on", ("", _said(counts="; ".join(parts), rounding=rounding, zone=zone))


def _wallets(speech: Speech) -> Iterator[Row]:
    for name, wallet in speech.body.wallets.items():
        worth = ""
        if wallet.value is not None:
            units = speech.points(wallet.value.units, name)
            worth = speech.words.say("worth", units=units, amount=speech.money(wallet.value.amount))
        limits = speech.limits(wallet.limits)
        aspects = _said(
            worth=worth,
            spend=_spendable(wallet.pending, speech),
            end=_end(wallet.expiry, speech),
            pay="" if wallet.pay is None else _pay(wallet.pay, name, speech),
            short=speech.words.say(f"short {wallet.when_short}"),
            limits=speech.words.say("wallet limits", limits=limits) if limits else "",
        )
        yield name, (speech.title(speech.body.wallets, name), aspects)


def _spendable(pending: Pending, speech: Speech) -> str:
    say = speech.words.say
    if pending.until is not None:
        return say(f"until {pending.until}")
    if not (pending.days or pending.months or pending.round_to):
        return say("at once")
    term = speech.term(pending.days, pending.months)
    rounded = {
        "day_end": "next morning",
        "week_end": "after the week",
        "month_end": "after the month",
    }
    return say(rounded.get(pending.round_to or "", "after"), term=term)


def _end(expiry: Expiry | None, speech: Speech) -> str:
    if expiry is None:
        return speech.words.say("for ever")
    said, say = _policy(expiry, speech), speech.words.say
    if expiry.enabled_on is not None:
        said += say("ends from", date=speech.words.date(expiry.enabled_on))
    if expiry.goodwill_days:
        said += say("goodwill", term=speech.term(expiry.goodwill_days))
    return said


def _policy(expiry: Expiry, speech: Speech) -> str:
    say = speech.words.say
    if expiry.rolling is not None:
        rolling = expiry.rolling
        term = speech.term(rolling.days, rolling.months, rolling.years)
        said = say("rolling", term=term, since=say(f"since {rolling.since}"))
        return said + (say(f"to {rolling.round_to}") if rolling.round_to else "")
    if expiry.calendar is not None:
        dates = [
            speech.words.date_of_year(int(one[:2]), int(one[3:])) for one in expiry.calendar.dates
        ]
        said = say("calendar", dates=speech.words.listed(dates))
        young = expiry.calendar.min_age_days
        return said + (say("min age", term=speech.term(young)) if young else "")
    if expiry.inactivity is None:
        return ""
    idle = expiry.inactivity
    what = speech.words.either([say(f"done {one}") for one in idle.kept_alive_by])
    return say("inactivity", term=speech.term(idle.days, idle.months, idle.years), what=what)


def _pay(pay: Pay, name: str, speech: Speech) -> str:
    said = speech.words.say(
        "pay",
        least=speech.points(pay.min, name),
        step=speech.words.number(pay.step),
        share=speech.percent(pay.max_share),
    )
    if pay.not_for is not None:
        said += speech.words.say("pay not for", items=speech.items(pay.not_for))
    if pay.refund != "proportional":
        said += speech.words.say(f"refund {pay.refund}")
    return said


def _tiers(speech: Speech) -> Iterator[Row]:
    for name, ladder in speech.body.tiers.items():
        say = speech.words.say
        title = in_language(ladder.title, speech.lang)
        if isinstance(ladder.window, Term):
            window = say("window term", term=speech.length(ladder.window))
        else:
            window = say(f"window {ladder.window}")
        wallet = ladder.wallet or next(iter(speech.body.wallets))
        points = speech.title(speech.body.wallets, wallet)
        kept = ladder.kept_until
        yield (
            name,
            (
                title,
                _said(
                    counts=say(f"measure {ladder.measure}", window=window, points=points),
                    kept=say(f"kept {kept}")
                    if isinstance(kept, str)
                    else say("kept for", term=speech.term(0, kept.months)),
                    **_moves(ladder, speech),
                ),
            ),
        )
        yield from _levels(name, ladder, speech)


def _moves(ladder: Tier, speech: Speech) -> dict[str, str]:
    """How a level is moved; a word is left out where it decides nothing."""
    say = speech.words.say
    # What counts of a ladder of points are the points of the sale, given at the level before it.
    crossing = "old_rate" if ladder.measure == "points" else ladder.crossing_sale
    said = _said(crossing=say(f"crossing {crossing}"), returns=say(f"returns {ladder.returns}"))
    if ladder.kept_until == "for_ever":
        return said
    said["review"] = say(f"review {ladder.review}")
    if ladder.grace.days and ladder.review != "keep":
        said["grace"] = say("grace", term=speech.term(ladder.grace.days))
    return said


def _levels(name: str, ladder: Tier, speech: Speech) -> Iterator[Row]:
    for level in ladder.levels:
        if ladder.measure == "spend":
            start = speech.money(level.start)
        else:
            start = speech.words.number(level.start)
        perks = [speech.title(speech.body.perks, perk) for perk in level.perks]
        say = speech.words.say
        with_perks = say("level perks", perks=speech.words.listed(perks)) if perks else ""
        said = {"from": say("level", start=start), "perks": with_perks}
        yield f"{name}/{level.id}", (speech.level(level.id), _said(**said))


def _perks(speech: Speech) -> Iterator[Row]:
    for name, perk in speech.body.perks.items():
        yield (
            name,
            (speech.title(speech.body.perks, name), _said(limits=speech.limits(perk.limits))),
        )


def _vouchers(speech: Speech) -> Iterator[Row]:
    say = speech.words.say
    for name, voucher in speech.body.vouchers.items():
        times = speech.words.counted(voucher.uses, say("times"))
        uses = say("uses", times=times) if voucher.uses > 1 and not voucher.stored_value else ""
        kept = say("stored value") if voucher.stored_value else ""
        aspects = _said(
            what=_off(voucher.off, speech),
            items=say("on", items=speech.items(voucher.items)) if voucher.items else "",
            who=speech.who(voucher.who),
            where=speech.where(voucher.where),
            when=speech.when(voucher.when),
            basket=speech.basket(voucher.basket),
            valid=_valid(voucher.valid, speech),
            limits="; ".join(p for p in (uses, kept, speech.limits(voucher.limits)) if p),
        )
        yield name, (_voucher_title(name, voucher, speech), aspects)


def _voucher_title(name: str, voucher: Voucher, speech: Speech) -> str:
    return in_language(voucher.title, speech.lang) or name


def _off(off: Off, speech: Speech) -> str:
    say = speech.words.say
    if off.amount is not None:
        return say("amount off sale", amount=speech.money(off.amount))
    share = off.percent or Fraction(0)
    percent = speech.percent(share)
    said = say("free") if share == 1 else say("percent off", percent=percent)
    if off.units is not None:
        units = speech.words.counted(off.units, say("items"))
        said = say("free units" if share == 1 else "percent units", units=units, percent=percent)
    if off.up_to is not None:
        said += say("up to", most=speech.money(off.up_to))
    return said + (say("dearest") if off.units is not None and off.pick == "dearest" else "")


def _valid(valid: Valid, speech: Speech) -> str:
    say = speech.words.say
    if valid.days is not None:
        said = say("valid days", term=speech.term(valid.days))
    elif valid.until is not None:
        said = say("valid until", date=speech.words.date(valid.until))
    else:
        said = say(f"valid {valid.through}")
    return say("valid from next day", valid=said) if valid.starts == "next_day" else said


def _rewards(speech: Speech) -> Iterator[Row]:
    exponent = exponent_of(speech.body.currency)
    for name, reward in speech.body.rewards.items():
        ((wallet, points),) = reward.costs.items()
        costs = speech.points(points, wallet)
        given = speech.given(compile_give(reward.give, exponent))
        aspects = _said(
            what=speech.words.say("costs", given=given, points=costs),
            who=speech.who(reward.who),
            when=speech.when(reward.when),
            limits=speech.limits(reward.limits),
        )
        yield name, (in_language(reward.title, speech.lang), aspects)


def _campaigns(speech: Speech) -> Iterator[Row]:
    for name, campaign in speech.body.campaigns.items():
        aspects = _said(
            when=speech.days(campaign.first_day, campaign.last_day),
            who=speech.who(campaign.audience),
        )
        yield name, (speech.title(speech.body.campaigns, name), aspects)


SECTIONS: Mapping[str, Callable[[Speech], Iterator[Row]]] = {
    "earns_on": _earns_on,
    "wallets": _wallets,
    "tiers": _tiers,
    "perks": _perks,
    "vouchers": _vouchers,
    "rewards": _rewards,
    "campaigns": _campaigns,
}
"""Section → what is told of it, for members on one level."""
