"""Ledger records in plain sentences: where each point came from, and where it went.  Pure.

For example: base (grocery v1) gave 53 points on 53.25 (line 1: 50, line 2: 3); spendable from
14 March 2017, last day 31 March 2018.
"""

from collections.abc import Mapping, Sequence

from loyalty.amounts import day, money
from loyalty.standing_sentences import standing_sentence
from processors.core.ladder import WALLET
from schemas import ledger
from schemas.ledger import NEVER, Effect, Record
from schemas.refusals import Refusal

Names = Mapping[int, str]
"""Programme names by version, from the activations of the partition."""
THE_LADDER = "the ladder"
"""What gives what no promotion does."""


def title(record: Record) -> str:
    """What happened and where: `sale on 14 March 2017 at store 0142`."""
    kinds = {
        "SaleRecorded": "sale",
        "SaleReturned": "return",
        "MemberEnrolled": "enrolment",
        "MemberChanged": "change of the member",
        "OfferMade": "offer",
        "VoucherPresented": "voucher presented",
        "PointsRedeemed": "points redeemed",
        "PointsAdjusted": "correction",
        "ProgrammeActivated": "programme activated",
        "BusinessDayClosed": "close of the day",
        "MemberLabelled": "label",
        "SegmentEntered": "segment entered",
        "SegmentLeft": "segment left",
        "ActivityRecorded": "activity",
        "RewardClaimed": "reward taken",
        "RedemptionReversed": "redemption undone",
        "HoldPlaced": "hold placed",
        "HoldCaptured": "hold captured",
        "HoldVoided": "hold voided",
        "VoucherReserved": "voucher set aside",
        "VoucherCancelled": "voucher taken back",
        "TierAssigned": "level given by hand",
        "OrderFulfilled": "order fulfilled",
        "PromotionStopped": "promotion stopped",
        "CardAssigned": "card",
        "CardBlocked": "card blocked",
        "MemberErased": "member erased",
    }
    what = kinds.get(record.event_type, record.event_type or "unreadable message")
    place = f" at store {record.store_id}" if record.store_id else ""
    return f"{what} on {day(record.business_date)}{place}"


def effect_sentence(
    effect: Effect, record: Record, names: Names, sold: Mapping[str, Sequence[int]] = {}
) -> str:
    """One change, in one sentence without its full stop.

    Args:
        effect: of the record.
        record: where it stands.
        names: programme names by version.
        sold: event id of a sale → its line numbers, for what a return takes from them.
    """
    match effect:
        case ledger.PointsEarned():
            return _earned(effect, record, names)
        case ledger.PointsMatured():
            total = sum(effect.taken.points)
            return f"{total} {effect.wallet} became spendable ({_lots(effect)})"
        case ledger.PointsSpent() if effect.purpose == "convert":
            what = f"{effect.points} {effect.wallet} ({_lots(effect)})"
            return f"{effect.promotion_id} ({_programme(record, names)}) took {what}"
        case ledger.PointsSpent():
            worth = f"paid {money(effect.amount_minor, effect.currency)} {effect.currency}"
            did = worth if effect.amount_minor else "were spent"
            return f"{effect.points} {effect.wallet} {did} ({_lots(effect)})"
        case ledger.PointsReversed():
            lines = _by_line(effect.points_by_line, sold.get(effect.original_sale, ()))
            # By line stands what should have come back; what lacks is told by effects of its own.
            due = sum(effect.points_by_line)
            of = f", of {due} for what came back" if due > effect.points else ""
            return f"the return took back {_of_sale(effect)}{of}{lines}"
        case ledger.PointsOwed():
            return f"{_of_sale(effect)} should have come back and were not there; they are owed"
        case ledger.PointsRepaid():
            return f"{effect.points} {effect.wallet} repaid what was owed ({_lots(effect)})"
        case ledger.PointsExpired():
            ended = "ended" if record.event_type == "MemberErased" else "expired"
            return f"{effect.points} {effect.wallet} {ended} ({_lots(effect)})"
        case ledger.PointsAdjusted():
            return (
                f"a correction of {effect.points:+} {effect.wallet}: {effect.reason} "
                f"(approved by {effect.approved_by})"
            )
        case (
            ledger.MemberEnrolled()
            | ledger.MemberChanged()
            | ledger.OfferMade()
            | ledger.VoucherIssued()
            | ledger.VoucherRedeemed()
            | ledger.VoucherExpired()
            | ledger.VoucherRefused()
            | ledger.ProgrammeActivated()
            | ledger.DayClosed()
        ):
            return _other_sentence(effect, record, names)
        case _:
            return standing_sentence(effect)


