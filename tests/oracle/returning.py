"""What a return takes back of what its sale was given."""

from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from schemas.events import SaleRecorded
from tests.oracle import levels
from tests.oracle.earning import (
    BASES,
    Bought,
    Gain,
    bought,
    counts,
    gains,
    multiplied_kind,
)
from tests.oracle.granting import Granted
from tests.oracle.holding import Account
from tests.oracle.reading import NEVER, Words, period


@dataclass
class Receipt:
    """A sale as it was decided, and how much of each line came back since."""

    account: str
    sale: SaleRecorded
    programme: Words
    lines: list[Bought]
    standing: dict[str, Any] = field(default_factory=dict)
    rooms: dict[tuple[str, str], int] = field(default_factory=dict)
    granted: list[Granted] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    back: dict[int, int] = field(default_factory=dict)

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


def whole(line: Any) -> int:
    """A line's quantity; 1 where the till did not say, for it comes back whole or not."""
    return line.quantity_milli or 1


def rest_of(receipt: Receipt) -> SaleRecorded:
    """The sale without what came back: shares of lines and tenders, rounded down, are gone."""
    sale = receipt.sale
    nets = receipt.left_of([one.net_minor for one in sale.lines])
    grosses = receipt.left_of([one.gross_minor for one in sale.lines])
    total = sum(one.net_minor for one in sale.lines)
    gone = total - sum(nets)
    lines = tuple(
        replace(
            one,
            net_minor=net,
            gross_minor=gross,
            quantity_milli=one.quantity_milli - receipt.back.get(one.line_no, 0)
            if one.quantity_milli
            else 0,
        )
        for one, net, gross in zip(sale.lines, nets, grosses, strict=True)
    )
    tenders = tuple(
        replace(
            one, amount_minor=one.amount_minor - one.amount_minor * gone // total if total else 0
        )
        for one in sale.tenders
    )
    return replace(sale, lines=lines, tenders=tenders)


def undo(account: Account, receipt: Receipt, back: dict[int, int], day: int) -> None:
    """Everything that follows from what came back until now."""
    ladders = receipt.programme.get("tiers", {})
    before = {name: levels.earned(ladder, account.history, day) for name, ladder in ladders.items()}
    stood = receipt.stands
    receipt.back = back
    lines = bought(receipt.programme, rest_of(receipt))
    account.sales -= stood and not receipt.stands
    uncount(account, receipt, lines)
    sold_on = receipt.sale.header.business_date

    def room(promotion: Words, what: str) -> int:
        return receipt.rooms.get((promotion["id"], what), NEVER * 10**9)

    sale = receipt.sale.header
    kept = gains(receipt.programme, sale, lines, receipt.standing, room) if receipt.stands else []
    claws = claimed(receipt, kept)
    for granted in receipt.granted:
        promotion = granted.gain.promotion
        claw(account, receipt.programme, granted, claws.get(id(granted), 0), sold_on)
        ours = [gain for gain in kept if gain.promotion is promotion]
        items = max((gain.items for gain in ours), default=0)
        account.use(promotion, "items", sold_on, min(0, items - granted.items))
        granted.items = min(granted.items, items)
        if not ours and granted.acts and granted.reversed == granted.gain.points:
            granted.acts = False
            if granted is first_of(receipt, promotion):
                account.use(promotion, "times", sold_on, -1)
            for ticket in granted.tickets:
                ticket.active = False
    step_down(account, receipt, day, before)


def first_of(receipt: Receipt, promotion: Words) -> Granted:
    """A promotion's first gift of a sale, which counted as its one time."""
    return next(one for one in receipt.granted if one.gain.promotion is promotion)


