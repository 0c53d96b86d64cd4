"""What a till says before payment: how little is missing for something more.

A programme says it in its own words (`messages: before_pay`), with the places that a receipt has;
a sentence is said only if all that it names is known, so that "{spend-200.missing} more" is silent
once the basket is large enough.  Of a member's account it tells what is there before the sale.
Without a template each promotion that a larger basket would bring is named, the nearest first.

Worked number: a bonus for a basket of 50.00, and one of 45.80: "4.20 more for …".
"""

from collections.abc import Sequence

from processors.core.message_values import Seen, value_of
from processors.core.messages import LANGUAGE, MORE, fill, in_language, known_places
from processors.core.pricing import Setting, is_meant, missing
from processors.core.till import Till
from processors.words.exact import written
from schemas.currencies import exponent_of
from schemas.ledger import Effect

PROMPTS_MAX = 3
"""Most promotions that are named."""


def prompts(
    setting: Setting, till: Till, effects: Sequence[Effect], language: str = LANGUAGE
) -> tuple[str, ...]:
    """What to say about a priced basket; nothing about an empty one.

    Args:
        setting: who buys.
        till: the basket, priced.
        effects: what the sale will bring if it is bought so.
        language: of the words.
    """
    if not till.basket.lines:
        return ()
    exponent = exponent_of(till.basket.currency)
    rules = setting.rules
    short = sorted(_short(setting, till).items(), key=lambda one: (one[1], one[0]))
    template = rules.body.messages.get("before_pay")
    if template:
        known = {
            f"{rules.promotions[at].head.id}.missing": written(by, exponent) for at, by in short
        }
        draft = setting.draft
        seen = Seen(draft.account, rules, effects, draft.business_date)
        of_account = known_places(rules.wallets, ()) if setting.is_member else ()

        def value(place: str) -> str | None:
            return value_of(place, language, seen) if place in of_account else known.get(place)

        said = fill(in_language(template, language), value)
        return (said,) if said else ()
    heads = [(rules.promotions[at].head, written(by, exponent)) for at, by in short[:PROMPTS_MAX]]
    more = in_language(MORE, language)
    return tuple(
        more.format(missing=by, name=in_language(head.title, language) or head.id)
        for head, by in heads
    )


def _short(setting: Setting, till: Till) -> dict[int, int]:
    """Place of a promotion → what the basket is short of for it.

    For one that takes money off, at the prices at which it was its turn; for the others at what is
    to pay.
    """
    found = dict(till.short)
    money = till.money()
    for rule in setting.rules.rules:
        if rule is None or rule.cuts or rule.floor is None or rule.head.trigger != "sale":
            continue
        if rule.exchanges:
            continue  # Points become something else whatever is in the basket.
        if setting.is_member and is_meant(setting, rule, till.money):
            by = missing(rule.floor, till.basket, money)
            if by:
                found[rule.at] = by
    return found
