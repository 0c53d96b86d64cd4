"""One card, phone or address is one text, however it is written."""

import pytest

from producers.people import normal
from producers.people.identifiers import tells_a_person

PHONES = [
    ("+44 (0)20 7946 0018", "", "+442079460018"),
    ("0044 20 7946 0018", "", "+442079460018"),
    ("020 7946 0018", "+44", "+442079460018"),
    ("(212) 555-0100", "+1", "+12125550100"),
    ("1-212-555-0100", "+1", "+12125550100"),
    ("+1.212.555.0100", "+44", "+12125550100"),
    ("06 1234 5678", "+39", "+390612345678"),
    ("\uff0b33\u00a06\u00a012\u00a034\u00a056\u00a078", "", "+33612345678"),
]


@pytest.mark.parametrize(("text", "prefix", "wanted"), PHONES)
def test_a_phone_number_is_plus_and_digits(text: str, prefix: str, wanted: str) -> None:
    """The country comes first, whatever signs were between the digits."""
    assert normal.phone(text, prefix) == wanted


@pytest.mark.parametrize(
    "text",
    ["", "020 7946 0018", "+0123456789", "+44 207 x12", "+12345", "+" + "1" * 16, "phone", "+"],
)
def test_what_is_no_phone_number_is_none(text: str) -> None:
    """Without a country, too short, too long, or no number at all."""
    assert normal.phone(text) is None


@pytest.mark.parametrize("text", ["\uff12\uff11\uff12", "x", "12a4567890", ""])
def test_a_prefix_makes_no_number_of_words(text: str) -> None:
    """A country in front does not turn a word or a fragment into a number."""
    assert normal.phone(text, "+1") is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2600 0012 3456", "260000123456"),
        (" 0000-1234 ", "00001234"),
        ("ab12cd", "AB12CD"),
        ("\uff11\uff12\uff13\uff14\uff15", "12345"),
    ],
)
def test_a_card_is_its_letters_and_digits(text: str, wanted: str) -> None:
    """Leading zeros stay; spaces and hyphens do not matter."""
    assert normal.card(text) == wanted


@pytest.mark.parametrize(
    "text", ["", "123", "4.0001E+15", "4,0001E+15", "12345.0", "a" * 41, "12_34"]
)
def test_what_is_no_card_is_none(text: str) -> None:
    """A number that a spreadsheet has spoilt is not guessed at."""
    assert normal.card(text) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (" Ada.Lovelace@Example.ORG ", "ada.lovelace@example.org"),
        ("a+b@shop.co.uk", "a+b@shop.co.uk"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_in_lower_case(text: str, wanted: str) -> None:
    """Large and small letters are one, and a domain is in ASCII."""
    assert normal.email(text) == wanted


@pytest.mark.parametrize(
    "text",
    ["", "ada", "@example.org", "ada@", "ada@localhost", "a b@example.org", "a@b@example.org",
     ".a@example.org", "a..b@example.org", "a@exa mple.org", "a@-x.org", "a@" + "x" * 64 + ".org"],
)  # fmt: skip
def test_what_is_no_address_is_none(text: str) -> None:
    """A mistyped address opens no member."""
    assert normal.email(text) is None


@pytest.mark.parametrize(
    ("write", "texts"),
    [
        (normal.card, ["2600 0012 3456", "ab-12cd"]),
        (normal.phone, ["+44 (0)20 7946 0018"]),
        (normal.email, ["Ada@Bücher.example"]),
    ],
)
def test_the_normal_form_is_its_own(write: object, texts: list[str]) -> None:
    """What was written once stays as it is when it is written again."""
    assert callable(write)
    for text in texts:
        assert write(write(text)) == write(text)


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("asked by ada@example.org, by post", True),
        ("called (+44 20 7946 0018) on Monday", True),
        ("two cups @ 3.50", False),
        ("+25 points on 2026-03-14, receipt 0012345678", False),
        ("a broken cup", False),
        ("", False),
    ],
)
def test_a_sentence_tells_a_person_by_address_or_number(text: str, tells: bool) -> None:
    """Amounts, dates and receipts are nobody's numbers."""
    assert tells_a_person(text) is tells
