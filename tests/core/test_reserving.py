"""A voucher is set aside while a basket is open, so that no other basket uses it meanwhile.

Worked number: of a voucher with three uses two are set aside, so one is left for everybody else.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from processors.core.overlay import Overlay
from processors.core.quote import quote
from schemas import events, ledger
from schemas.ledger import Record
from schemas.records import replace
from schemas.refusals import Refusal
from tests.core.scene import PLAIN, Scene, line, of, scene_of

VOUCHERS = PLAIN + (
    "  - {id: gift, trigger: activity, activity: gift, kind: bonus, give: {voucher: five}}\n"
    "  - {id: card, trigger: activity, activity: card, kind: bonus, give: {voucher: thrice}}\n"
    "vouchers:\n"
    "  five: {off: {amount: 5.00}, valid: {days: 1}}\n"
    "  thrice: {off: {amount: 1.00}, valid: {days: 30}, uses: 3}\n"
)
ON = "2026-03-14"


def holding(*activities: str) -> Scene:
    """A member who was given vouchers."""
    scene = scene_of(VOUCHERS)
    for number, activity in enumerate(activities):
        header = scene.header(f"activity|{activity}|{number}", "A", ON, 8)
        scene.when(events.ActivityRecorded(header, activity, ""))
    return scene


def reserving(
    scene: Scene, hold_id: str, voucher: str, *, till: str = "1", order: str = "", hour: int = 9
) -> events.VoucherReserved:
    """A voucher is to be set aside for an hour."""
    header = replace(scene.header(f"hold|{hold_id}|placed", "A", ON, hour), till_id=till)
    return events.VoucherReserved(header, hold_id, voucher, header.occurred_at + 3_600_000, order)


def buying(
    scene: Scene, number: str, voucher: str, *, till: str = "1", order: str = "", hour: int = 9
) -> events.SaleRecorded:
    """A basket that presents a voucher."""
    sale = scene.sale(number, [line(1, 20_00)], on=ON, hour=hour, vouchers=[voucher])
    return replace(sale, header=replace(sale.header, till_id=till), order_id=order)


def used(record: Record) -> list[str]:
    """The vouchers that a record uses, by their definitions."""
    return [one.voucher for one in of(record, ledger.VoucherRedeemed)]  # type: ignore[union-attr]


def refused(record: Record) -> list[str]:
    """Why a record uses no voucher."""
    return [one.reason for one in of(record, ledger.VoucherRefused)]  # type: ignore[union-attr]


def test_only_the_basket_it_is_set_aside_for_uses_it() -> None:
    """Another till is refused, and so is a voucher that is presented there beside a sale."""
    scene = holding("gift")
    scene.when(reserving(scene, "h", "five", till="1"))
    beside = replace(scene.header("voucher|x", "A", ON, 9), till_id="2")

    other = scene.when(buying(scene, "1", "five", till="2"))
    presented = scene.when(events.VoucherPresented(beside, "five", "", "", 0, "EUR"))
    own = scene.when(buying(scene, "2", "five", till="1"))

    assert (refused(other), presented.reason) == (["VOUCHER_RESERVED"], "VOUCHER_RESERVED")
    assert used(own) == ["five"]
    assert [type(one).__name__ for one in own.effects[:2]] == ["VoucherReleased", "VoucherRedeemed"]
    assert scene.account().reserved == {}


def test_what_is_set_aside_for_an_order_is_for_no_other_basket_of_the_till() -> None:
    """All orders of a web shop come through one till."""
    scene = holding("gift")
    scene.when(reserving(scene, "h", "five", order="W-7"))

    other = scene.when(buying(scene, "1", "five", order="W-8"))
    own = scene.when(buying(scene, "2", "five", order="W-7"))

    assert (refused(other), used(own)) == (["VOUCHER_RESERVED"], ["five"])


def test_one_use_of_several_is_set_aside_at_a_time() -> None:
    """Of three uses two are set aside: one is for everybody, and then there is none."""
    scene = holding("card")
    for hold_id in ("h1", "h2"):
        assert scene.when(reserving(scene, hold_id, "thrice")).decision == "ACCEPTED"

    first = scene.when(buying(scene, "1", "thrice", till="2"))
    second = scene.when(buying(scene, "2", "thrice", till="2"))
    third = scene.when(reserving(scene, "h3", "thrice"))

    assert (used(first), refused(second)) == (["thrice"], ["VOUCHER_RESERVED"])
    assert third.reason == "VOUCHER_RESERVED"
    assert [used(scene.when(buying(scene, n, "thrice"))) for n in "34"] == [["thrice"], ["thrice"]]


def test_a_basket_uses_what_is_set_aside_for_it_before_what_ends_earlier() -> None:
    """Else what it does not need would stay set aside."""
    scene = holding("gift")
    scene.when(reserving(scene, "h", "five"))
    earlier = scene.header("offer|c|A|five", "A", ON, 9)
    scene.when(events.OfferMade(earlier, "c", "five", earlier.business_date, earlier.business_date))

    record = scene.when(buying(scene, "1", "five"))

    assert [one.campaign_id for one in of(record, ledger.VoucherRedeemed)] == [""]  # type: ignore[union-attr]
    assert scene.account().reserved == {}


def test_an_id_names_one_hold_of_points_or_of_a_voucher() -> None:
    """So that giving it up can mean only one."""
    scene = holding("gift", "card")
    scene.when(scene.adjustment("1", 500, on=ON))
    scene.when(reserving(scene, "h", "five"))
    header = scene.header("hold|again", "A", ON, 9)
    until = header.occurred_at + 1

    points = scene.when(events.HoldPlaced(header, "h", "points", 100, until))
    voucher = scene.when(replace(reserving(scene, "h", "thrice"), header=header))
    captured = scene.when(
        events.HoldCaptured(scene.header("hold|h|captured", "A", ON, 9), "h", 1, 1, "EUR")
    )

    assert (points.reason, voucher.reason) == ("HOLD_EXISTS", "HOLD_EXISTS")
    assert captured.reason == "HOLD_UNKNOWN"


def test_it_is_free_again_when_given_up_or_over() -> None:
    """Given up within its hour; over behind it, whatever happens first."""
    scene = holding("gift")
    scene.when(reserving(scene, "h1", "five", till="2"))
    voided = events.HoldVoided(scene.header("hold|h1|voided", "A", ON, 9), "h1")

    given_up = scene.when(voided)
    again = scene.when(reserving(scene, "h2", "five", till="2"))
    late = scene.when(replace(voided, header=scene.header("v", "A", ON, 10), hold_id="h2"))
    sale = scene.when(buying(scene, "1", "five", hour=10))

    outcomes = [
        one.outcome  # type: ignore[union-attr]
        for record in (given_up, sale)
        for one in of(record, ledger.VoucherReleased)
    ]
    assert (again.decision, late.reason) == ("ACCEPTED", "HOLD_UNKNOWN")
    assert (outcomes, used(sale)) == (["voided", "expired"], ["five"])


def test_a_quote_knows_when_it_is_over() -> None:
    """Set aside at another till from nine to ten: refused at nine, taken at ten, as by the sale."""
    scene = holding("gift")
    scene.when(reserving(scene, "h", "five", till="2"))
    answers = []
    for hour in (9, 10):
        basket = replace(buying(scene, f"S{hour}", "five", hour=hour), tenders=())
        (answer,) = quote(Overlay(scene.state), basket).vouchers
        answers.append(answer.refusal)

    assert answers == [Refusal.VOUCHER_RESERVED, None]
    assert used(scene.when(buying(scene, "S", "five", hour=10))) == ["five"]


def test_a_day_that_closes_ends_it_before_the_voucher_ends() -> None:
    """The voucher's last day is the next one: nothing is set aside overnight."""
    scene = holding("gift")
    scene.when(reserving(scene, "h", "five", hour=23))

    first = [one.record for one in scene.close(ON)]
    last = [one.record for one in scene.close("2026-03-15")]

    assert [one.outcome for one in of(first[0], ledger.VoucherReleased)] == ["expired"]  # type: ignore[union-attr]
    assert not of(first[0], ledger.VoucherExpired)
    assert len(of(last[0], ledger.VoucherExpired)) == 1


