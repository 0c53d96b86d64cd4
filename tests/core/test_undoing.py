"""What a return does to vouchers that points became by themselves, where the rules say so.

The law: where a return finds fewer points than it takes back, unused vouchers that are
`undone_by_return` end first, the latest before the others, and what they were made of is there
again, in the lots it came from.  One that was used, or is set aside for a basket, stands.
"""

from schemas import events, ledger
from schemas.ledger import Record
from schemas.records import replace
from tests.core.scene import Scene, line, of, scene_of

CARD = """
programme: card
version: 1
zone: Europe/Paris
currency: EUR
wallets: {stamps: {when_short: owe}}
vouchers: {drink: {off: {amount: 3.00}, valid: {days: 60}}}
promotions:
  - {id: drinks, kind: per_item, give: {stamps: 1}, items: {categories: [DRINKS]}}
  - {id: full, kind: convert, take: {stamps: 10}, give: {voucher: drink}, undone_by_return: true}
"""


def drinks(scene: Scene, number: str, units: int, on: str = "2026-03-14") -> events.SaleRecorded:
    """So many drinks are bought, a stamp each."""
    article = line(1, 300 * units, category="DRINKS", quantity_milli=1000 * units)
    sale = scene.sale(number, [article], on=on)
    assert scene.when(sale).decision == "ACCEPTED"
    return sale


def back(scene: Scene, sale: events.SaleRecorded, units: int, number: str = "1") -> Record:
    """So many of them come back."""
    return scene.when(scene.back(number, sale, {1: 1000 * units}, on="2026-03-20"))


def cancelled(record: Record) -> list[str]:
    """The vouchers that a record cancels."""
    return [one.voucher_id for one in of(record, ledger.VoucherCancelled)]  # type: ignore[union-attr]


def open_vouchers(scene: Scene) -> list[str]:
    """The vouchers that hold."""
    return [one.voucher_id for one in scene.account().vouchers if one.uses_left]


def lots(scene: Scene) -> list[tuple[str, int]]:
    """The open lots with what is left of them."""
    return [(lot.lot_id, lot.left) for lot in scene.wallet("stamps").lots]


def as_folded(scene: Scene) -> bool:
    """Whether the ledger alone gives the same accounts and the same receipts."""
    again = scene.refolded()
    return (dict(again.accounts), list(again.receipts)) == (
        dict(scene.state.accounts),
        list(scene.state.receipts),
    )


def test_the_points_come_back_into_the_lots_they_were_taken_from() -> None:
    """Ten of 4 + 5 + 3 stamps made a drink: of the last three two lie there, and one lacks."""
    scene = scene_of(CARD)
    sales = [drinks(scene, str(number), units) for number, units in enumerate((4, 5, 3))]
    stood = back(scene, sales[2], 2, "1")
    undone = back(scene, sales[2], 1, "2")

    first, second = (f"{sale.header.event_id}#1" for sale in sales[:2])
    assert (cancelled(stood), len(cancelled(undone))) == ([], 1)
    assert sorted(lots(scene)) == [(first, 4), (second, 5)]
    assert (scene.wallet("stamps").owed, open_vouchers(scene)) == (0, [])
    assert as_folded(scene)


def test_of_two_vouchers_the_later_one_ends() -> None:
    """20 stamps are two drinks; one that comes back undoes one of them, eleven undo both."""
    scene = scene_of(CARD)
    sale = drinks(scene, "1", 20)
    first, second = open_vouchers(scene)

    assert cancelled(back(scene, sale, 1, "1")) == [second]
    assert (scene.available("stamps"), open_vouchers(scene)) == (9, [first])
    assert cancelled(back(scene, sale, 10, "2")) == [first]
    assert (scene.available("stamps"), scene.wallet("stamps").owed) == (9, 0)
    assert as_folded(scene)


def test_what_is_undone_can_be_reached_again() -> None:
    """9 stamps are left, and the next one makes a drink of its own."""
    scene = scene_of(CARD)
    back(scene, drinks(scene, "1", 10), 1)
    drinks(scene, "2", 1, on="2026-03-21")

    assert (scene.available("stamps"), len(open_vouchers(scene))) == (0, 1)


def test_a_voucher_stands_while_its_use_does() -> None:
    """Used, its stamp is owed; when the using sale has come back whole, it is unused again."""
    scene = scene_of(CARD)
    sale = drinks(scene, "1", 10)
    (voucher,) = open_vouchers(scene)
    using = scene.sale("2", [line(1, 900)], on="2026-03-15", vouchers=[voucher])
    scene.when(using)

    assert cancelled(back(scene, sale, 1, "1")) == []
    assert scene.wallet("stamps").owed == 1

    scene.when(scene.back("2", using, {1: 0}, on="2026-03-20"))
    assert cancelled(back(scene, sale, 1, "3")) == [voucher]
    assert (scene.available("stamps"), scene.wallet("stamps").owed) == (8, 0)
    assert as_folded(scene)


def test_a_voucher_that_is_set_aside_for_a_basket_stands() -> None:
    """Whoever stands at the till with it gets what was promised."""
    scene = scene_of(CARD)
    sale = drinks(scene, "1", 10)
    header = scene.header("hold|h|placed", "A", "2026-03-20", 11)
    ends = header.occurred_at + 7_200_000
    scene.when(events.VoucherReserved(header, "h", "drink", ends, ""))

    assert cancelled(back(scene, sale, 1)) == []
    assert (scene.wallet("stamps").owed, len(open_vouchers(scene))) == (1, 1)


def test_what_a_close_exchanged_is_undone_like_the_rest() -> None:
    """The stamps wait for two days, so the close of the second makes the drink."""
    scene = scene_of(CARD.replace("{when_short: owe}", "{pending: {days: 2}, when_short: owe}"))
    sale = drinks(scene, "1", 10)
    scene.close_through("2026-03-14")
    scene.close_through("2026-03-16")
    assert len(open_vouchers(scene)) == 1

    assert len(cancelled(back(scene, sale, 1))) == 1
    assert (scene.available("stamps"), scene.wallet("stamps").owed) == (9, 0)
    assert as_folded(scene)


def test_the_limits_of_the_exchange_are_free_again() -> None:
    """Of one drink a month: the one that was undone is none."""
    scene = scene_of(
        CARD.replace("undone_by", "limits: {per_member: {times: 1, every: month}}, undone_by")
    )
    sale = drinks(scene, "1", 10)
    back(scene, sale, 1)
    drinks(scene, "2", 1, on="2026-03-21")

    assert len(open_vouchers(scene)) == 1
    assert scene.available("stamps") == 0


def test_where_the_rules_do_not_say_so_it_stands() -> None:
    """The exchange was made; the stamp lacks."""
    scene = scene_of(CARD.replace(", undone_by_return: true", ""))
    sale = drinks(scene, "1", 10)

    assert cancelled(back(scene, sale, 1)) == []
    assert (scene.wallet("stamps").owed, len(open_vouchers(scene))) == (1, 1)


def test_an_event_that_is_called_like_the_voucher_is_another_thing() -> None:
    """What a voucher was made of lies beside the events, under a name that none can have."""
    scene = scene_of(CARD)
    sale = drinks(scene, "1", 10)
    (voucher,) = open_vouchers(scene)
    namesake = scene.sale("9", [line(1, 100)], on="2026-03-15")
    scene.when(replace(namesake, header=replace(namesake.header, event_id=voucher)))

    assert cancelled(back(scene, sale, 1)) == [voucher]
