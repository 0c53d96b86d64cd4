"""Money is exact, and has the decimals of its currency."""

from decimal import Decimal
from itertools import product
from string import ascii_uppercase

import pytest

from infra.postgres import connect
from infra.settings import Settings
from schemas.currencies import exponent_of


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1230, "USD", "12.30"),
        (-5, "EUR", "-0.05"),
        (0, "USD", "0.00"),
        (1230, "JPY", "1230"),
        (1230, "KWD", "1.230"),
        (1230, "CLF", "0.1230"),
        (10**12, "USD", "10000000000.00"),
    ],
)
def test_money_has_the_decimals_of_its_currency(
    installed: Settings, minor: int, currency: str, text: str
) -> None:
    """Minor units and a currency give one exact number."""
    with connect(installed, "analyst") as connection:
        row = connection.execute("SELECT money(%s, %s)", (minor, currency)).fetchone()

    assert row is not None
    assert isinstance(row[0], Decimal)
    assert str(row[0]) == text


def test_tables_and_decisions_give_a_currency_the_same_decimals(installed: Settings) -> None:
    """What is decided in minor units is shown in the same ones, whatever the currency."""
    every = ["".join(letters) for letters in product(ascii_uppercase, repeat=3)]
    with connect(installed, "analyst") as connection:
        rows = connection.execute(
            "SELECT code, exponent(code) FROM unnest(%s::text[]) AS code", (every,)
        ).fetchall()

    assert dict(rows) == {code: exponent_of(code) for code in every}


def test_time_is_exact_to_the_millisecond(installed: Settings) -> None:
    """Milliseconds since 1970, before it too, are a time without rounding."""
    with connect(installed, "analyst") as connection:
        row = connection.execute(
            "SELECT moment(1483272000123)::text, moment(-2208988799999)::text"
        ).fetchone()

    assert row == ("2017-01-01 12:00:00.123+00", "1900-01-01 00:00:00.001+00")
