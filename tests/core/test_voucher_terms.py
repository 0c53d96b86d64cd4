"""Nobody pays points for a voucher that can never be used.

Worked number: 300 points on 31 March for a voucher that starts on the next day and holds to the end
of its month: 30 April.
"""

import pytest

from schemas import events
from tests.core.scene import Scene, day, line, scene_of

SWAP = """
programme: swap
version: 1
zone: Europe/Paris
currency: EUR
wallets: {points: {value: {units: 100, amount: 1.00}}}
vouchers: {ten: {off: {amount: 10.00}, valid: VALID}}
rewards: {ten-off: {costs: {points: 300}, give: {voucher: ten}}}
promotions:
  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
"""
EXCHANGE = "  - {id: swap, kind: convert, take: {points: 300}, give: {voucher: ten}}\n"


def bought(valid: str, on: str, exchange: str = EXCHANGE) -> Scene:
    """300 points of a day, under a voucher with these words."""
    scene = scene_of(SWAP.replace("VALID", valid) + exchange)
    scene.when(scene.sale("1", [line(1, 30000)], on=on))
    return scene


@pytest.mark.parametrize(
    ("through", "on", "last_day"),
    [
        ("month", "2026-03-31", "2026-04-30"),
        ("month", "2026-03-30", "2026-03-31"),
        ("year", "2026-12-31", "2027-12-31"),
        ("birthday_month", "2026-03-31", "2026-04-30"),
    ],
)
def test_a_voucher_from_the_next_day_on_ends_with_its_first_month(
    through: str, on: str, last_day: str
) -> None:
    """One of the last day of a month has the next month, and not a day before its first."""
    scene = bought(f"{{through: {through}, starts: next_day}}", on)

    (voucher,) = scene.account().vouchers

    assert (voucher.first_day, voucher.last_day) == (day(on) + 1, day(last_day))


@pytest.mark.parametrize(
    ("valid", "vouchers"),
    [
        ("{until: 2026-03-31}", 1),
        ("{until: 2026-03-30}", 0),
        ("{until: 2026-03-31, starts: next_day}", 0),
    ],
)
def test_an_exchange_leaves_the_points_where_its_voucher_is_over(valid: str, vouchers: int) -> None:
    """Points that can be spent are worth more than a voucher that cannot."""
    scene = bought(valid, "2026-03-31")

    assert len(scene.account().vouchers) == vouchers
    assert scene.available() == 300 * (1 - vouchers)


@pytest.mark.parametrize(
    ("until", "reason"), [("2026-03-31", ""), ("2026-03-30", "REWARD_NOT_NOW")]
)
def test_a_reward_whose_voucher_is_over_is_not_to_be_had(until: str, reason: str) -> None:
    """The claim is refused, and the points stay."""
    scene = bought(f"{{until: {until}}}", "2026-03-31", exchange="")
    header = scene.header("claim|1", "A", "2026-03-31")

    assert scene.when(events.RewardClaimed(header, reward="ten-off", quantity=1)).reason == reason
