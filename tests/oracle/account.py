"""What an account holds: lots and what it owes, levels, counts, vouchers.  No rules."""

from collections import Counter, defaultdict
from collections.abc import Sequence
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
    def source(self) -> tuple[str, str]:
        """The sale and the promotion that gave it."""
        return (self.event, self.promotion)


def total(lots: Sequence[Lot]) -> int:
    """The points of lots."""
    return sum(lot.left for lot in lots)


@dataclass
class Purse:
    """One wallet of an account; its lots lie in the order of spending."""

    lots: list[Lot] = field(default_factory=list)
    owed: int = 0
    ended: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, lot: Lot) -> None:
        """One more lot: the earliest end is first, then the older, then what came before."""
        self.lots = sorted([*self.lots, lot], key=lambda one: (one.last, one.earned))

    def usable(self, day: int) -> list[Lot]:
        """Spendable lots in the order of spending; none whose last day is over by then."""
        ready = [lot for lot in self.lots if not lot.pending or lot.ready <= day]
        return [lot for lot in ready if lot.last >= day]

    def ranked(self) -> list[Lot]:
        """All lots in the order of spending, pending ones last."""
        return sorted(self.lots, key=lambda lot: lot.pending)

    def take(self, lots: list[Lot], points: int) -> list[Lot]:
        """Takes up to so many points out of lots in their order; the parts that were taken."""
        parts: list[Lot] = []
        for lot in lots:
            part = min(lot.left, points - total(parts))
            if part:
                lot.left -= part
                parts.append(replace(lot, left=part))
        self.lots = [lot for lot in self.lots if lot.left]
        return parts

    def put_back(self, part: Lot) -> None:
        """A part of a lot that was taken is in it again, with the lot's own terms."""
        lot = next((one for one in self.lots if one.source == part.source), None)
        if lot is None:
            self.add(part)
        else:
            lot.left += part.left

    def end(self, day: int) -> None:
        """What ends with a day is gone; of each sale and promotion is kept how much."""
        for lot in self.lots:
            self.ended[lot.source] += lot.left * (lot.last <= day)
        self.lots = [lot for lot in self.lots if lot.last > day]

    def repay(self) -> None:
        """Points pay what is owed."""
        self.owed -= total(self.take(self.ranked(), self.owed))


@dataclass(eq=False)
class Voucher:
    """A voucher; `made_of` are points that became it, `took` what its use took off which sale."""

    name: str
    words: Words
    promotion: Words
    issued: int
    first: int
    last: int
    made_of: list[Lot] = field(default_factory=list)
    took: dict[str, int] = field(default_factory=dict)
    is_paid: bool = False


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
    purses: defaultdict[str, Purse] = field(default_factory=lambda: defaultdict(Purse))
    used: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    history: list[Entry] = field(default_factory=list)
    levels: defaultdict[str, Held] = field(default_factory=lambda: defaultdict(Held))
    vouchers: list[Voucher] = field(default_factory=list)

    def standing(self, programme: Words) -> set[str]:
        """The levels that the member is on."""
        ladders = programme["tiers"].items()
        return {ladder["levels"][self.levels[name].level]["id"] for name, ladder in ladders}

    def room(self, promotion: Words, what: str, day: int) -> int:
        """How many more times, units or items the limits of a promotion leave."""
        limits, most = promotion.get("limits", {}), NEVER * 10**9
        sale, member = limits.get("per_sale", {}), limits.get("per_member", {})
        used = self.used[promotion["id"], what, period(day, member.get("every"))]
        return max(0, min(int(sale.get(what, most)), int(member.get(what, most)) - used))

    def use(self, promotion: Words, what: str, day: int, by: int) -> None:
        """Counts towards the limits of a promotion."""
        every = promotion.get("limits", {}).get("per_member", {}).get("every")
        self.used[promotion["id"], what, period(day, every)] += by

    def mature(self, day: int) -> None:
        """What may be spent on a day is available."""
        for purse in self.purses.values():
            for lot in purse.lots:
                lot.pending = lot.pending and lot.ready > day
