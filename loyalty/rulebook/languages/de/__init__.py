"""German, as a shop speaks to its customers."""

from fractions import Fraction
from functools import partial

from loyalty.rulebook.languages import Language, grouped, joined, named
from loyalty.rulebook.languages.de.phrases import PHRASES
from processors.words.calendar import date_of

_MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September"),
    *("Oktober", "November", "Dezember"),
)
_DAYS = {
    "mon": "Montag",
    "tue": "Dienstag",
    "wed": "Mittwoch",
    "thu": "Donnerstag",
    "fri": "Freitag",
    "sat": "Samstag",
    "sun": "Sonntag",
}
_CHANNELS = {"pos": "den Laden", "web": "den Webshop", "app": "die App", "phone": "das Telefon"}
_DONE = {"sale": "Einkauf", "redemption": "Einlösung", "activity": "Aktivität"}
_TENDERS = {
    "card": "Karte",
    "cash": "Bargeld",
    "gift_card": "Geschenkkarte",
    "voucher": "Gutscheinen",
}
_SINGULAR = {
    "Tage": "Tag",
    "Wochen": "Woche",
    "Monate": "Monat",
    "Jahre": "Jahr",
    "Einkäufe": "Einkauf",
    "Punkte": "Punkt",
    "Sterne": "Stern",
}
"""German has no rule for it but for words that end in s, so other names are said as they are."""


def _date(day: int) -> str:
    when = date_of(day)
    return f"{_date_of_year(when.month, when.day)} {when.year}"


def _date_of_year(month: int, number: int) -> str:
    return f"{number}. {_MONTHS[month - 1]}"


def _counted(number: Fraction | int, what: str) -> str:
    return (
        f"{_number(number)} {_SINGULAR.get(what, what.removesuffix('s')) if number == 1 else what}"
    )


def _ordinal(number: int) -> str:
    return f"{number}."


def _number(number: Fraction | int) -> str:
    return grouped(number, ".", ",")


def _amount(digits: str) -> str:
    return digits.replace(".", ",")


LANGUAGE = Language(
    phrases=PHRASES
    | named(
        day=_DAYS,
        weekday={name: f"{said.lower()}s" for name, said in _DAYS.items()},
        channel=_CHANNELS,
        done=_DONE,
        tender=_TENDERS,
    ),
    date=_date,
    date_of_year=_date_of_year,
    listed=partial(joined, word="und"),
    either=partial(joined, word="oder"),
    counted=_counted,
    ordinal=_ordinal,
    number=_number,
    amount=_amount,
)
