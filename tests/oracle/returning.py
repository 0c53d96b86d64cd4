"""What a return takes back of what its sale was given, and gives back of what was paid with."""

import dataclasses
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from fractions import Fraction

from msgspec.structs import replace

from schemas.events import Line, SaleRecorded
from tests.oracle import levels
from tests.oracle.account import Account, Payment
from tests.oracle.earning import BASES, Bought, Gain, bought, gains, on_it
from tests.oracle.reading import Words

TURNS = ("best", "first")
"""Groups in which one multiplier acts where several could."""


@dataclass
class Receipt:
    """A sale as it was decided, and how much of each line came back since."""

    account: str
    sale: SaleRecorded
    programme: Words
    lines: list[Bought]
    levels: set[str] = field(default_factory=set)
    rooms: dict[tuple[str, str], int] = field(default_factory=dict)
    granted: list[Gain] = field(default_factory=list)
    uses: dict[tuple[str, str], int] = field(default_factory=dict)
    back: dict[int, int] = field(default_factory=dict)
    used: list[Any] = field(default_factory=list)
    refused: list[Any] = field(default_factory=list)
    charged: int = 0
    is_over: bool = False

    @property
    def stands(self) -> bool:
        """Whether anything is left of it."""
        return any(self.back.get(one.line_no, 0) < whole(one) for one in self.sale.lines)

    @property
    def spend(self) -> int:
        """The money that is left of it, in whole minor units, line by line."""
        return sum(self.left_of([int(one.money) for one in self.lines]))

    def left_of(self, by_line: list[int]) -> list[int]:
        """What is left of amounts that were allotted to lines."""
        return [
            amount - amount * self.back.get(line.line_no, 0) // whole(line)
            for amount, line in zip(by_line, self.sale.lines, strict=True)
        ]

    def room(self, promotion: Words, what: str) -> int:
        """What limits left to a promotion when the sale was decided."""
        return self.rooms[promotion["id"], what]


def whole(line: Line) -> int:
    """A line's quantity; 1 where the till did not say, for it comes back whole or not."""
    return line.quantity_milli or 1


