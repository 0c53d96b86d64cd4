"""Texts for people: places are filled by what the account has, in the language of the member."""

import pytest

from processors.core.judging import levels_of
from processors.core.message_values import Seen, text_for, value_of
from processors.core.messages import fill, in_language, known_places, unknown_placeholders
from schemas.ledger import Record
from tests.core.scene import PLAIN, Scene, line
from tests.core.test_mistakes import WHOLE

TALKING = PLAIN.replace(
    "promotions:\n",
    """
tiers:
  circle:
    measure: spend
    window: calendar_year
    levels: [{id: low, from: 0}, {id: high, from: 100.00, title: {en: High, fr: Haut}}]
vouchers:
  cake: {off: {amount: 1.00}, valid: {days: 30}}
messages:
  receipt:
    en: "{points.earned} points. Next comes {tier.next}! {vouchers.active} vouchers."
    fr: "{points.earned} points."
promotions:
  - {id: to-cake, kind: convert, take: {points: 80}, give: {voucher: cake}}
  - {id: feast, kind: bonus, give: {points: 5}, basket: {at_least: 60.00}}
""",
)


def seen(scene: Scene, record: Record) -> Seen:
    """What a text may speak of after a record."""
    programme = scene.state.programmes[-1].programme
    account = scene.account()
    rules = programme.at_levels(levels_of(account, programme))
    net = 0 if record.sale is None else record.sale.net_minor
    return Seen(account, rules, record.effects, record.business_date, net)


def test_places_are_filled() -> None:
    """After a first purchase of 50.00: each place says what the account then has."""
    scene = Scene(TALKING)
    scene.enrolled()
    after = seen(scene, scene.when(scene.sale("1", [line(1, 5000)], on="2026-03-14")))

    said = {place: value_of(place, "fr", after) for place in (
        "points.earned", "points.available", "points.value", "points.next_last_day",
        "points.next_last_day_points", "points.spendable_on", "points.to_next_voucher",
        "tier.next", "tier.missing", "feast.missing", "vouchers.active", "vouchers.next_last_day",
    )}  # fmt: skip

    assert said == {
        "points.earned": "50", "points.available": "50", "points.value": "0.50 EUR",
        "points.next_last_day": "2027-03-31", "points.next_last_day_points": "50",
        "points.spendable_on": "2026-03-14", "points.to_next_voucher": "30",
        "tier.next": "Haut", "tier.missing": "50.00 EUR", "feast.missing": "10.00 EUR",
        "vouchers.active": None, "vouchers.next_last_day": None,
    }  # fmt: skip


def test_vouchers_are_counted_with_the_day_that_comes_first() -> None:
    """160 points have become two vouchers, and the top level has none above it."""
    scene = Scene(TALKING)
    scene.enrolled()
    after = seen(scene, scene.when(scene.sale("1", [line(1, 16_000)], on="2026-03-14")))

    assert value_of("vouchers.active", "en", after) == "2"
    assert value_of("vouchers.next_last_day", "en", after) == "2026-04-13"
    assert value_of("tier.next", "en", after) is None
    assert value_of("feast.missing", "en", after) is None


def test_a_sentence_with_an_empty_place_is_left_out() -> None:
    """Who has no voucher reads none about vouchers."""
    scene = Scene(TALKING)
    scene.enrolled()
    after = seen(scene, scene.when(scene.sale("1", [line(1, 5000)], on="2026-03-14")))

    assert text_for("receipt", "en", after) == "50 points. Next comes High!"
    assert text_for("receipt", "fr", after) == "50 points."
    assert text_for("receipt", "cy", after) == text_for("receipt", "en", after)
    assert text_for("before_pay", "en", after) == ""


def test_a_text_is_filled_in_its_own_words() -> None:
    """Whatever a value holds, it is put in once; braces in it open no further place."""
    values = {"a.b": "{c.d}", "c.d": "x"}

    assert fill("{a.b} and {c.d}.", values.get) == "{c.d} and x."


def test_a_language_that_is_not_there_is_english_where_that_is() -> None:
    """A document keeps its languages in the order of the alphabet, so its first says nothing."""
    assert in_language({"cy": "a", "en": "b"}, "cy") == "a"
    assert in_language({"cy": "a", "en": "b"}, "") == "b"
    assert in_language({"de": "a", "fr": "b"}, "it") == "a"
    assert in_language({}, "fr") == ""


def test_every_known_place_is_answered() -> None:
    """What the check lets pass, filling knows: for an empty account too."""
    scene = Scene(WHOLE)
    programme = scene.state.programmes[0].programme
    rules = programme.at_levels(levels_of(scene.account(), programme))
    empty = Seen(scene.account(), rules)
    promotions = [one.head.id for one in programme.promotions]

    for place in known_places(programme.wallets, promotions):
        assert isinstance(value_of(place, "en", empty), str | None)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("points.earnd", "points.earned"), ("tier.nxt", "tier.next"), ("big.miss", "big.missing")],
)
def test_an_unknown_place_comes_with_the_nearest(written: str, meant: str) -> None:
    """As every other word does."""
    ((said, hint),) = unknown_placeholders(f"a {{{written}}} b", ["points"], ["big"])

    assert said == written
    assert meant in hint
