"""What the places of a text are filled with: one account and basket, as the rules see them.

Dates are written 2027-03-31 and money 12.90 EUR, so that they read the same in every language.
"""

from collections.abc import Sequence

from msgspec import Struct

from processors.core.account import Account, Wallet
from processors.core.draft import spendable
from processors.core.messages import fill, in_language
from processors.core.payment import worth
from processors.core.programme import Programme
from processors.core.rung import rung_of
from processors.words.calendar import date_of
from schemas.currencies import money
from schemas.ledger import NEVER, Effect, PointsEarned


class Seen(Struct, frozen=True):
    """What a text may speak of.

    Attributes:
        account: as it stands after what happened.
        programme: the rules, as they are for its levels.
        effects: of what happened.
        business_date: when.
        basket_minor: the money of the basket, in minor units.
    """

    account: Account
    programme: Programme
    effects: Sequence[Effect] = ()
    business_date: int = 0
    basket_minor: int = 0


def text_for(moment: str, language: str, seen: Seen) -> str:
    """The programme's text for a moment, filled; empty if it has none.

    Args:
        moment: `receipt` or `before_pay`.
        language: the member's; see `in_language` for what is said if it is not there.
        seen: what it speaks of.
    """
    template = in_language(seen.programme.body.messages.get(moment, {}), language)
    return fill(template, lambda place: value_of(place, language, seen))


def value_of(place: str, language: str, seen: Seen) -> str | None:
    """What stands in a place; None if there is nothing to say."""
    name, _, word = place.rpartition(".")
    if name in seen.programme.wallets:
        return _of_wallet(name, word, seen)
    if name == "vouchers":
        return _of_vouchers(word, seen)
    if name == "tier":
        return _of_tier(word, language, seen)
    rules = (rule for rule in seen.programme.rules if rule is not None and rule.id == name)
    floor = next((rule.floor for rule in rules), None)
    missing = 0 if floor is None else floor.at_least_minor - seen.basket_minor
    return _money(missing, seen) if missing > 0 else None


def _of_wallet(name: str, word: str, seen: Seen) -> str | None:
    wallet = seen.account.wallets.get(name, Wallet())
    available = sum(lot.left for lot in spendable(wallet, seen.business_date))
    earned = [
        effect for effect in seen.effects if isinstance(effect, PointsEarned) and effect.granted
    ]
    mine = [effect for effect in earned if effect.wallet == name]
    last_day = min((lot.last_day for lot in wallet.lots if lot.last_day < NEVER), default=None)
    match word:
        case "earned":
            return str(sum(effect.granted for effect in mine))
        case "available":
            return str(available)
        case "value":
            terms = seen.programme.wallets[name]
            return None if terms.value is None else _money(worth(available, terms), seen)
        case "next_last_day":
            return _date(last_day)
        case "next_last_day_points":
            ending = [lot.left for lot in wallet.lots if lot.last_day == last_day]
            return str(sum(ending)) if ending else None
        case "spendable_on":
            return _date(max((effect.spendable_on for effect in mine), default=None))
        case "to_next_voucher":
            return _to_next_voucher(name, available, seen)
    return None


def _to_next_voucher(name: str, available: int, seen: Seen) -> str | None:
    takes = [
        exchange.take
        for rule in seen.programme.converts
        for exchange in rule.exchanges
        if exchange.wallet == name and any(thing.kind == "voucher" for thing in exchange.gives)
    ]
    return str(min(take - available % take for take in takes)) if takes else None


def _of_vouchers(word: str, seen: Seen) -> str | None:
    day = seen.business_date
    held = [one for one in seen.account.vouchers if one.uses_left and one.last_day >= day]
    if not held:
        return None
    return str(len(held)) if word == "active" else _date(min(one.last_day for one in held))


def _of_tier(word: str, language: str, seen: Seen) -> str | None:
    programme = seen.programme
    ladder = next(iter(programme.ladders.values()), None)
    if ladder is None or not ladder.is_for(seen.account.labels):
        return None
    rung = rung_of(seen.account, ladder)
    if not rung.above:
        return None
    if word == "next":
        words = ladder.words.levels[ladder.place(rung.above)]
        return in_language(words.title, language) or words.id
    return _money(rung.missing, seen) if ladder.measure == "spend" else str(rung.missing)


def _date(day: int | None) -> str | None:
    return None if day is None or day >= NEVER else date_of(day).isoformat()


def _money(amount_minor: int, seen: Seen) -> str:
    currency = seen.programme.currency
    return f"{money(amount_minor, currency)} {currency}"