def claimed(receipt: Receipt, kept: list[Gain]) -> dict[int, int]:
    """How much to take back now of each gift, by its identity."""
    claws: dict[int, int] = {}
    for wallet in {one.gain.wallet for one in receipt.granted if one.gain.wallet}:
        ours = [one for one in receipt.granted if one.gain.wallet == wallet]
        names = judged(receipt.programme, wallet)
        again = [one for one in ours if one.gain.promotion["id"] in names]
        for one in ours:
            if one not in again:
                target = one.gain.points - sum(receipt.left_of(one.by_line))
                claws[id(one)] = max(0, target - one.reversed)
        keeps = {gain.promotion["id"]: gain.points for gain in kept if gain.wallet == wallet}
        gave = [one.gain.promotion["id"] for one in ours]
        new = sum(keeps[name] for name in keeps if name in names and name not in gave)
        diffs = [
            one.gain.points - keeps.get(one.gain.promotion["id"], 0) - one.reversed for one in again
        ]
        spare = new - sum(diff for diff in diffs if diff < 0)
        for one, diff in zip(again, diffs, strict=True):
            off = min(spare, max(0, diff))
            spare -= off
            claws[id(one)] = max(0, diff) - off
    return claws


def judged(programme: Words, wallet: str) -> set[str]:
    """The promotions of a wallet that are judged again on what is left, by their ids.

    With a threshold, a count, whole steps or a limit; multipliers on such a base; and the other
    members of a group of such a multiplier.
    """
    promotions, kind = programme["promotions"], multiplied_kind(programme, wallet)
    found = {one["id"] for one in promotions if is_whole(one)}
    bases = {one["id"] for one in promotions if one["kind"] == kind and wallet in one["give"]}
    multipliers = [one for one in promotions if one["kind"] == "multiplier"]
    if bases & found:
        found |= {one["id"] for one in multipliers if wallet in one["multiply"]}
    groups = {one["group"] for one in multipliers if "group" in one and one["id"] in found}
    return found | {one["id"] for one in multipliers if one.get("group") in groups}


def is_whole(promotion: Words) -> bool:
    """A threshold, a count, whole steps, or a limit on what it gives."""
    limits = promotion.get("limits", {})
    words = {word for scope in limits.values() for word in scope}
    return (
        promotion["kind"] not in (*BASES, "multiplier")
        or any(word in promotion for word in ("basket", "nth_sale", "per_full"))
        or bool(words & {"items", "units"})
    )


def claw(account: Account, programme: Words, granted: Granted, points: int, day: int) -> None:
    """Points are taken out of their own lot, then others, then by the wallet's policy."""
    if not points:
        return
    wallet = granted.gain.wallet
    account.use(granted.gain.promotion, "units", day, -points)
    granted.reversed += points
    purse, policy = account.purse(wallet), programme["wallets"][wallet].get("when_short", "owe")
    own = [lot for lot in purse.lots if (lot.event, lot.number) == (granted.event, granted.number)]
    lots = own + [lot for lot in purse.ranked() if lot not in own]
    if policy == "only_pending":
        lots = [lot for lot in lots if lot.pending and lot.event == granted.event]
    short = points - purse.take(lots, points)
    if policy == "owe":
        purse.owed += short


def uncount(account: Account, receipt: Receipt, lines: list[Bought]) -> None:
    """A sale of which nothing, or too little, is left counts no more."""
    header = receipt.sale.header
    for promotion in receipt.programme["promotions"]:
        name = receipt.names.get(promotion["id"])
        if name is None or counts(promotion, header, lines, receipt.stands) is not None:
            continue
        del receipt.names[promotion["id"]]
        if promotion["kind"] != "streak":
            account.counted[name] -= 1
            receipt.standing["numbers"].pop(promotion["id"], None)
            continue
        account.periods[name][period(header.business_date, promotion["every"])] -= 1
        account.full.setdefault(name, set()).difference_update(
            receipt.standing["completed"].pop(name, ())
        )


def step_down(account: Account, receipt: Receipt, day: int, before: dict[str, int]) -> None:
    """A level that was earned before the return and is not after it is gone, with its gifts.

    Its vouchers go, unused; its points only if this sale got them.
    """
    for name, ladder in receipt.programme.get("tiers", {}).items():
        held = account.levels.get(name, levels.Held())
        now = levels.without(ladder, account.history, held, day, before[name])
        account.levels[name] = now
        for one in list(account.reached):
            where, level, granted = one
            if where != name or not now.level < level <= held.level:
                continue
            account.reached.remove(one)
            for ticket in granted.tickets:
                ticket.active = False
            if granted.event == receipt.sale.header.event_id:
                points = granted.gain.points - granted.reversed
                claw(account, receipt.programme, granted, points, day)
