"""A programme's document: read as text, checked as a whole, every mistake on its line."""

import pytest

from processors.core.document import ProgrammeInvalid, check
from processors.core.programme import compiled
from schemas.codec import decode_event, encode_event
from schemas.events import SaleRecorded
from tests.core.scene import GROCERY, PLAIN, line, scene_of

MISTAKES = {
    "unknown kind": ("kind: convert", "kind: konvert", "there is no kind `konvert`; did you mean"),
    "misspelt word": ("multiply: {points: 2}", "multiplay: {points: 2}", "no word `multiplay`"),
    "undefined group": ("group: boosts}", "group: boots}", "no group `boots` is defined; did you"),
    "undefined voucher": ("{voucher: ten-off}", "{voucher: ten-of}", "no voucher `ten-of`"),
    "undefined wallet": ("give: {points: 1}", "give: {point: 1}", "no wallet `point`"),
    "negative rate": ("give: {points: 1}", "give: {points: -1}", "must be more than 0"),
    "no number": ("per: 1.00", "per: one", "'one' is not a number such as"),
    "nought": ("per: 1.00", "per: 0.00", "must be more than 0"),
    "float with exponent": ("per: 1.00", "per: 1e2", "is not a number"),
    "small coin": ("off: {amount: 5.00}", "off: {amount: 5.005}", "has no such small coin"),
    "said twice": ("version: 1 ", "version: 1\nversion: 2 ", "`version` is said twice"),
    "two of one id": ("id: own-brand", "id: base", "`base` is defined twice"),
    "weekday": ("weekdays: [sat, sun]", "weekdays: [saturday]", "`saturday` is none of `mon`"),
    "currency": ("currency: USD", "currency: dollars", "`dollars` is no currency, such as EUR"),
    "version": ("version: 1 ", "version: v1 ", "is not a whole number"),
    "rolling": ("months: 12", "monts: 12", "no word `monts` here; did you mean `months`?"),
    "pays without value": ("value: {units: 100, amount: 2.00}\n", "\n", "needs a `value`"),
    "tab in a campaign": (
        "id: own-brand,",
        'id: own-brand, campaign: "a\\tb",',
        "holds a control character",
    ),
    "line in a funder": (
        "id: own-brand,",
        'id: own-brand, funded_by: "a\\nb",',
        "holds a control character",
    ),
    "not yaml": ("wallets:\n", "wallets: [\n", "not YAML"),
}


@pytest.mark.parametrize(("old", "new", "sentence"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_on_its_line(old: str, new: str, sentence: str) -> None:
    """The file, the line, the line itself, what is wrong, and the nearest known word."""
    assert old in GROCERY
    text = GROCERY.replace(old, new, 1)

    with pytest.raises(ProgrammeInvalid) as refused:
        check(text, "grocery.yaml")

    assert sentence in str(refused.value)
    mistake = next(one for one in refused.value.mistakes if sentence in one.sentence)
    assert mistake.file == "grocery.yaml"
    assert mistake.text == text.splitlines()[mistake.line - 1]


def test_all_mistakes_are_reported_at_once() -> None:
    """Three mistakes are three lines, in the order of the file."""
    text = (
        GROCERY.replace("units: 300", "units: many")
        .replace("multiply: {points: 2}", "multiplay: {points: 2}")
        .replace("kind: convert", "kind: konvert")
    )

    with pytest.raises(ProgrammeInvalid) as refused:
        check(text)

    lines = [mistake.line for mistake in refused.value.mistakes]
    assert lines == sorted(lines)
    assert len(set(lines)) == 3


def test_scalars_are_text() -> None:
    """Store 0142 stays 0142, and 1.10 is eleven tenths exactly."""
    text = PLAIN.replace("per: 1.00", "per: 1.10, where: {stores: [0142]}")
    promotion = check(text).promotions[0]

    assert promotion.head.where is not None
    assert promotion.head.where.stores == ("0142",)
    assert (promotion.words.per.numerator, promotion.words.per.denominator) == (11, 10)  # type: ignore[attr-defined]


def test_the_canonical_document_is_its_own_source() -> None:
    """The JSON that is activated reads as the same document, with the same hash."""
    checked = check(GROCERY)
    again = check(checked.document)

    assert again.document == checked.document
    assert again.document_hash == checked.document_hash


def test_comments_and_order_change_no_hash() -> None:
    """What does not change the meaning does not change the content's name."""
    plain = check(PLAIN)
    turned = check(PLAIN.replace("version: 1\n", "", 1) + "# a word\nversion: 1\n")

    assert turned.document_hash == plain.document_hash


def test_a_compiled_programme_is_remembered() -> None:
    """Every partition activates the same document; it is compiled once."""
    document = check(PLAIN).document

    assert compiled(document) is compiled(document)


def test_what_one_programme_worked_out_of_an_article_is_not_another_ones() -> None:
    """Two versions asked in turn about what tills sent answer as each does when asked alone."""
    scene = scene_of(PLAIN)
    sent = scene.sale("1", [line(1, 500), line(2, 700, flags=("gift_card",)), line(3, 100)])
    plain, other = (
        compiled(check(PLAIN + more).document)
        for more in ("", "  - {id: more, kind: per_amount, give: {points: 5}, per: 1.00}\n")
    )
    alone = [one.masks(sent.lines) for one in (plain, other)]

    read = [decode_event(encode_event(sent)) for _ in range(4)]
    in_turn = [
        one.masks(event.lines)
        for one, event in zip((plain, other, plain, other), read, strict=True)
        if isinstance(event, SaleRecorded)
    ]

    assert alone[0] != alone[1]
    assert in_turn == alone + alone


def test_only_null_true_and_false_are_more_than_text() -> None:
    """Quoted they are text as everything else is; a brand may be called No, and no is no false."""
    text = PLAIN.replace(
        "per: 1.00}",
        'per: 1.00, where: {stores: [no, "true"]}, who: {first_purchase: true}, items: null}',
    )
    (promotion,) = check(text).promotions

    assert promotion.head.where is not None
    assert promotion.head.where.stores == ("no", "true")
    assert promotion.head.who is not None
    assert promotion.head.who.first_purchase is True
    assert '"items":null' in check(text).document
