"""English."""

from calendar import month_name
from collections.abc import Sequence
from fractions import Fraction

from loyalty.amounts import day
from loyalty.rulebook.languages import Language
from loyalty.rulebook.languages.en.phrases import PHRASES

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
    phrases=PHRASES
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
