"""English."""

from calendar import month_name
from collections.abc import Sequence
from fractions import Fraction

from loyalty.amounts import day
from loyalty.rulebook.languages import Language

_PHRASES = {
    # The page
    "version": "Version {version}. All amounts are in {currency}.",
    "head earns_on": "What counts",
    "head wallets": "What you collect",
    "head tiers": "Levels",
    "head promotions": "What you get",
    "head vouchers": "Vouchers",
    "head rewards": "Rewards",
    "head campaigns": "Campaigns",
    "head perks": "Extras",
    "example": "For example, {example}.",
    "for level": "{level}: {what}",
    # What earns
    "price paid": "what you pay after discounts",
    "price shelf": "the shelf price before discounts",
    "tax included": "tax included",
    "tax excluded": "without the tax",
    "counts on": "What you collect is counted on {price}, {tax}",
    "not paid with": "the part paid with {tenders} earns nothing",
    "never": "nothing is earned on {items}",
    # Wallets
    "worth": "{units} are worth {amount}",
    "at once": "you can spend them at once",
    "after": "you can spend them {term} after you earned them",
    "next morning": "you can spend them {term} after you earned them, from the next morning on",
    "after the week": "you can spend them {term} after you earned them, from the next Monday on",
    "after the month": "you can spend them {term} after you earned them, from the next month on",
    "until order_fulfilled": "you can spend them once your order has arrived",
    "for ever": "they never end",
    "rolling": "they end {term} after you {since}",
    "since earned": "earned them",
    "since spendable": "could first spend them",
    "to month_end": ", at the end of that month",
    "to quarter_end": ", at the end of that quarter",
    "to year_end": ", at the end of that year",
    "calendar": "they end each year on {dates}",
    "inactivity": "they all end when for {term} there was no {what}",
    "pay": "you can pay with them: {least} or more, in steps of {step}, up to {share} of it all",
    "pay not for": ", but not for {items}",
    "wallet limits": "all offers together give {limits}",
    # Levels
    "measure spend": "Counted is what you spend {window}",
    "measure points": "Counted are the {points} you earn {window}",
    "measure visits": "Counted are your purchases {window}",
    "window calendar_year": "in a calendar year",
    "window anniversary": "in a year of membership",
    "window lifetime": "since you joined",
    "window term": "in the last {term}",
    "kept end_of_year": "a level is yours to the end of the year",
    "kept end_of_next_year": "a level is yours to the end of the next year",
    "kept for_ever": "a level is yours for ever",
    "kept for": "a level is yours for {term}",
    "level": "from {start}",
    "level perks": "with {perks}",
    # What is given
    "rate": "{points} for every {amount}",
    "rate full": "{points} for every full {amount}",
    "per item": "{points} for each item",
    "per paid item": "{points} for each item you pay for",
    "factor": "{factor} times the {points}",
    "factor one": "the usual {points}",
    "factor less": "only {factor} times the {points}",
    "give voucher": "the voucher “{name}”",
    "give perk": "{name}",
    "give gift": "{name} as a gift",
    "give gift_card": "a gift card of {amount}",
    "give donation": "{amount} given to {name}",
    "streak": "{given} for a purchase in each of {length} in a row",
    "become": "{points} become {given} by themselves",
    "percent off": "{percent} off",
    "percent off up to": "{percent} off, at most {most}",
    "amount off unit": "{amount} off each item",
    "amount off line": "{amount} off each article",
    "amount off sale": "{amount} off",
    "buy get free": "for every {buy} you buy, {free} more free",
    "bundle": "{parts} together for {price}",
    "bundle part": "{units} of {items}",
    "member price": "{sku} for {price}",
    "free": "free",
    "free units": "{units} free",
    "percent units": "{percent} off {units}",
    "up to": ", worth up to {most}",
    "dearest": ", the dearest first",
    # On what
    "on": "on {items}",
    "everything": "everything",
    "but": "{items} but not {others}",
    "skus": "{names}",
    "departments": "{names}",
    "categories": "{names}",
    "brands": "the brand {names}",
    "suppliers": "goods of {names}",
    "labels": "goods labelled {names}",
    "flags": "goods marked {names}",
    "items and": "{first} that are also {second}",
    # For whom, when, where
    "for": "for {who}",
    "who tiers": "members on {names}",
    "who labels": "members with the label {names}",
    "who segments": "members in {names}",
    "who birthday day": "members on their birthday",
    "who birthday month": "members in the month of their birthday",
    "who birthday around": "members within {term} of their birthday",
    "who member_for": "members for at least {term}",
    "who first": "your first purchase",
    "who not first": "purchases after your first",
    "who club": "members of {names}",
    "from day": "from {first} on",
    "to day": "to {last}",
    "from day to day": "from {first} to {last}",
    "one day": "on {first}",
    "weekdays": "on {names}",
    "hours": "between {start} and {end}",
    "month days": "on the {days} of the month",
    "every weeks": "every {number} week",
    "nth weekday": "on the {number} {weekday} of the month",
    "last": "last",
    "stores": "in store {names}",
    "store_groups": "in the stores of {names}",
    "channels": "in {names}",
    "tills": "at till {names}",
    "campaign": "in the campaign “{name}”",
    "basket at_least": "when you spend {amount} or more",
    "basket at_least items": "when you spend {amount} or more on {items}",
    "basket units": "when you buy {units} or more",
    "basket units items": "when you buy {units} or more of {items}",
    "basket tenders": "when you pay with {names}",
    "basket coupon": "with the coupon {name}",
    "nth is": "on your {number} purchase",
    "nth every": "on every {number} purchase",
    "nth channel": "{nth}, counted in each channel",
    "nth basket": "{nth} {basket}",
    "trigger enrolment": "for joining",
    "trigger birthday day": "on your birthday",
    "trigger birthday month": "at the start of the month of your birthday",
    "trigger anniversary day": "on the anniversary of your joining",
    "trigger anniversary month": "at the start of the month in which you joined",
    "trigger tier_reached": "for reaching {level}",
    "trigger activity": "for each {activity}",
    # Limits
    "limit": "at most {most}{every}",
    "limits": "{limits} for each member",
    "limits sale": "{limits} for each purchase",
    "times": "times",
    "items": "items",
    "units": "points",
    "every day": " a day",
    "every week": " a week",
    "every month": " a month",
    "every quarter": " a quarter",
    "every year": " a year",
    # Vouchers
    "valid days": "valid for {term}, counted from the day you get it",
    "valid month": "valid to the end of the month in which you get it",
    "valid birthday_month": "valid to the end of the month of your birthday",
    "valid year": "valid to the end of the year in which you get it",
    "valid until": "valid to {date}",
    "valid from next day": "{valid}, from the next day on",
    "uses": "to be used {times}",
    "stored value": "what you do not use stays on it",
    "costs": "{given} for {points}",
    # Terms of time
    "days": "days",
    "weeks": "weeks",
    "months": "months",
    "years": "years",
    "day": "days",
    "week": "weeks",
    "month": "months",
    # Worked numbers
    "worked amount": "{amount} gives {points}",
    "worked items": "{items} give {points}",
    "worked factor": "{amount} gives {points} in place of {without}",
    "worked cut": "what costs {before} costs {after}",
    "worked become": "of {points}, {taken} become {times} of it and {left} are left",
    # Comparison
    "no change": "No change.",
    "no change for customers": "No change for customers. Changed inside: {names}.",
    "compared": "{name}: what changes from version {old} to version {new}",
    "added": "New: {what}",
    "ended": "Ends: {what}",
    "changed": "{label}: was “{old}”, now “{new}”",
    "changed from nothing": "{label}: now “{new}”",
    "changed to nothing": "{label}: no longer “{old}”",
    "label title": "name",
    "label what": "what it gives",
    "label items": "on what",
    "label who": "for whom",
    "label campaign": "campaign",
    "label where": "where",
    "label when": "when",
    "label basket": "basket",
    "label nth": "which purchase",
    "label limits": "limit",
    "label valid": "validity",
    "label worth": "value",
    "label spend": "when it can be spent",
    "label end": "when it ends",
    "label pay": "payment",
    "label counts": "what counts",
    "label kept": "how long it is kept",
    "label from": "where it begins",
    "label perks": "what comes with it",
}

