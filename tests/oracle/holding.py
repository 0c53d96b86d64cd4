"""What an account holds: lots and what it owes, vouchers, counts.  Plain and without rules."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.oracle.levels import Held
from tests.oracle.reading import NEVER, Words, period

Key = tuple[int, int, str, int]


@dataclass
class Lot:
    """Points earned together.  `event` and `number` say which they were of that event."""

    left: int
    ready: int
    last: int
    earned: int
    event: str
    number: int
    pending: bool

    @property
    def order(self) -> Key:
        """Earliest end first, then the older, then by id: so they are spent."""
        return (self.last, self.earned, self.event, self.number)


@dataclass
class Purse:
    """One wallet of an account."""

    lots: list[Lot] = field(default_factory=list)
    owed: int = 0

    def usable(self, day: int) -> list[Lot]:
        """Spendable lots in the order of spending; none whose last day is over by then."""
        ours = [lot for lot in self.lots if not lot.pending and lot.last >= day]
        return sorted(ours, key=lambda lot: lot.order)

    def take(self, lots: list[Lot], points: int) -> int:
        """Takes up to so many points out of lots in their order; what was taken."""
        rest = points
        for lot in lots:
            taken = min(lot.left, rest)
            lot.left -= taken
            rest -= taken
        self.lots = [lot for lot in self.lots if lot.left]
        return points - rest

    def ranked(self) -> list[Lot]:
        """All lots in the order of spending, pending ones last."""
        return sorted(self.lots, key=lambda lot: (lot.pending, lot.order))

    def repay(self) -> None:
        """New points pay what is owed."""
        if self.owed:
            self.owed -= self.take(self.ranked(), self.owed)


@dataclass
class Ticket:
    """A voucher of the account."""

    voucher: str
    first: int
    last: int
    active: bool = True


@dataclass
class Account:
    """Everything that a decision may depend on."""

    status: str = "active"
    enrolled_on: int | None = None
    birthday: tuple[int, int] = (0, 0)
    labels: set[str] = field(default_factory=set)
    segments: set[str] = field(default_factory=set)
    purses: dict[str, Purse] = field(default_factory=dict)
    tickets: list[Ticket] = field(default_factory=list)
    limits: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    counted: Counter[str] = field(default_factory=Counter)
    periods: dict[str, Counter[int]] = field(default_factory=dict)
    full: dict[str, set[int]] = field(default_factory=dict)
    sales: int = 0
    history: list[tuple[str, int, Any]] = field(default_factory=list)
    levels: dict[str, Held] = field(default_factory=dict)
    reached: list[tuple[str, int, Any]] = field(default_factory=list)
    number: int = 0

    def purse(self, wallet: str) -> Purse:
        """The wallet, empty if it had nothing."""
        return self.purses.setdefault(wallet, Purse())

    def room(self, promotion: Words, what: str, day: int) -> int:
        """How many more times, units or items the limits of a promotion leave."""
        limits = promotion.get("limits", {})
        rooms = [NEVER * 10**9]
        if what in limits.get("per_sale", {}):
            rooms.append(int(limits["per_sale"][what]))
        member = limits.get("per_member", {})
        if what in member:
            used = self.limits[promotion["id"], what, period(day, member.get("every"))]
            rooms.append(int(member[what]) - used)
        return max(0, min(rooms))

    def use(self, promotion: Words, what: str, day: int, by: int) -> None:
        """Counts towards the limits of a promotion."""
        member = promotion.get("limits", {}).get("per_member", {})
        if what in member:
            self.limits[promotion["id"], what, period(day, member.get("every"))] += by