def rest_of(receipt: Receipt) -> SaleRecorded:
    """The sale without what came back: shares of lines and tenders, rounded down, are gone."""
    sale = receipt.sale
    nets = receipt.left_of([one.net_minor for one in sale.lines])
    grosses = receipt.left_of([one.gross_minor for one in sale.lines])
    total = sum(one.net_minor for one in sale.lines)
    gone = total - sum(nets)
    lines = [
        replace(
            one,
            net_minor=net,
            gross_minor=gross,
            quantity_milli=one.quantity_milli and whole(one) - receipt.back.get(one.line_no, 0),
        )
        for one, net, gross in zip(sale.lines, nets, grosses, strict=True)
    ]
    tenders = [
        replace(one, amount_minor=one.amount_minor - one.amount_minor * gone // total)
        for one in (sale.tenders if total > 0 else ())
    ]
    return replace(sale, lines=tuple(lines), tenders=tuple(tenders) or sale.tenders)


def undo(
    account: Account, receipt: Receipt, back: dict[int, int], payments: Mapping[str, Payment],
    day: int,
) -> int:  # fmt: skip
    """Everything that follows from what came back until now."""
    programme = receipt.programme
    ladders = programme["tiers"]
    before = {name: levels.earned(ladder, account.history, day) for name, ladder in ladders.items()}
    paid_before = paid_back(receipt, payments)
    receipt.back = back
    for reference, points in paid_back(receipt, payments).items():
        restore(account, payments[reference], points - paid_before[reference])
    lines = bought(programme, rest_of(receipt))
    kept = gains(programme, lines, receipt.levels, receipt.room) if receipt.stands else []
    charged = 0
    for gain, points in claimed(receipt, kept):
        if gain.voucher is not None:
            charged += take_voucher(account, gain) if points else 0
        else:
            claw(account, receipt, gain, points)
    if not receipt.stands:
        for one in receipt.used:
            if one.last >= day:
                one.took.pop(receipt.sale.header.event_id, None)
        receipt.used = []
    free_limits(account, receipt, kept)
    for name, ladder in ladders.items():
        held = account.levels.get(name, levels.Held())
        account.levels[name] = levels.without(ladder, account.history, held, day, before[name])
    return charged


def take_voucher(account: Account, gain: Gain) -> int:
    """A voucher that is no longer earned goes, or its use is charged; how much."""
    gain.reversed = 1
    voucher = gain.voucher
    if voucher.took and not voucher.is_paid:
        voucher.is_paid = True
        return sum(voucher.took.values())
    if not voucher.took and not voucher.is_paid and voucher in account.vouchers:
        account.vouchers.remove(voucher)
    return 0


def paid_back(receipt: Receipt, payments: Mapping[str, Payment]) -> dict[str, int]:
    """Of each payment with points, how many belong to what came back: its share of the money."""
    nets = [one.net_minor for one in receipt.sale.lines]
    total, left = sum(nets), sum(receipt.left_of(nets))
    amounts: dict[str, int] = {}
    for tender in receipt.sale.tenders:
        payment = payments.get(tender.reference_id)
        if tender.kind == "points" and payment and payment.account == receipt.account:
            amounts.setdefault(tender.reference_id, 0)
            amounts[tender.reference_id] += tender.amount_minor
    found = {}
    for reference, amount in amounts.items():
        payment = payments[reference]
        points = sum(part.left for part in payment.parts)
        points = points * amount // payment.worth if amount < payment.worth else points
        back = min(max(total - left, 0), total)
        part = points * back // total if total > 0 else 0
        found[reference] = part if receipt.stands else points
    return found


def restore(account: Account, payment: Payment, points: int) -> None:
    """Points are back in the lots they came from, those taken last first; they pay what is owed."""
    spent = sum(part.left for part in payment.parts)
    points = max(0, min(points, spent - payment.restored))
    done, upto = 0, payment.restored + points
    for part in reversed(payment.parts):
        here = min(done + part.left, upto) - max(done, payment.restored)
        done += part.left
        if here > 0:
            account.purse(payment.wallet).put_back(dataclasses.replace(part, left=here))
    payment.restored = upto
    if points > 0:
        account.purse(payment.wallet).repay()


def claimed(receipt: Receipt, kept: list[Gain]) -> list[tuple[Gain, int]]:
    """How much to take back now of what each promotion gave.

    What is not judged again comes back by line.  Of the rest, what one promotion would give more
    than it did is set off against what the others of its wallet lose, but not against a bonus, and
    first against those that give nothing any more.  A bonus leaves what the rest earns of the one
    behind it in its group.
    """
    claws, again = {}, judged_again(receipt.programme)
    keeps = {gain.id: gain.points for gain in kept}
    spare = Counter({one.wallet: 0 for one in kept})
    for gain in kept:
        gave = [one.points - one.reversed for one in receipt.granted if one.id == gain.id]
        if gain.id in again and gain.promotion["kind"] != "bonus":
            spare[gain.wallet] += max(0, gain.points - sum(gave))
    rows = list(enumerate(receipt.granted))
    for at, gain in sorted(rows, key=lambda row: bool(keeps.get(row[1].id))):
        left = gain.points - gain.reversed
        if gain.id not in again:
            claws[at] = max(0, left - sum(receipt.left_of(gain.by_line)))
            continue
        lost = max(0, left - keeps.get(gain.id, 0) - behind(receipt, gain, kept))
        off = min(spare[gain.wallet], lost) if gain.promotion["kind"] != "bonus" else 0
        spare[gain.wallet] -= off
        claws[at] = lost - off
    return [(gain, claws[at]) for at, gain in enumerate(receipt.granted)]


def behind(receipt: Receipt, gain: Gain, kept: list[Gain]) -> int:
    """What the rest earns of a bonus that takes the place of this one."""
    gave = {one.id for one in receipt.granted}
    return sum(
        one.points
        for one in kept
        if one.promotion["kind"] == gain.promotion["kind"] == "bonus"
        and one.id not in gave
        and one.promotion.get("group", one.id) == gain.promotion.get("group", gain.id)
        and one.wallet == gain.wallet
    )


def judged_again(programme: Words) -> set[str]:
    """The promotions that are judged again on what is left, by their ids.

    With a threshold, whole steps or a limit; multipliers of which one acts on a sale; multipliers
    on such a base; the other members of a group of such a multiplier; and the base under one that
    takes from it or gives way to another.
    """
    promotions = programme["promotions"]
    turns = {name for name, one in programme["groups"].items() if one["combine"] in TURNS}
    of_sale = {name for name in turns if programme["groups"][name]["on"] == "sale"}
    found = {one["id"] for one in promotions if is_whole(one) or one.get("group") in of_sale}
    while True:
        more = set(found)
        for base in promotions:
            ours = on_it(programme, base, promotions) if base["kind"] in BASES else []
            more |= {one["id"] for one in ours if base["id"] in found}
            judged = [one for one in ours if one["id"] in found]
            if any(one.get("group") in turns or takes(one) for one in judged):
                more.add(base["id"])
        groups = {one["group"] for one in promotions if "group" in one and one["id"] in found}
        more |= {one["id"] for one in promotions if one.get("group") in groups}
        if more == found:
            return found
        found = more


def takes(multiplier: Words) -> bool:
    """Whether it makes its base smaller."""
    (rate,) = multiplier["multiply"].values()
    return Fraction(rate) < 1


def is_whole(promotion: Words) -> bool:
    """A threshold, whole steps, or a limit on what it gives."""
    limited = {word for scope in promotion.get("limits", {}).values() for word in scope}
    whole_words = "basket" in promotion or "per_full" in promotion
    return promotion["kind"] == "bonus" or whole_words or bool(limited & {"items", "units"})


def claw(account: Account, receipt: Receipt, gain: Gain, points: int) -> None:
    """Points are taken out of their own lot, then others, then by the wallet's policy.

    Those that ended unused are gone already.
    """
    if not points:
        return
    gain.reversed += points
    event_id = receipt.sale.header.event_id
    purse, policy = account.purse(gain.wallet), receipt.programme["wallets"][gain.wallet]
    gone = min(points, purse.ended[event_id, gain.id])
    purse.ended[event_id, gain.id] -= gone
    points -= gone
    while policy["when_short"] != "only_pending" and sum(lot.left for lot in purse.lots) < points:
        if not undone(account, gain.wallet):
            break
    lots = sorted(purse.ranked(), key=lambda lot: (lot.event, lot.promotion) != (event_id, gain.id))
    if policy["when_short"] == "only_pending":
        lots = [lot for lot in lots if lot.pending and lot.event == event_id]
    short = points - sum(part.left for part in purse.take(lots, points))
    purse.owed += short if policy["when_short"] == "owe" else 0


def undone(account: Account, wallet: str) -> bool:
    """The last voucher that points of a wallet became is points again, if it is unused."""
    for voucher in reversed(account.vouchers):
        words = voucher.promotion
        if words.get("undone_by_return") and wallet in words["take"] and not voucher.took:
            account.vouchers.remove(voucher)
            account.use(words, "times", voucher.issued, -1)
            for part in voucher.made_of:
                account.purse(wallet).put_back(part)
            return True
    return False


def free_limits(account: Account, receipt: Receipt, kept: list[Gain]) -> None:
    """Limits are free again by what the rest does not use.

    A promotion that gives nothing for the rest has not acted, unless some of it stays that is its
    own, and no bonus behind it.
    """
    now = used_by(kept)
    for gain in receipt.granted:
        if gain.reversed < gain.points and not behind(receipt, gain, kept):
            now[gain.id, "times"] = 1
    for (name, what), before in receipt.uses.items():
        receipt.uses[name, what] = min(before, now.get((name, what), 0))
        promotion = next(one.promotion for one in receipt.granted if one.id == name)
        by, day = receipt.uses[name, what] - before, receipt.sale.header.business_date
        account.use(promotion, what, day, by)


def used_by(found: list[Gain]) -> dict[tuple[str, str], int]:
    """What gains use of the limits of their promotions."""
    return {
        (gain.id, what): much
        for gain in found
        for what, much in (("times", 1), ("items", gain.items), ("units", gain.points))
    }
