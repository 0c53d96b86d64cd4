"""A perk is given as often as its limits say, whatever gives it."""

from schemas import events
from schemas.ledger import PointsSpent, RewardGiven
from tests.core.scene import PLAIN, Scene, line, of, scene_of

SHOPPER = "perks: {shopper: {limits: {per_member: {times: 1, every: year}}}}"
BONUS = "id: gift, kind: bonus, give: {perk: shopper, points: 5}"


def shop(*rows: str, perks: str = SHOPPER) -> Scene:
    """A point per 1.00, these promotions, and a reward that gives the perk for 10 points."""
    reward = "rewards: {help: {costs: {points: 10}, give: {perk: shopper}}}"
    body = PLAIN.replace("promotions:", f"{perks}\n{reward}\npromotions:")
    return scene_of(body + "".join(f"  - {{{row}}}\n" for row in rows))


def bought(scene: Scene, number: str, on: str = "2026-03-14") -> int:
    """How many perks a sale of 40.00 brings."""
    return len(of(scene.when(scene.sale(number, [line(1, 4000)], on=on)), RewardGiven))


def claimed(scene: Scene, number: str, quantity: int = 1) -> str:
    """Why the reward is refused; empty if it is given."""
    header = scene.header(f"claim|{number}", "A", "2026-03-15")
    return scene.when(events.RewardClaimed(header, "help", quantity)).reason


def test_a_bonus_gives_a_perk_within_its_limits() -> None:
    """Once a year on two days of it, and again in the next; the points beside it come each time."""
    scene = shop(BONUS)
    days = ("2026-03-13", "2026-03-14", "2027-01-02")

    assert [bought(scene, str(at), on) for at, on in enumerate(days)] == [1, 0, 1]
    assert scene.available() == 3 * 45


def test_two_bonuses_of_one_sale_give_a_perk_within_its_limits() -> None:
    """One a sale is one, also where two promotions would give it, and one on the next."""
    scene = shop(BONUS, BONUS.replace("gift", "other"), perks=SHOPPER.replace(
        "per_member: {times: 1, every: year}", "per_sale: {times: 1}"
    ))  # fmt: skip

    assert [bought(scene, "1"), bought(scene, "2")] == [1, 1]


def test_a_bonus_whose_perk_is_used_up_uses_none_of_its_own_limits() -> None:
    """It gave nothing, so its one time is left for the next year."""
    once = BONUS.replace("gift", "once").replace(", points: 5", "")
    scene = shop(
        BONUS + ", when: {last_day: 2026-12-31}", once + ", limits: {per_member: {times: 1}}"
    )

    assert [bought(scene, "1"), bought(scene, "2", "2027-01-02")] == [1, 1]


def test_a_reward_whose_perk_is_used_up_is_refused() -> None:
    """A claim behind the bonus takes no points; two at once are more than one, and one is given."""
    used_up, free = shop(BONUS), shop()
    bought(used_up, "1")
    bought(free, "1")

    assert claimed(used_up, "1") == "LIMIT_REACHED"
    assert used_up.available() == 45
    assert [claimed(free, "1", 2), claimed(free, "2"), claimed(free, "3")] == [
        "LIMIT_REACHED", "", "LIMIT_REACHED",
    ]  # fmt: skip


def test_points_become_a_perk_within_its_limits() -> None:
    """80 points would be two exchanges of 40; one is made, and 40 points stay."""
    scene = shop("id: swap, kind: convert, take: {points: 40}, give: {perk: shopper}")

    record = scene.when(scene.sale("1", [line(1, 8000)]))

    assert [one.points for one in of(record, PointsSpent)] == [40]  # type: ignore[attr-defined]  # of that kind
    assert scene.available() == 40


def test_a_perk_stays_used_when_its_sale_comes_back() -> None:
    """It was given and cannot be taken back; a promotion of the same name changes nothing."""
    scene = shop(BONUS.replace("gift", "shopper"))
    sale = scene.sale("1", [line(1, 4000)])
    scene.when(sale)
    scene.when(scene.back("2", sale, {1: 0}))

    assert bought(scene, "3") == 0
