"""When points end that were away: with their lot, or where all end together, with the wallet."""

from processors.words.calendar import date_of
from schemas import events, ledger
from schemas.events import Tender
from schemas.ledger import Record
from tests.core.scene import PLAIN, Scene, line, scene_of

IDLE = """
programme: idle
version: 1
zone: Europe/Paris
currency: EUR
earns_on: {not_paid_with: [points]}
wallets:
  points:
    value: {units: 100, amount: 1.00}
    pay: {min: 1}
    expiry: {inactivity: {days: 500, kept_alive_by: [sale]}}
promotions:
  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
"""
ROLLING = IDLE.replace("{inactivity: {days: 500, kept_alive_by: [sale]}}", "{rolling: {days: 500}}")


def idle(programme: str = IDLE) -> Scene:
    """A member whose points end 500 days after the last purchase."""
    scene = Scene(programme)
    scene.enrolled(on="2024-01-01")
    return scene


def bought(scene: Scene, number: str, net: int, on: str, *tenders: Tender) -> events.SaleRecorded:
    """A sale of one line that happens."""
    sale = scene.sale(number, [line(1, net)], on=on, tenders=tenders)
    assert scene.when(sale).decision == "ACCEPTED"
    return sale


def paid(scene: Scene, number: str, points: int, on: str) -> None:
    """Points pay."""
    assert scene.when(scene.redemption(number, points, points, on=on)).decision == "ACCEPTED"


def undone(scene: Scene, number: str, on: str) -> Record:
    """A payment is taken back."""
    header = scene.header(f"redemption|{number}|reversed", "A", on)
    return scene.when(events.RedemptionReversed(header, f"redemption|{number}"))


def lots(scene: Scene) -> list[tuple[int, str]]:
    """Points and last day of each open lot, in the order of spending."""
    return [(lot.left, date_of(lot.last_day).isoformat()) for lot in scene.wallet().lots]


def said(record: Record) -> list[str]:
    """On which days the points end that a record gives back, as its effect says."""
    (effect,) = [one for one in record.effects if isinstance(one, ledger.PointsRestored)]
    return [date_of(last_day).isoformat() for last_day in effect.taken.last_days]


def test_points_of_a_lot_that_is_used_up_come_back_with_the_wallets_last_day() -> None:
    """10 of January are spent whole, 20 of March end on 14 July 2025: so do the 10."""
    scene = idle()
    bought(scene, "1", 10_00, "2024-01-01")
    paid(scene, "1", 10, "2024-01-02")
    bought(scene, "2", 20_00, "2024-03-01")

    record = undone(scene, "1", "2024-03-02")

    assert said(record) == ["2025-07-14"]
    assert lots(scene) == [(10, "2025-07-14"), (20, "2025-07-14")]


def test_a_return_brings_points_back_with_the_wallets_last_day() -> None:
    """As above, when the article that the 10 paid for comes back."""
    scene = idle()
    bought(scene, "1", 10_00, "2024-01-01")
    paid(scene, "1", 10, "2024-01-02")
    tenders = Tender("points", 10, "redemption|1"), Tender("card", 490)
    sale = bought(scene, "2", 5_00, "2024-01-02", *tenders)
    bought(scene, "3", 20_00, "2024-03-01")

    record = scene.when(scene.back("1", sale, {1: 0}, on="2024-03-02"))

    assert said(record) == ["2025-07-14"]
    assert lots(scene) == [(10, "2025-07-14"), (20, "2025-07-14")]


def test_points_of_a_lot_that_was_merged_away_come_back_with_the_wallets_last_day() -> None:
    """5 of the second lot are spent, then it becomes part of the first, which was spent before.

    What comes back ends like what became of its lot, so that it is merged with that at once.
    """
    scene = idle()
    bought(scene, "1", 10_00, "2024-01-01")
    bought(scene, "2", 12_00, "2024-01-02")
    paid(scene, "1", 10, "2025-02-01")
    paid(scene, "2", 5, "2025-02-02")
    undone(scene, "1", "2025-02-03")
    scene.close("2025-03-07")
    merging = scene.when(scene.sale("3", [line(1, 20_00)], on="2025-03-08"))
    (merged,) = [one for one in merging.effects if isinstance(one, ledger.LotsMerged)]
    assert merged.taken.points == (10, 7)

    record = undone(scene, "2", "2025-03-09")

    assert said(record) == ["2026-07-21"]
    assert lots(scene) == [(22, "2026-07-21"), (20, "2026-07-21")]
    assert scene.refolded().digest() == scene.state.digest()


