"""What an account holds: lots and what it owes, levels, counts.  Plain and without rules."""

from collections import Counter
from typing import Any
from dataclasses import dataclass, field, replace

from tests.oracle.levels import Entry, Held
from tests.oracle.reading import NEVER, Words, period


@dataclass
class Lot:
    """Points that a promotion gave for a sale."""

    left: int
    ready: int
    last: int
    earned: int
    event: str
    promotion: str
    pending: bool = False

    @property
    def order(self) -> tuple[int, int]:
        """Earliest end first, then the older, then as they came: so they are spent."""
        return (self.last, self.earned)


@dataclass
class Purse:
    """One wallet of an account; its lots lie in the order of spending."""

    lots: list[Lot] = field(default_factory=list)
    owed: int = 0
    ended: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, lot: Lot) -> None:
        """One more lot, behind those of its terms."""
        self.lots = sorted([*self.lots, lot], key=lambda one: one.order)

    def usable(self, day: int) -> list[Lot]:
        """Spendable lots in the order of spending; none whose last day is over by then."""
        return [lot for lot in self.lots if not lot.pending and lot.last >= day]

    def ranked(self) -> list[Lot]:
        """All lots in the order of spending, pending ones last."""
        return sorted(self.lots, key=lambda lot: lot.pending)

    def take(self, lots: list[Lot], points: int) -> list[Lot]:
        """Takes up to so many points out of lots in their order; the parts that were taken."""
        parts: list[Lot] = []
        for lot in lots:
            part = min(lot.left, points - sum(one.left for one in parts))
            if part:
                lot.left -= part
                parts.append(replace(lot, left=part))
        self.lots = [lot for lot in self.lots if lot.left]
        return parts

    def put_back(self, part: Lot) -> None:
        """A part of a lot that was taken is in it again, with the lot's own terms."""
        lot = next(
            (x for x in self.lots if (x.event, x.promotion) == (part.event, part.promotion)), None
        )
        if lot is None:
            self.add(part)
        else:
            lot.left += part.left

    def end(self, day: int) -> None:
        """What ends with a day is gone; of each sale and promotion is kept how much."""
        for lot in self.lots:
            if lot.last <= day:
                self.ended[lot.event, lot.promotion] += lot.left
        self.lots = [lot for lot in self.lots if lot.last > day]

    def repay(self) -> None:
        """Points pay what is owed."""
        if self.owed:
            self.owed -= sum(part.left for part in self.take(self.ranked(), self.owed))


@dataclass
class Payment:
    """Points that were redeemed: what they were worth, the parts of lots, and how many are back."""

    account: str
    wallet: str
    worth: int
    parts: list[Lot]
    restored: int = 0


@dataclass
class Account:
    """Everything that a decision may depend on."""

    enrolled: bool = False
    purses: dict[str, Purse] = field(default_factory=dict)
    used: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    history: list[Entry] = field(default_factory=list)
    levels: dict[str, Held] = field(default_factory=dict)
    vouchers: list[Any] = field(default_factory=list)

    def purse(self, wallet: str) -> Purse:
        """The wallet, empty if it had nothing."""
        return self.purses.setdefault(wallet, Purse())

    def room(self, promotion: Words, what: str, day: int) -> int:
        """How many more times, units or items the limits of a promotion leave."""
        limits, rooms = promotion.get("limits", {}), [NEVER * 10**9]
        if what in limits.get("per_sale", {}):
            rooms.append(int(limits["per_sale"][what]))
        if what in limits.get("per_member", {}):
            member = limits["per_member"]
            used = self.used[promotion["id"], what, period(day, member.get("every"))]
            rooms.append(int(member[what]) - used)
        return max(0, min(rooms))

    def use(self, promotion: Words, what: str, day: int, by: int) -> None:
        """Counts towards the limits of a promotion."""
        member = promotion.get("limits", {}).get("per_member", {})
        if what in member:
            self.used[promotion["id"], what, period(day, member.get("every"))] += by