_WEEKDAYS = {
    "mon": "Mondays",
    "tue": "Tuesdays",
    "wed": "Wednesdays",
    "thu": "Thursdays",
    "fri": "Fridays",
    "sat": "Saturdays",
    "sun": "Sundays",
}
_CHANNELS = {"pos": "the store", "web": "the web shop", "app": "the app", "phone": "phone orders"}
_DONE = {"sale": "purchase", "redemption": "spending of them", "activity": "activity"}
_TENDERS = {"voucher": "vouchers"}


def _listed(names: Sequence[str]) -> str:
    return _joined(names, "and")


def _either(names: Sequence[str]) -> str:
    return _joined(names, "or")


def _joined(names: Sequence[str], word: str) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def _counted(number: Fraction | int, what: str) -> str:
    single = what.removesuffix("s") if number == 1 else what
    return f"{_number(number)} {single}"


def _date_of_year(month: int, number: int) -> str:
    return f"{number} {month_name[month]}"


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10)
    return f"{number}{ending or 'th'}"


def _number(number: Fraction | int) -> str:
    exact = Fraction(number)
    digits = 0
    while (exact * 10**digits).denominator != 1 and digits < 6:
        digits += 1
    sign = "-" if exact < 0 else ""
    whole, rest = divmod(abs(round(exact * 10**digits)), 10**digits)
    return f"{sign}{whole:,}" + (f".{rest:0{digits}}" if digits else "")


LANGUAGE = Language(
    phrases=_PHRASES
    | {f"weekday {name}": said for name, said in _WEEKDAYS.items()}
    | {f"channel {name}": said for name, said in _CHANNELS.items()}
    | {f"done {name}": said for name, said in _DONE.items()}
    | {f"tender {name}": said for name, said in _TENDERS.items()},
    date=day,
    date_of_year=_date_of_year,
    listed=_listed,
    either=_either,
    counted=_counted,
    ordinal=_ordinal,
    number=_number,
)