def _other_sentence(
    effect: ledger.MemberEnrolled
    | ledger.MemberChanged
    | ledger.OfferMade
    | ledger.VoucherIssued
    | ledger.VoucherRedeemed
    | ledger.VoucherExpired
    | ledger.VoucherRefused
    | ledger.ProgrammeActivated
    | ledger.DayClosed,
    record: Record,
    names: Names,
) -> str:
    match effect:
        case ledger.MemberEnrolled():
            return (
                f"member {effect.member_id} enrolled, home store {effect.home_store_id or 'none'}"
            )
        case ledger.MemberChanged():
            told = {"status": effect.status, "home store": effect.home_store_id}
            told["language"] = effect.language
            return "changed: " + (", ".join(f"{k} {v}" for k, v in told.items() if v) or "details")
        case ledger.OfferMade():
            what = f"offered {effect.voucher}" if effect.voucher else "addressed the member"
            what = "held the member out as control" if effect.held_out else what
            return (
                f"campaign {effect.campaign_id} {what}, "
                f"{day(effect.first_day)} to {day(effect.last_day)}"
            )
        case ledger.VoucherIssued():
            return _issued(effect, record, names)
        case ledger.VoucherRedeemed():
            what = f"voucher {effect.voucher}" if effect.voucher else f"coupon {effect.voucher_id}"
            worth = money(effect.amount_minor, effect.currency) if effect.amount_minor else ""
            return f"{what} was used{f', {worth} {effect.currency} off' if worth else ''}"
        case ledger.VoucherExpired():
            # Of several uses, or of a stored value, a part may have been used.
            return f"voucher {effect.voucher} expired ({effect.voucher_id})"
        case ledger.VoucherRefused():
            reason = Refusal(effect.reason).sentence
            return f"voucher {effect.voucher_id} did not hold: {reason.rstrip('.')}"
        case ledger.ProgrammeActivated():
            return f"programme {effect.name} v{effect.version} from {day(effect.effective_from)}"
        case ledger.DayClosed():
            return f"{day(effect.closed_date)} is closed"


def _issued(effect: ledger.VoucherIssued, record: Record, names: Names) -> str:
    by = f"campaign {effect.campaign_id}"
    for paid in record.effects:
        if isinstance(paid, ledger.PointsSpent) and paid.purpose == "reward":
            # Of the reward that was taken, the points that it cost know the name.
            by = f"reward {paid.promotion_id} ({_programme(record, names)})"
    if effect.promotion_id:
        by = f"{effect.promotion_id} ({_programme(record, names)})"
    worth = f"worth {money(effect.amount_minor, effect.currency)} {effect.currency}, "
    return (
        f"{by} gave voucher {effect.voucher}, {worth if effect.amount_minor else ''}valid "
        f"{day(effect.first_day)} to {day(effect.last_day)} ({effect.voucher_id})"
    )


def _earned(effect: ledger.PointsEarned, record: Record, names: Names) -> str:
    by = effect.promotion_id or THE_LADDER
    said = f"{by} ({_programme(record, names)}) gave {effect.granted} {effect.wallet}"
    sale = record.sale
    if sale is not None and effect.points_by_line:
        earning = zip(sale.nets_minor, effect.points_by_line, strict=True)
        net = sum(net for net, points in earning if points)
        said += (
            f" on {money(net, sale.currency)}{_by_line(effect.points_by_line, sale.line_numbers)}"
        )
    if effect.desired != effect.granted:
        steps = ", ".join(f"{cap.limit} {cap.points:+}" for cap in effect.trail)
        said += f", {effect.desired} before {steps}"
    return f"{said}; {terms(effect.spendable_on, effect.last_day)}"


def terms(spendable_on: int, last_day: int) -> str:
    """From when and how long points can be spent."""
    # What waits for its order has no first day, even when it has arrived.
    begins = "once the order is fulfilled" if spendable_on == NEVER else f"from {day(spendable_on)}"
    ends = "without expiry" if last_day == NEVER else f"last day {day(last_day)}"
    return f"spendable {begins}, {ends}"


def _programme(record: Record, names: Names) -> str:
    version = record.programme_version
    return f"{names.get(version, 'programme')} v{version}"


def _of_sale(effect: ledger.PointsReversed | ledger.PointsOwed) -> str:
    by = effect.promotion_id or THE_LADDER
    return f"{effect.points} {effect.wallet} that {by} gave on sale {effect.original_sale}"


def _by_line(points: Sequence[int], line_numbers: Sequence[int]) -> str:
    """By their numbers on the receipt; nothing where those are not known, or for points of none."""
    if not line_numbers or not points:
        return ""
    said = [f"line {n}: {p}" for n, p in zip(line_numbers, points, strict=True) if p]
    return f" ({', '.join(said)})" if said else ""


def _lots(
    effect: ledger.PointsMatured | ledger.PointsSpent | ledger.PointsRepaid | ledger.PointsExpired,
) -> str:
    """The points by what gave them and the day: `30 of base from 3 March 2017`."""
    taken = effect.taken
    nobody = THE_LADDER if effect.wallet.startswith(WALLET) else "a correction"
    given = zip(taken.points, taken.promotion_ids, taken.earned_on, strict=True)
    return ", ".join(f"{points} of {by or nobody} from {day(on)}" for points, by, on in given)