def test_a_voucher_that_is_taken_back_meanwhile_is_gone() -> None:
    """Who takes it back is a person; what is left of the reservation ends by itself."""
    scene = holding("gift")
    scene.when(reserving(scene, "h", "five"))
    voucher_id = scene.account().vouchers[0].voucher_id
    header = scene.header(f"voucher|{voucher_id}|cancelled", "A", ON, 9)

    scene.when(events.VoucherCancelled(header, voucher_id, "sent in error"))
    sale = scene.when(buying(scene, "1", "five"))
    scene.close(ON)

    assert refused(sale) == ["VOUCHER_UNKNOWN"]
    assert scene.account().reserved == {}


def test_nobody_sets_a_voucher_aside_for_who_may_not_spend() -> None:
    """As for points."""
    scene = holding("gift")
    header = scene.header("member|A|blocked", "A", ON, 9)
    scene.when(events.MemberChanged(header=header, status="blocked"))

    assert scene.when(reserving(scene, "h", "five")).reason == "MEMBER_BLOCKED"


steps = st.lists(
    st.tuples(
        st.sampled_from(("reserve", "buy", "buy", "void", "close")),
        st.sampled_from(("1", "2")),
        st.sampled_from(("", "W-1", "W-2")),
        st.integers(0, 2),
    ),
    max_size=25,
)


@settings(max_examples=300, deadline=None)
@given(steps)
def test_nothing_is_used_twice_and_nothing_set_aside_is_taken_away(
    script: list[tuple[str, str, str, int]],
) -> None:
    """Never is more set aside than is left; who has set a voucher aside can use it meanwhile."""
    scene = holding("gift", "card")
    hour, closed = 9, False
    for number, (what, till, order, later) in enumerate(script):
        hour = min(hour + later, 23)
        account = scene.account()
        at = scene.header("", "A", ON, hour).occurred_at
        mine = any(
            one.expires_at > at and (one.order_id == order if one.order_id else one.till_id == till)
            for one in account.reserved.values()
            if one.voucher == "five"
        )
        match what:
            case "reserve":
                scene.when(
                    reserving(scene, f"h{number}", "five", till=till, order=order, hour=hour)
                )
            case "void":
                for hold_id in list(account.reserved)[:1]:
                    header = scene.header(f"hold|{hold_id}|voided", "A", ON, hour)
                    scene.when(events.HoldVoided(header, hold_id))
            case "close" if not closed:
                closed = True
                scene.close(ON)
            case _:
                sale = buying(scene, str(number), "five", till=till, order=order, hour=hour)
                record = scene.when(sale)
                assert not mine or used(record) == ["five"]
        account = scene.account()
        for voucher in account.vouchers:
            kept = [o for o in account.reserved.values() if o.voucher_id == voucher.voucher_id]
            assert len(kept) <= voucher.uses_left
    redeemed = [name for record in scene.records for name in used(record)]
    assert redeemed.count("five") <= 1
    assert scene.refolded().digest() == scene.state.digest()