def test_points_come_back_to_what_is_held_of_their_lot_with_the_same_last_day() -> None:
    """A correction of April ends later, since it is no purchase; lot and hold end in July."""
    scene = idle()
    bought(scene, "1", 10_00, "2024-01-01")
    paid(scene, "1", 4, "2024-02-01")
    header = scene.header("hold|1", "A", "2024-02-02")
    scene.when(events.HoldPlaced(header, "h", "points", 6, header.occurred_at + 90 * 86_400_000))
    bought(scene, "2", 20_00, "2024-03-01")
    scene.when(scene.adjustment("1", 3, on="2024-04-01"))

    record = undone(scene, "1", "2024-04-02")
    scene.when(events.HoldVoided(scene.header("hold|1|void", "A", "2024-04-03"), "h"))

    assert said(record) == ["2025-07-14"]
    assert lots(scene) == [(10, "2025-07-14"), (20, "2025-07-14"), (3, "2025-08-14")]


def test_what_is_held_is_kept_alive_by_a_sale_that_leaves_nothing_else_to_extend() -> None:
    """Of 10 points all are held; what the sale of March gives ends in July, and so do they."""
    scene = idle()
    bought(scene, "1", 10_00, "2024-01-01")
    header = scene.header("hold|1", "A", "2024-02-02")
    scene.when(events.HoldPlaced(header, "h", "points", 10, header.occurred_at + 90 * 86_400_000))

    bought(scene, "2", 20_00, "2024-03-01")
    scene.when(events.HoldVoided(scene.header("hold|1|void", "A", "2024-03-02"), "h"))

    assert lots(scene) == [(10, "2025-07-14"), (20, "2025-07-14")]


def test_points_that_end_by_themselves_come_back_with_the_last_day_they_had() -> None:
    """500 days after the purchase that gave them, whatever was bought since."""
    scene = idle(ROLLING)
    bought(scene, "1", 10_00, "2024-01-01")
    paid(scene, "1", 10, "2024-01-02")
    bought(scene, "2", 20_00, "2024-03-01")

    assert said(undone(scene, "1", "2024-03-02")) == ["2025-05-15"]


def test_points_that_paid_in_another_currency_come_back_whole() -> None:
    """500 points paid 5.00, at the till 4.30 of its own money: with half come 250, with all 500."""
    scene = scene_of(PLAIN)
    scene.when(scene.adjustment("1", 500))
    paid = scene.redemption("1", 500, 500)
    scene.when(paid)
    tenders = [Tender("points", 430, paid.header.event_id), Tender("card", 4570)]
    lines = [line(1, 2500), line(2, 2500)]
    sale = scene.sale("1", lines, on="2026-03-15", currency="GBP", tenders=tenders)
    scene.when(sale)

    scene.when(scene.back("1", sale, {1: 0}, on="2026-03-16"))
    half = scene.available()
    scene.when(scene.back("2", sale, {2: 0}, on="2026-03-16"))

    assert (half, scene.available()) == (250, 500)


def test_an_erased_member_gets_nothing_back() -> None:
    """What the account held ended with it, and what comes back later would be owed to nobody."""
    vouchers = (
        "  - {id: gift, trigger: enrolment, kind: bonus, give: {voucher: five}}\n"
        "vouchers: {five: {off: {amount: 1.00}, valid: {days: 900}}}\n"
    )
    scene = scene_of(PLAIN + vouchers)
    bought(scene, "1", 500_00, "2026-03-01")
    paid(scene, "1", 300, "2026-03-10")
    points = Tender("points", 3_00, "redemption|1")
    sale = scene.sale(
        "2", [line(1, 10_00)], on="2026-03-10", vouchers=["five"],
        tenders=[points, Tender("card", 7_00)],
    )  # fmt: skip
    scene.when(sale)
    erased = scene.header("erased|A", "A", "2026-03-12")
    scene.when(events.MemberErased(erased, "on request"))

    whole = scene.when(scene.back("1", sale, {1: 0}, on="2026-03-14"))
    undone_one = undone(scene, "1", "2026-03-15")

    given = (ledger.PointsRestored, ledger.VoucherRestored)
    effects = [*whole.effects, *undone_one.effects]
    assert [one for one in effects if isinstance(one, given)] == []
    assert (whole.decision, undone_one.decision) == ("ACCEPTED", "ACCEPTED")
    assert scene.account().wallets == {}
