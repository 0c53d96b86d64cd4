"""What a promotion says in money is in the currency that it names: coins, cards and checks."""

import pytest

from processors.core.document import ProgrammeInvalid, check
from processors.core.programme import compiled
from schemas.events import OfferMade, VoucherPresented
from schemas.ledger import PointsEarned, RewardGiven
from tests.core.scene import PLAIN, line, of, points, scene_of

IN_YEN = "where: {currencies: [JPY]}"
SMALL = (
    "kind: bonus, give: {points: 1}, basket: {at_least: 0.50}",
    "kind: bonus, give: {points: 1}, nth_sale: {every: 2, basket: {at_least: 0.50}}",
    "kind: bonus, give: {gift_card: 0.50}",
    "kind: per_amount, give: {points: 1}, per_full: 0.50",
    "kind: amount_off, amount: 0.50",
    "kind: member_price, prices: {TEA: 0.50}",
)
"""Amounts of half a unit, wherever a promotion may say one."""


@pytest.mark.parametrize("words", SMALL)
def test_a_coin_is_one_of_the_currency_that_the_promotion_names(words: str) -> None:
    """Yen have no halves, so the check refuses them: compiled, they would stop every partition."""
    text = f"{PLAIN}  - {{id: far, {words}, {IN_YEN}}}\n"

    with pytest.raises(ProgrammeInvalid, match="JPY has no such small coin"):
        check(text)


@pytest.mark.parametrize("words", SMALL)
def test_a_programme_in_yen_may_speak_of_cents_where_it_names_euros(words: str) -> None:
    """What the currency of the promotion has is right, whatever the programme's own has."""
    yen = PLAIN.replace("currency: EUR", "currency: JPY")
    text = f"{yen}  - {{id: far, {words}, where: {{currencies: [EUR]}}}}\n"

    assert compiled(check(text).document).rules[1] is not None


def test_a_gift_card_is_of_the_currency_that_its_promotion_names() -> None:
    """500 yen are no 5.00 EUR, though the programme is one in euros."""
    text = f"{PLAIN}  - {{id: card, kind: bonus, give: {{gift_card: 500}}, {IN_YEN}}}\n"
    scene = scene_of(text)

    record = scene.when(scene.sale("1", [line(1, 3000)], currency="JPY"))

    (given,) = of(record, RewardGiven)
    assert isinstance(given, RewardGiven)
    assert (given.amount_minor, given.currency) == (500, "JPY")


@pytest.mark.parametrize(
    ("currency", "reason"), [("EUR", ""), ("XXX", ""), ("USD", "OTHER_CURRENCY")]
)
def test_a_voucher_that_is_presented_takes_off_money_of_its_own(currency: str, reason: str) -> None:
    """3.50 USD are no 3.50 EUR of it, beside a sale no more than on one."""
    text = PLAIN + "vouchers: {five: {off: {amount: 5.00}, valid: {days: 90}}}\n"
    scene = scene_of(text)
    header = scene.header("offer|1", "A", "2026-03-14")
    first = header.business_date
    scene.when(OfferMade(header, "spring", "five", first, first + 30))
    header = scene.header("presented|1", "A", "2026-03-15")
    presented = VoucherPresented(header, "five", amount_minor=350, currency=currency)

    assert scene.when(presented).reason == reason


def test_a_purchase_in_another_currency_earns_at_no_level_that_its_money_does_not_count_for() -> (
    None
):
    """30,000 yen count nothing towards gold from 100.00 EUR, so they do not earn as gold either."""
    ladder = """tiers:
  club: {measure: spend, window: lifetime, crossing_sale: new_rate,
    levels: [{id: low, from: 0}, {id: gold, from: 100.00}]}
promotions:"""
    far = (
        f"kind: per_amount, give: {{points: {{by_tier: {{low: 1, gold: 2}}}}}}, per: 100, {IN_YEN}"
    )
    text = PLAIN.replace("promotions:", ladder)
    scene = scene_of(f"{text}  - {{id: far, {far}}}\n")

    record = scene.when(scene.sale("1", [line(1, 30_000)], currency="JPY"))

    assert points(record, PointsEarned) == {"far": 300}
    assert scene.account().tiers == {}
