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


_AS_TEXT = WithJsonSchema({"type": ["number", "string"], "pattern": r"^\d+(\.\d+)?%?$"})
_AS_WHOLE = WithJsonSchema({"type": ["integer", "string"], "pattern": r"^\d+$"})

Positive = Annotated[Fraction, BeforeValidator(_exact), AfterValidator(_positive), _AS_TEXT]
"""An exact number above 0, as written: `1`, `0.5`, `10.00`, `30%`."""

Percent = Annotated[Fraction, BeforeValidator(_percent), _AS_TEXT]
"""Hundredths as people say them: `10` and `10%` are a tenth."""

NotNegative = Annotated[Fraction, BeforeValidator(_exact), AfterValidator(_not_negative), _AS_TEXT]
"""An exact number, 0 or above."""

Whole = Annotated[int, BeforeValidator(_whole), _AS_WHOLE]
"""A whole number, 0 or above."""

Some = Annotated[int, BeforeValidator(_whole), Field(ge=1), _AS_WHOLE]
"""A whole number, 1 or above."""


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
