"""English."""

from calendar import month_name
from fractions import Fraction
from functools import partial

from loyalty.amounts import day
from loyalty.rulebook.languages import Language, grouped, joined, named
from loyalty.rulebook.languages.en.phrases import PHRASES

_DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
_CHANNELS = {"pos": "the store", "web": "the web shop", "app": "the app", "phone": "phone orders"}
_DONE = {"sale": "purchase", "redemption": "spending of them", "activity": "activity"}
_TENDERS = {"voucher": "vouchers"}


def _counted(number: Fraction | int, what: str) -> str:
    single = what.removesuffix("s") if number == 1 else what
    return f"{_number(number)} {single}"


def _date_of_year(month: int, number: int) -> str:
    return f"{number} {month_name[month]}"


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10)
    return f"{number}{ending or 'th'}"


def _number(number: Fraction | int) -> str:
    return grouped(number, ",", ".")


LANGUAGE = Language(
    phrases=PHRASES
    | named(
        day=_DAYS,
        weekday={name: f"{said}s" for name, said in _DAYS.items()},
        channel=_CHANNELS,
        done=_DONE,
        tender=_TENDERS,
    ),
    date=day,
    date_of_year=_date_of_year,
    listed=partial(joined, word="and"),
    either=partial(joined, word="or"),
    counted=_counted,
    ordinal=_ordinal,
    number=_number,
    amount=str,
)
