"""Numbers in a programme: read as text, exact, never a float."""

import re
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?%?", re.ASCII)


def _exact(text: object) -> Fraction:
    if not isinstance(text, str) or _NUMBER.fullmatch(text) is None:
        raise ValueError(f"{text!r} is not a number such as 1, 0.5 or 10.00")
    number = Fraction(text.removesuffix("%"))
    return number / 100 if text.endswith("%") else number


def _positive(number: Fraction) -> Fraction:
    if number <= 0:
        raise ValueError("must be more than 0")
    return number


def _not_negative(number: Fraction) -> Fraction:
    if number < 0:
        raise ValueError("must not be negative")
    return number


def _percent(text: object) -> Fraction:
    number = _exact(str(text).removesuffix("%")) / 100
    if not 0 <= number <= 1:
        raise ValueError("is between 0 and 100")
    return number


def _whole(text: object) -> int:
    if not isinstance(text, str) or not text.isascii() or not text.isdigit() or len(text) > 12:
        raise ValueError(f"{text!r} is not a whole number")
    return int(text)


def _signed(text: object) -> int:
    sign = -1 if str(text).startswith("-") else 1
    return sign * _whole(text.removeprefix("-") if isinstance(text, str) else text)


def _share(text: object) -> Fraction:
    share = _not_negative(_exact(text))
    if share > 1:
        raise ValueError(f"{text!r} is more than all: a share is written 50% or 0.5")
    return share


_DECIMAL = {"type": ["number", "string"], "pattern": r"^\d{1,15}(\.\d{1,9})?%?$"}
_AMOUNT = _DECIMAL | {"pattern": r"^\d{1,15}(\.\d{1,9})?$"}
_WHOLE = {"type": ["integer", "string"], "pattern": r"^\d{1,12}$"}


def _number(**bounds: int) -> WithJsonSchema:
    """An exact number for editors, which see it as a number or, in quotes, as a text."""
    return WithJsonSchema(_DECIMAL | bounds)


def _amount(**bounds: int) -> WithJsonSchema:
    return WithJsonSchema(_AMOUNT | bounds)


def _count(**bounds: int) -> WithJsonSchema:
    return WithJsonSchema(_WHOLE | bounds)


Positive = Annotated[
    Fraction, BeforeValidator(_exact), AfterValidator(_positive), _number(exclusiveMinimum=0)
]
"""An exact number above 0, as written: `1`, `0.5`, `10.00`, `30%`."""

Percent = Annotated[Fraction, BeforeValidator(_percent), _number(minimum=0, maximum=100)]
"""Hundredths as people say them: `10` and `10%` are a tenth."""

Share = Annotated[Fraction, BeforeValidator(_share), _number(minimum=0, maximum=1)]
"""A part of a whole, `50%` or `0.5`; never more than all of it."""

NotNegative = Annotated[
    Fraction, BeforeValidator(_exact), AfterValidator(_not_negative), _number(minimum=0)
]
"""An exact number, 0 or above."""

Amount = Annotated[
    Fraction, BeforeValidator(_exact), AfterValidator(_positive), _amount(exclusiveMinimum=0)
]
"""Money or another measure above 0, which is no share: `10.00`."""

AmountOrNone = Annotated[
    Fraction, BeforeValidator(_exact), AfterValidator(_not_negative), _amount(minimum=0)
]
"""The same, 0 or above."""

Whole = Annotated[int, BeforeValidator(_whole), _count(minimum=0)]
"""A whole number, 0 or above."""

Some = Annotated[int, BeforeValidator(_whole), Field(ge=1), _count(minimum=1)]
"""A whole number, 1 or above."""

Version = Annotated[
    int,
    BeforeValidator(_whole),
    Field(ge=1, le=2_147_483_647),
    _count(minimum=1, maximum=2_147_483_647),
]
"""The number of a version, which every record names: no ledger holds a larger one."""

Signed = Annotated[
    int,
    BeforeValidator(_signed),
    WithJsonSchema({"type": ["integer", "string"], "pattern": r"^-?\d+$"}),
]
"""A whole number, also below 0."""

Days = Annotated[int, BeforeValidator(_whole), Field(le=36_500), _count(minimum=0, maximum=36_500)]
"""A number of days, at most a hundred years of them."""

Months = Annotated[int, BeforeValidator(_whole), Field(le=1_200), _count(minimum=0, maximum=1_200)]
"""A number of months, at most a hundred years of them."""

SomeDays = Annotated[
    int, BeforeValidator(_whole), Field(ge=1, le=36_500), _count(minimum=1, maximum=36_500)
]
"""The same, one at least."""

SomeMonths = Annotated[
    int, BeforeValidator(_whole), Field(ge=1, le=1_200), _count(minimum=1, maximum=1_200)
]
"""A number of months, one at least."""

Years = Annotated[int, BeforeValidator(_whole), Field(le=100), _count(minimum=0, maximum=100)]
"""A number of years, at most a hundred."""


def written(amount_minor: int, exponent: int) -> str:
    """Minor units as people write money: 53.25."""
    sign = "-" if amount_minor < 0 else ""
    whole, rest = divmod(abs(amount_minor), 10**exponent)
    return f"{sign}{whole}.{rest:0{exponent}}" if exponent else f"{sign}{whole}"


def minor_units(amount: Fraction, exponent: int) -> int:
    """Money as written in whole minor units.

    Raises:
        ValueError: if the amount has a fraction of a minor unit.
    """
    scaled = amount * 10**exponent
    if scaled.denominator != 1:
        raise ValueError(f"{amount} has more decimals than the currency")
    return int(scaled)
