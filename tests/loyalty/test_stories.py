"""What `explain` says: sentences composed from ledger records alone."""

from collections.abc import Sequence
from datetime import date

from loyalty.amounts import money
from loyalty.as_of import as_of
from loyalty.holdings import Entry, holdings
from loyalty.reading import Account
from loyalty.sentences import effect_sentence
from loyalty.stories import member_story, return_story, sale_story
from schemas import ledger
from schemas.chain import HEAD_OF_NOTHING, Kind, Prefix
from schemas.ledger import NEVER, Effect, Record, Sale, Taken
from schemas.records import replace
from schemas.refusals import Refusal
from tests.core.scene import PLAIN, Scene, line

NAMES = {1: "grocery"}
SALE = "0142|1|2017-03-14|8841|sale"
RETURN = "0142|1|2017-03-20|9|return"
SALE_HEAD = (
    f"Sale {SALE}: sale on 14 March 2017 at store 0142, "
    "2 lines, 53.25 USD (receipt 8841), ledger 2/7."
)
TERMS = "spendable from 14 March 2017, last day 31 March 2018"


def days(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def entry(
    seq: int, event_type: str, event_id: str, on: str, *effects: Effect, **more: object
) -> Entry:
    prefix = Prefix("live", 2, seq, 1, HEAD_OF_NOTHING, Kind.DECISION, 1, seq, 0, final=True)
    record = Record(
        event_id=event_id,
        event_type=event_type,
        account_id="H7",
        member_id="H7",
        decision="ACCEPTED",
        effects=effects,
        programme_version=1,
        business_date=days(on),
        store_id="0142",
        **more,  # type: ignore[arg-type]  # each test names the fields it needs
    )
    return Entry(prefix, record)


def earned(
    points: int = 53, wallet: str = "points", spendable: str = "2017-03-14"
) -> ledger.PointsEarned:
    return ledger.PointsEarned(
        wallet=wallet,
        lot_id=f"{SALE}#1",
        desired=53,
        granted=53,
        trail=(),
        points_by_line=(50, 3),
        promotion_id="base",
        campaign_id="",
        funded_by="",
        spendable_on=days(spendable),
        last_day=days("2018-03-31"),
    )


def taken(points: int) -> Taken:
    return Taken(
        lot_ids=(f"{SALE}#1",),
        points=(points,),
        last_days=(days("2018-03-31"),),
        earned_on=(days("2017-03-14"),),
        promotion_ids=("base",),
    )


def receipt() -> Sale:
    return Sale("8841", "USD", "", (1, 2), (1000, 1000), (5000, 325), 5325, 0, 5325, 0, "")


def sale(*effects: Effect) -> Entry:
    return entry(7, "SaleRecorded", SALE, "2017-03-14", *effects, sale=receipt())


def conversion() -> Entry:
    spent = ledger.PointsSpent("points", 30, taken(30), "convert", "to-voucher", "", 1000, "USD")
    issued = ledger.VoucherIssued(
        "day|2017-04-02#1", "ten-off", "to-voucher", "", "", days("2017-04-02"),
        days("2017-05-31"), 1000, "USD", 1,
    )  # fmt: skip
    return entry(9, "BusinessDayClosed", "day|2017-04-02", "2017-04-02", spent, issued)


def test_a_sale_says_which_promotion_gave_what_on_which_line() -> None:
    """Each point of a sale is traced to its line, promotion and programme version."""
    story = sale_story(sale(earned()), [sale(earned())], NAMES)

    assert story == [
        SALE_HEAD,
        f"  base (grocery v1) gave 53 points on 53.25 (line 1: 50, line 2: 3); {TERMS}.",
        "    53 are left.",
    ]


def test_a_sale_says_what_became_of_its_points() -> None:
    """Points are followed through their lot to what they were used for."""
    expired = ledger.PointsExpired("points", 23, 0, taken(23))
    account = [
        sale(earned()),
        conversion(),
        entry(11, "BusinessDayClosed", "day|2018-03-31", "2018-03-31", expired),
    ]

    story = sale_story(account[0], account, NAMES)

    assert story[-1] == (
        "    30 of them became voucher ten-off on 2 April 2017; "
        "23 of them expired at the close of 31 March 2018; none is left."
    )


def test_a_sale_names_its_returns() -> None:
    """Who asks about a sale learns that part of it came back."""
    part = Sale("9", "USD", SALE, (2,), (1000,), (325,), 325, 0, 325, 0, "")
    account = [
        sale(earned()),
        entry(8, "SaleReturned", RETURN, "2017-03-20", sale=part),
    ]

    story = sale_story(account[0], account, NAMES)

    assert story[-1] == (
        "  Later: return on 20 March 2017 at store 0142 (receipt 9, 0142|1|2017-03-20|9|return)."
    )


def test_a_return_tells_what_came_back_and_what_was_taken() -> None:
    """Lines are numbered as on the sale's receipt; half a kilogram of the second came back."""
    part = Sale("9", "USD", SALE, (1, 2), (2000, 500), (5000, 325), 5325, 0, 5325, 0, "")
    took = ledger.PointsReversed("points", 53, 0, taken(53), (50, 3), "base", "", SALE)
    back = entry(8, "SaleReturned", RETURN, "2017-03-20", took, sale=part)

    assert return_story(back, [sale(earned()), back], NAMES) == [
        (
            f"Return {RETURN}: return on 20 March 2017 at store 0142, "
            "2 lines, 53.25 USD (receipt 9), ledger 2/8."
        ),
        f"  Of sale {SALE} came back: line 1, 2 for 50.00; line 2, 0.5 for 3.25.",
        f"  the return took back 53 points that base gave on sale {SALE} (line 1: 50, line 2: 3).",
    ]


def test_a_return_without_its_sale_is_told_so() -> None:
    """It changes no points; an article may have no quantity."""
    part = Sale("9", "USD", "", (1,), (0,), (300,), 300, 0, 300, 0, "")
    back = entry(8, "SaleReturned", RETURN, "2017-03-20", sale=part)

    assert return_story(back, [back], NAMES)[1:] == [
        "  Of a sale that it does not name came back: line 1, 3.00.",
        "  It changed nothing.",
    ]


def test_a_refused_sale_says_why() -> None:
    """A refusal is told with its reason and the reason's sentence."""
    prefix = sale().prefix
    refused = Record(
        event_id=SALE, event_type="SaleRecorded", decision="REFUSED", reason="TOO_OLD",
        business_date=days("2017-03-14"), store_id="0142",
    )  # fmt: skip

    story = sale_story(Entry(prefix, refused), [], NAMES)

    assert story[-1] == f"  It was refused, TOO_OLD: {Refusal.TOO_OLD.sentence}"


def test_a_member_sees_the_balance_with_its_lots_first() -> None:
    """The balance is the sum of the lots below it, and the vouchers follow."""
    story = member_story([sale(earned()), conversion()], NAMES)

    assert story[:3] == [
        "points: 23 available, 0 pending.",
        f"  23 left of 53 from base (grocery v1) on 14 March 2017; {TERMS} (lot {SALE}#1)",
        "Voucher ten-off, valid to 31 May 2017 (day|2017-04-02#1).",
    ]


def test_a_member_reads_what_happened_newest_last() -> None:
    """The events follow in the order of the ledger, each with its changes below it."""
    story = member_story([sale(earned()), conversion()], NAMES)

    heads = [line for line in story if line.startswith("  ") and line.endswith(":")]
    assert heads == [
        f"  sale on 14 March 2017 at store 0142 ({SALE}, ledger 2/7):",
        "  close of the day on 2 April 2017 at store 0142 (day|2017-04-02, ledger 2/9):",
    ]


def test_only_the_last_events_are_told_when_so_asked() -> None:
    """A long history can be cut, and says how much of it is missing."""
    story = member_story([sale(earned()), conversion()], NAMES, events_max=1)

    assert "  … 1 earlier" in story
    assert not [line for line in story if "ledger 2/7" in line]


def test_what_limits_took_away_is_told() -> None:
    """Desired, granted, and the steps between."""
    limited = replace(
        earned(), desired=70, trail=(ledger.Cap("fuel-half", -10), ledger.Cap("day", -7))
    )

    told = effect_sentence(limited, sale().record, NAMES)

    assert "gave 53 points on 53.25" in told
    assert "70 before fuel-half -10, day -7" in told


def test_a_member_without_points_is_told_so() -> None:
    """An account that only enrolled has a story too."""
    enrolled = ledger.MemberEnrolled("H7", "0142", "", "", 0, 0)

    story = member_story(
        [entry(1, "MemberEnrolled", "member|H7|enrolled", "2017-01-02", enrolled)], NAMES
    )

    assert story[0] == "No points have been earned yet."
    assert story[-1] == "    member H7 enrolled, home store 0142"


def test_points_of_a_future_day_are_pending_until_they_mature() -> None:
    """A lot that cannot be spent yet counts as pending, and a maturing moves it."""
    early = sale(earned(wallet="stars", spendable="2017-03-16"))
    matured = entry(
        8, "BusinessDayClosed", "day|2017-03-16", "2017-03-16",
        ledger.PointsMatured("stars", taken(53)),
    )  # fmt: skip

    before, after = holdings([early]), holdings([early, matured])

    assert (before.available("stars"), before.pending("stars")) == (0, 53)
    assert (after.available("stars"), after.pending("stars")) == (53, 0)


def test_points_that_wait_for_their_order_are_told_without_a_day() -> None:
    """Nobody knows when it arrives, and nothing is spendable in the year 2200."""
    waiting = replace(earned(), spendable_on=NEVER)

    told = member_story([sale(waiting)], NAMES)

    ends = "spendable once the order is fulfilled, last day 31 March 2018"
    assert [ends in line for line in told] == [False, True, False, False, True]


def test_a_merged_lot_is_told_of_each_of_its_lots() -> None:
    """One lot has all the points, the others have none, and each says when that came about."""
    other = "0142|1|2017-03-15|2|sale"
    later = entry(
        8, "SaleRecorded", other, "2017-03-15",
        replace(earned(), lot_id=f"{other}#1"), sale=receipt(),
    )  # fmt: skip
    both = Taken((f"{SALE}#1", f"{other}#1"), (53, 53), (0, 0), (0, 0), ("base", "base"))
    merging = entry(
        9, "SaleRecorded", "s", "2018-05-01", ledger.LotsMerged("points", both), sale=receipt()
    )
    account = [sale(earned()), later, merging]

    assert sale_story(account[0], account, NAMES)[-1] == (
        "    53 of later lots came to them on 1 May 2018; 106 are left."
    )
    assert sale_story(account[1], account, NAMES)[-1] == (
        f"    53 of them became part of lot {SALE}#1 on 1 May 2018; none is left."
    )
    held = holdings(account)
    assert [
        (lot.lot_id, held.origins[lot.lot_id].granted, lot.left)
        for lot in held.wallet("points").lots
    ] == [(f"{SALE}#1", 106, 106)]


def placed() -> Entry:
    hold = ledger.HoldPlaced("h1", "points", 30, taken(30), 0)
    return entry(8, "HoldPlaced", "h1", "2017-03-20", hold)


def test_points_on_hold_are_told_as_held() -> None:
    """They are neither available nor gone, and the story says which hold has them."""
    account = [sale(earned()), placed()]

    assert member_story(account, NAMES)[:3] == [
        "points: 23 available, 0 pending, 30 held.",
        f"  23 left of 53 from base (grocery v1) on 14 March 2017; {TERMS} (lot {SALE}#1)",
        "  30 held for a payment (hold h1)",
    ]
    assert sale_story(account[0], account, NAMES)[-1] == (
        "    30 of them were set aside on 20 March 2017 (hold h1); 23 are left, 30 held."
    )


def test_a_hold_that_ended_says_what_it_took_and_what_it_let_go() -> None:
    """Of 30 set aside 20 paid, and 10 are free again."""
    captured = ledger.HoldEnded("h1", "points", "captured", 20, 10, taken(20), 200, "USD")
    account = [sale(earned()), placed(), entry(9, "HoldCaptured", "c", "2017-03-21", captured)]

    assert member_story(account, NAMES)[0] == "points: 33 available, 0 pending."
    assert sale_story(account[0], account, NAMES)[-1] == (
        "    30 of them were set aside on 20 March 2017 (hold h1); "
        "20 of them paid on 21 March 2017 (hold h1); "
        "10 of them were free again on 21 March 2017; 33 are left."
    )


def test_points_that_came_back_are_told_with_their_lot() -> None:
    """All 53 were spent; a payment undone opens their lot again."""
    spent = ledger.PointsSpent("points", 53, taken(53), "payment", "", "", 530, "USD")
    back = ledger.PointsRestored("points", 53, taken(53), "p1")
    account = [
        sale(earned()),
        entry(8, "PointsRedeemed", "p1", "2017-03-20", spent),
        entry(9, "RedemptionReversed", "u1", "2017-03-21", back),
    ]

    assert member_story(account[:2], NAMES)[0] == "points: 0 available, 0 pending."
    assert member_story(account, NAMES)[:2] == [
        "points: 53 available, 0 pending.",
        f"  53 left of 53 from base (grocery v1) on 14 March 2017; {TERMS} (lot {SALE}#1)",
    ]
    assert sale_story(account[0], account, NAMES)[-1] == (
        "    53 of them paid on 20 March 2017 (p1); 53 of them came back on 21 March 2017 (p1); "
        "53 are left."
    )


def test_points_that_were_kept_alive_are_told_with_their_new_last_day() -> None:
    """The sale says how they began, and its lot until when they are now."""
    extended = ledger.PointsExtended("points", days("2018-09-30"))
    account = [sale(earned()), entry(8, "ActivityRecorded", "a", "2017-09-30", extended)]

    assert "last day 30 September 2018" in member_story(account, NAMES)[1]
    assert sale_story(account[0], account, NAMES)[-2:] == [
        f"  base (grocery v1) gave 53 points on 53.25 (line 1: 50, line 2: 3); {TERMS}.",
        "    53 are left, now until 30 September 2018.",
    ]


def test_a_voucher_is_told_while_it_can_be_used() -> None:
    """One of three uses leaves two; a voucher that was taken back is not told."""
    issued = ledger.VoucherIssued("o#1", "ten-off", "", "18", "", 17000, 17330, 1000, "USD", 3)
    named = ("o#1", "ten-off", "", "18", 17000)
    used = ledger.VoucherRedeemed(*named, SALE, 1000, "USD", used_up=False)
    gone = ledger.VoucherCancelled(*named, "sent in error")
    account = [
        entry(7, "OfferMade", "o", "2016-07-18", issued),
        entry(8, "VoucherPresented", "v", "2016-07-19", used),
        entry(9, "VoucherCancelled", "c", "2016-07-20", gone),
    ]

    assert member_story(account[:2], NAMES)[1] == (
        "Voucher ten-off, valid for 2 uses to 13 June 2017 (o#1)."
    )
    assert member_story(account, NAMES)[1] == "What happened:"


def test_a_voucher_that_ends_is_not_said_to_be_unused() -> None:
    """One of its two uses was made."""
    ended = ledger.VoucherExpired("v#1", "twice", "", "spring", days("2017-03-14"))

    told = effect_sentence(ended, sale().record, NAMES)

    assert told == "voucher twice expired (v#1)"


def test_a_voucher_that_was_used_in_part_is_told_with_its_rest() -> None:
    """Of a stored 25.00, 7.50 are used: what can still be used stands beside what it was."""
    issued = ledger.VoucherIssued("o#1", "gift", "", "18", "", 17000, 17330, 2500, "USD", 1)
    used = ledger.VoucherRedeemed("o#1", "gift", "", "18", 17000, SALE, 750, "USD", used_up=False)
    account = [
        entry(7, "OfferMade", "o", "2016-07-18", issued),
        entry(8, "VoucherPresented", "v", "2016-07-19", used),
    ]

    assert member_story(account[:1], NAMES)[1] == "Voucher gift, valid to 13 June 2017 (o#1)."
    assert member_story(account, NAMES)[1] == (
        "Voucher gift, 17.50 left of 25.00 USD, valid to 13 June 2017 (o#1)."
    )


def test_what_was_told_late_and_needs_what_came_later_is_not_told_as_of_the_day_before() -> None:
    """A payment of the 13th that spent points of the 14th, and what undid it."""
    spent = ledger.PointsSpent("points", 5, taken(5), "payment", "", "", 50, "USD")
    back = ledger.PointsRestored("points", 5, taken(5), "p1")
    given = ledger.PointsAdjusted(
        "points", 4, "a#1", days("2017-03-13"), NEVER, Taken((), (), (), (), ()), "g", "A. Chief"
    )
    account = [
        sale(earned()),
        entry(8, "PointsRedeemed", "p1", "2017-03-13", spent),
        entry(9, "RedemptionReversed", "u1", "2017-03-13", back),
        entry(10, "PointsAdjusted", "a", "2017-03-13", given),
    ]

    assert as_of(account, days("2017-03-13")) == account[3:]
    assert as_of(account, days("2017-03-14")) == account
    assert Account(account, NAMES, {}).through(days("2017-03-13")).left_out == 2


def test_a_sale_is_told_as_of_a_day_before_it_without_what_became_of_it() -> None:
    """Nothing has become of its points by then."""
    story = sale_story(sale(earned()), [], NAMES)

    assert story[-1].startswith("  base (grocery v1) gave 53 points")


def test_what_is_owed_is_repaid_by_new_points() -> None:
    """A return beyond what is there is owed until later points pay it."""
    owing = entry(
        8, "SaleReturned", "r", "2017-03-20", ledger.PointsOwed("points", 5, "base", SALE)
    )
    repaid = entry(
        9, "SaleRecorded", "s", "2017-03-21", ledger.PointsRepaid("points", 5, 0, taken(5))
    )

    assert holdings([sale(earned()), owing]).wallet("points").owed == 5
    assert holdings([sale(earned()), owing, repaid]).wallet("points").owed == 0


STANDING = [
    ledger.PointsRestored("points", 5, taken(5), "redemption|1"),
    ledger.PointsWrittenOff("points", 5, "base", SALE, "charge_refund", 10, "EUR"),
    ledger.PointsExtended("points", 18_000),
    ledger.HoldPlaced("h1", "points", 5, taken(5), 0),
    ledger.HoldEnded("h1", "points", "captured", 3, 2, taken(3), 30, "EUR"),
    ledger.Counted("big-shop#times/day", 17_000, 1, 17_000),
    ledger.TierChanged("circle", "insider", "vib", 17_000, 18_000, "reached", 40_000, False),
    ledger.VoucherCancelled("v#1", "ten-off", "spend-200", "", 17_000, "the sale came back"),
    ledger.VoucherRestored("v#1", "ten-off", "", "", 1, 1, 9, 1000, "EUR", 1, True, SALE),
    ledger.RewardGiven("mini", "", "", "gift", "MINI", 1, 0, ""),
    ledger.MemberLabelled("vip", True, "anna"),
    ledger.SegmentMoved("lapsed", False, "ab"),
    ledger.WithheldFromControl("come-back", "win-back", "points", 12, ("ten-off",), 0),
    ledger.QuoteDiffered("q1", "vip-10", 100, 90),
    ledger.SaleJudged(("birthday-points",), ("circle", "vib")),
    ledger.PromotionStopped("happy-hour", "wrong price"),
    ledger.RefundReduced(SALE, "e#2", 2000, "EUR", "voucher_used"),
    ledger.CardAssigned("5f0c", ""),
    ledger.CardBlocked("5f0c", "lost"),
    ledger.MemberErased("asked by the member"),
    ledger.LotsMerged("points", taken(5)),
    ledger.VoucherReserved("h2", "v#1", "ten-off", "spend-200", "", "0142", "1", "", 0),
    ledger.VoucherReleased("h2", "v#1", "ten-off", "spend-200", "", "used"),
    ledger.VoucherReleased("h2", "v#1", "ten-off", "spend-200", "", "voided"),
]


def test_every_kind_of_effect_has_a_sentence() -> None:
    """No effect of the ledger is left without words."""
    examples = [*EXAMPLES, *STANDING]
    told = [effect_sentence(example, sale().record, NAMES) for example in examples]

    assert {type(example) for example in examples} == set(ledger.EFFECT_TYPES)
    assert all(told)
    assert len(set(told)) == len(told)


def test_what_makes_a_refund_smaller_is_told_with_its_currency() -> None:
    """A sale in yen may be charged for a voucher in euro."""
    charged = ledger.PointsWrittenOff("points", 30, "base", SALE, "charge_refund", 30, "EUR")
    used = ledger.RefundReduced(SALE, f"{SALE}#2", 500, "JPY", "voucher_used")

    told = [effect_sentence(one, sale().record, NAMES) for one in (charged, used)]

    assert told[0].endswith("not asked for, 0.30 EUR less refunded")
    assert told[1].startswith("500 JPY less refunded")


def test_what_a_ladder_counted_comes_back_from_the_ladder() -> None:
    """No promotion gave it, and no name of one is missing in the sentence."""
    counted = ledger.PointsReversed(
        "tier:club", 90, 0, Taken((), (), (), (), ()), (90,), "", "", SALE
    )

    told = effect_sentence(counted, sale().record, NAMES)

    assert told.startswith("the return took back 90 tier:club that the ladder gave on sale")


def test_what_a_ladder_counted_ends_as_the_ladder_s() -> None:
    """It is no correction; points that no promotion gave are one."""
    nobodys = replace(taken(90), promotion_ids=("",))
    told = [
        effect_sentence(ledger.PointsExpired(wallet, 90, 0, nobodys), sale().record, NAMES)
        for wallet in ("tier:club", "points")
    ]

    assert told == [
        "90 tier:club expired (90 of the ladder from 14 March 2017)",
        "90 points expired (90 of a correction from 14 March 2017)",
    ]


def test_a_return_that_takes_less_than_it_should_says_both() -> None:
    """By line stands what should have come back: 160, of which 10 were there and 150 were not."""
    took = ledger.PointsReversed("points", 10, 0, taken(10), (157, 3), "base", "", SALE)
    back = entry(9, "SaleReturned", RETURN, "2017-03-20", took)

    (told,) = [line for line in member_story([sale(earned()), back], NAMES) if "took back" in line]

    assert told == (
        f"    the return took back 10 points that base gave on sale {SALE}, "
        "of 160 for what came back (line 1: 157, line 2: 3)"
    )


def test_a_voucher_for_points_names_the_reward_that_was_taken() -> None:
    """No promotion gave it and no campaign, and none is missing in the sentence."""
    spent = ledger.PointsSpent("points", 30, taken(30), "reward", "loaf", "", 500, "USD")
    issued = ledger.VoucherIssued("c#1", "five-off", "", "", "", 17000, 17030, 500, "USD", 1)
    claimed = entry(8, "RewardClaimed", "c", "2017-03-20", spent, issued)

    told = effect_sentence(issued, claimed.record, NAMES)

    assert told.startswith("reward loaf (grocery v1) gave voucher five-off, worth 5.00 USD, valid")


def test_a_return_names_the_lines_of_its_sale_as_the_receipt_numbers_them() -> None:
    """A till may number lines 5 and 7; what is not known of a sale is not made up."""
    numbered = Sale("8841", "USD", "", (5, 7), (1000, 1000), (5000, 325), 5325, 0, 5325, 0, "")
    sold = entry(7, "SaleRecorded", SALE, "2017-03-14", earned(), sale=numbered)
    took = ledger.PointsReversed("points", 3, 0, taken(3), (0, 3), "base", "", SALE)
    back = entry(9, "SaleReturned", RETURN, "2017-03-20", took)

    told = [line for line in member_story([sold, back], NAMES) if "took back" in line]

    assert told == [f"    the return took back 3 points that base gave on sale {SALE} (line 7: 3)"]
    assert effect_sentence(took, back.record, NAMES).endswith(f"on sale {SALE}")


def test_points_that_belong_to_no_line_come_back_from_none() -> None:
    """What a sale was given for a level that it reached is of none of its lines."""
    reached = replace(earned(20), points_by_line=(), promotion_id="is-gold")
    took = ledger.PointsReversed("points", 20, 0, taken(20), (), "is-gold", "", SALE)
    back = entry(9, "SaleReturned", RETURN, "2017-03-20", took)

    told = [line for line in member_story([sale(reached), back], NAMES) if "took back" in line]

    assert told == [f"    the return took back 20 points that is-gold gave on sale {SALE}"]


def test_what_was_exchanged_given_and_owed_names_its_promotion_and_version() -> None:
    """Each change is traced to what decided it."""
    spent, issued = conversion().record.effects
    owed = ledger.PointsOwed("points", 9, "base", SALE)

    told = [effect_sentence(one, conversion().record, NAMES) for one in (spent, issued, owed)]

    assert told[0].startswith("to-voucher (grocery v1) took 30 points")
    assert told[1].startswith("to-voucher (grocery v1) gave voucher ten-off")
    assert told[2].startswith(f"9 points that base gave on sale {SALE} should have come back")


def test_what_is_given_is_told_with_its_worth_if_that_is_said() -> None:
    """A gift card and a donation are worth money of a currency, a gift may be worth none."""
    given = (
        ledger.RewardGiven("card-20", "", "", "gift_card", "", 2, 4000, "EUR"),
        ledger.RewardGiven("", "spring", "", "gift", "MUG-1", 1, 0, ""),
    )

    assert [effect_sentence(one, sale().record, NAMES) for one in given] == [
        "card-20 gave 2 gift card, worth 40.00 EUR",
        "spring gave 1 gift MUG-1",
    ]


def test_points_of_an_erased_member_ended_and_did_not_expire() -> None:
    """Nothing was closed that day; the account was."""
    gone = ledger.PointsExpired("points", 53, 0, taken(53))
    erased = entry(9, "MemberErased", "member|H7|erased", "2017-03-16", gone)

    story = sale_story(sale(earned()), [sale(earned()), erased], NAMES)

    assert "53 of them ended on 16 March 2017, when the member was erased" in "\n".join(story)
    assert effect_sentence(gone, erased.record, NAMES).startswith("53 points ended (")


def test_money_has_the_decimals_of_its_currency() -> None:
    """Two for most, none for yen, three for dinars."""
    assert money(-1005, "USD") == "-10.05"
    assert money(500, "JPY") == "500"
    assert money(1_234, "KWD") == "1.234"


EXAMPLES: tuple[Effect, ...] = (
    ledger.MemberEnrolled("H7", "0142", "", "en", 0, 0),
    ledger.MemberChanged("blocked", "", "", 0, 0),
    ledger.OfferMade("18", "five-off", 17000, 17030, 1, held_out=False),
    ledger.OfferMade("18", "", 17000, 17030, 0, held_out=True),
    earned(),
    ledger.PointsMatured("points", taken(1)),
    ledger.PointsSpent("points", 3, taken(3), "payment", "", "", 200, "USD"),
    ledger.PointsReversed("points", 50, 0, taken(50), (50, 0), "base", "", SALE),
    ledger.PointsOwed("points", 3, "base", SALE),
    ledger.PointsRepaid("points", 3, 0, taken(3)),
    ledger.PointsExpired("points", 3, 0, taken(3)),
    ledger.PointsAdjusted("points", 100, "a#1", 17000, NEVER, taken(0), "goodwill", "A. Chief"),
    ledger.VoucherIssued("e#1", "ten-off", "to-voucher", "", "", 17000, 17060, 1000, "USD", 1),
    ledger.VoucherRedeemed(
        "e#1", "ten-off", "to-voucher", "", 17000, SALE, 1000, "USD", used_up=True
    ),
    ledger.VoucherExpired("e#1", "ten-off", "to-voucher", "", 17000),
    ledger.VoucherRefused("e#1", "VOUCHER_USED"),
    ledger.ProgrammeActivated("grocery", 1, "{}", "ab", 17000, 1),
    ledger.DayClosed(17000),
)


def levels_told(programme: str, *paid: int) -> list[str]:
    """What is told of a member's levels after purchases, one a day from 2 March 2026 on."""
    scene = Scene(programme)
    scene.enrolled("A", "2026-03-01")
    for at, amount in enumerate(paid):
        on = f"2026-03-{at + 2:02}"
        scene.when(scene.sale(f"S{at}", [line(1, amount)], on=on))
    account = [Entry(*both) for both in scene.taken if both[1].account_id == "A"]
    story = member_story(account, NAMES, 0, scene.state.programmes[-1].programme)
    return [told for told in story if told.startswith(("Level", "tier:"))]


def ladder(words: str, starts: Sequence[int]) -> str:
    """A programme with a ladder of levels a, b, c that begin there."""
    levels = ", ".join(
        f"{{id: {name}, from: {start}}}" for name, start in zip("abc", starts, strict=True)
    )
    tiers = f"tiers:\n  circle: {{{words}, levels: [{levels}]}}\npromotions:\n"
    return PLAIN.replace("promotions:\n", tiers)


def test_a_level_is_told_with_its_last_day_and_what_is_missing_to_the_next() -> None:
    """In the unit of the measure: money, points of a wallet, visits; the highest has none above."""
    spend = ladder("measure: spend, window: calendar_year", [0, 100, 350])

    assert levels_told(spend) == ["Level a on circle: 0.00 EUR counted, 100.00 EUR missing to b."]
    assert levels_told(spend, 11_890) == [
        "Level b on circle to 31 December 2027: 118.90 EUR counted, 231.10 EUR missing to c."
    ]
    assert levels_told(spend, 40_000) == [
        "Level c on circle to 31 December 2027: 400.00 EUR counted, the highest."
    ]
    points = ladder("measure: points, window: lifetime, kept_until: for_ever", [0, 100, 350])
    assert levels_told(points, 11_890) == [
        "Level b on circle: 118 points counted, 232 points missing to c."
    ]
    visits = ladder("measure: visits, window: lifetime", [0, 2, 5])
    assert levels_told(visits, 1000, 1000, 1000, 1000) == [
        "Level b on circle to 31 December 2027: 4 visits counted, 1 visit missing to c."
    ]


def test_no_level_of_a_club_is_told_who_is_not_in_it() -> None:
    """Nothing counts there, so nothing is missing to the next level."""
    words = ladder("measure: visits, window: lifetime", [0, 2, 5])
    club = "clubs: {wine: {tiers: [circle], joining: by_label}}\npromotions:\n"

    assert levels_told(words.replace("promotions:\n", club), 1000) == []


def test_the_level_is_by_the_programme_that_decided_last() -> None:
    """Of two versions the later one, once it decided something of the account; before it, none."""
    scene = Scene(ladder("measure: spend, window: lifetime", [0, 100, 350]))
    later = ladder("measure: spend, window: lifetime", [0, 200, 350]).replace("sion: 1", "sion: 2")
    scene.activate(later, "2026-03-10")
    for on in ("2026-03-09", "2026-03-10"):
        scene.when(scene.sale("S", [line(1, 1000)], on=on))
    entries = [Entry(*both) for both in scene.taken if both[1].account_id == "A"]
    known_to_all = (one.programme for one in scene.state.programmes)
    documents = {one.version: one.checked.document for one in known_to_all}

    def version(*known: Entry) -> int | None:
        programme = Account(list(known), NAMES, documents).programme()
        return None if programme is None else programme.version

    assert [version(), version(entries[0]), version(*entries)] == [None, 1, 2]
