"""Lives that no rule has to lead to: seeded histories of a few accounts, and what is left of them.

What an account has is kept here apart from the projections, lot by lot, so that the tables can be
compared with it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from schemas.ledger import (
    NEVER,
    Counted,
    Effect,
    HoldEnded,
    HoldPlaced,
    LotsMerged,
    MemberLabelled,
    PointsEarned,
    PointsExpired,
    PointsExtended,
    PointsRestored,
    PointsSpent,
    PointsWrittenOff,
    PromotionStopped,
    QuoteDiffered,
    RewardGiven,
    SaleJudged,
    SegmentMoved,
    Taken,
    TierChanged,
    VoucherCancelled,
    VoucherExpired,
    VoucherIssued,
    VoucherRedeemed,
    VoucherRestored,
    WithheldFromControl,
)
from tests.projections.history import History, day, receipt

LEVELS = ("silver", "gold", "black")
LAST_DAYS = (NEVER, day("2018-01-31"), day("2018-02-28"), day("2018-03-31"))
SEGMENTS = ("lapsed", "families")
LABELS = ("vip", "staff")


@dataclass
class Lot:
    """Points earned together, as far as they are left."""

    lot_id: str
    points: int
    last_day: int
    earned_on: int
    promotion_id: str


@dataclass
class Voucher:
    """A voucher that was issued."""

    voucher_id: str
    issued_on: int
    uses_left: int
    status: str = "issued"
    sale_ids: list[str] = field(default_factory=list)


@dataclass
class Life:
    """One account, and everything that happens to it.

    Attributes:
        lots, holds, spent: what is there, what is set aside, and what could be given back.
    """

    random: Random
    account: str
    lots: list[Lot] = field(default_factory=list)
    holds: dict[str, list[Lot]] = field(default_factory=dict)
    spent: list[tuple[str, Taken]] = field(default_factory=list)
    vouchers: list[Voucher] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    segments: set[str] = field(default_factory=set)
    level: str = LEVELS[0]

    def next(self, event: str, today: int) -> tuple[Effect, ...]:
        """What happens next, if the account can do it."""
        return self.random.choice(HAPPENINGS)(self, event, today)

    @property
    def available(self) -> int:
        """Points that are free."""
        return sum(lot.points for lot in self.lots)

    @property
    def held(self) -> int:
        """Points that are set aside."""
        return sum(lot.points for held in self.holds.values() for lot in held)

    @property
    def next_last_day(self) -> date | None:
        """The day that the first of all points end with."""
        held = [lot for lots in self.holds.values() for lot in lots]
        days = [lot.last_day for lot in [*self.lots, *held] if lot.last_day != NEVER]
        return date(1970, 1, 1) + timedelta(min(days)) if days else None

    def take(self, lots: list[Lot], points: int) -> list[Lot]:
        """So many points out of these lots, which are less by them."""
        parts = []
        for lot in lots:
            part = min(points, lot.points)
            points -= part
            lot.points -= part
            if part:
                parts.append(Lot(lot.lot_id, part, lot.last_day, lot.earned_on, lot.promotion_id))
        lots[:] = [lot for lot in lots if lot.points]
        return parts


def taken(lots: list[Lot]) -> Taken:
    """Parts of lots as an effect names them."""
    return Taken(
        tuple(lot.lot_id for lot in lots),
        tuple(lot.points for lot in lots),
        tuple(lot.last_day for lot in lots),
        tuple(lot.earned_on for lot in lots),
        tuple(lot.promotion_id for lot in lots),
    )


def earn(life: Life, event: str, today: int) -> tuple[Effect, ...]:
    """A sale gives points, and counts towards a level."""
    last_day, promotion = life.random.choice(LAST_DAYS), life.random.choice(("base", "extra"))
    lot = Lot(f"{event}#1", life.random.randint(1, 90), last_day, today, promotion)
    life.lots.append(lot)
    return (
        PointsEarned(
            "points", lot.lot_id, lot.points, lot.points, (), (lot.points,), promotion, "", "",
            today, last_day,
        ),
        PointsEarned(
            "tier:circle", f"{event}#2", 9, 9, (), (9,), "circle", "", "", today, NEVER
        ),
        Counted("base#sales", today, 1, today + 30),
        SaleJudged(("base",), ("circle", life.level)),
        QuoteDiffered("q", "base", 10, 9),
    )  # fmt: skip


def spend(life: Life, event: str, _: int) -> tuple[Effect, ...]:
    """Some of the points buy something."""
    if not life.lots:
        return ()
    points = life.random.randint(1, life.available)
    parts = taken(life.take(life.lots, points))
    life.spent.append((event, parts))
    return (PointsSpent("points", points, parts, "payment", "", "", points, "USD"),)


def restore(life: Life, _: str, __: int) -> tuple[Effect, ...]:
    """What was spent once is given back."""
    if not life.spent:
        return ()
    event, parts = life.spent.pop(life.random.randrange(len(life.spent)))
    rows = zip(
        parts.lot_ids, parts.points, parts.last_days, parts.earned_on, parts.promotion_ids,
        strict=True,
    )  # fmt: skip
    life.lots += [Lot(*row) for row in rows]
    return (PointsRestored("points", sum(parts.points), parts, event),)


def hold(life: Life, event: str, _: int) -> tuple[Effect, ...]:
    """Some of the points are set aside."""
    if not life.lots:
        return ()
    points = life.random.randint(1, life.available)
    life.holds[event] = life.take(life.lots, points)
    return (HoldPlaced(event, "points", points, taken(life.holds[event]), 0),)


def end_hold(life: Life, event: str, _: int) -> tuple[Effect, ...]:
    """A hold is captured, in part or whole, or given up."""
    if not life.holds:
        return ()
    hold_id = life.random.choice(sorted(life.holds))
    lots = life.holds.pop(hold_id)
    total = sum(lot.points for lot in lots)
    outcome = life.random.choice(("captured", "captured", "voided", "expired"))
    points = life.random.randint(1, total) if outcome == "captured" else 0
    parts = taken(life.take(lots, points))
    life.lots += lots
    if points:
        life.spent.append((event, parts))
    return (
        HoldEnded(hold_id, "points", outcome, points, total - points, parts, 5 * points, "USD"),
    )


def extend(life: Life, _: str, __: int) -> tuple[Effect, ...]:
    """All that is open ends on another day."""
    last_day = life.random.choice(LAST_DAYS[1:])
    for lot in [*life.lots, *(lot for lots in life.holds.values() for lot in lots)]:
        lot.last_day = last_day
    return (PointsExtended("points", last_day),) if life.lots or life.holds else ()


def expire(life: Life, _: str, __: int) -> tuple[Effect, ...]:
    """A day ends, and the points with it."""
    over = [lot for lot in life.lots if lot.last_day == LAST_DAYS[1]]
    life.lots = [lot for lot in life.lots if lot.last_day != LAST_DAYS[1]]
    points = sum(lot.points for lot in over)
    return (PointsExpired("points", points, 0, taken(over)),) if over else ()


def merge(life: Life, _: str, __: int) -> tuple[Effect, ...]:
    """Lots that end alike, of one promotion and month, become one."""
    alike: dict[tuple[int, str, str], list[Lot]] = {}
    for lot in life.lots:
        month = (date(1970, 1, 1) + timedelta(lot.earned_on)).isoformat()[:7]
        alike.setdefault((lot.last_day, lot.promotion_id, month), []).append(lot)
    lots = max(alike.values(), key=len, default=[])
    if len(lots) < 2:
        return ()
    merged = LotsMerged("points", taken(lots))
    lots[0].points = sum(lot.points for lot in lots)
    life.lots = [lot for lot in life.lots if lot is lots[0] or lot not in lots]
    return (merged,)


def write_off(life: Life, _: str, __: int) -> tuple[Effect, ...]:
    """A return finds nothing, and nothing is asked for."""
    points = life.random.randint(1, 9)
    return (PointsWrittenOff("points", points, "base", "s", "write_off", 0, "USD"),)


def issue(life: Life, event: str, today: int) -> tuple[Effect, ...]:
    """A voucher for one use, or for two."""
    uses = life.random.choice((1, 2))
    life.vouchers.append(Voucher(f"{event}#9", today, uses))
    voucher = VoucherIssued(
        f"{event}#9", "ten-off", "p2v", "spring", "", today, today + 60, 1000, "USD", uses
    )
    return (voucher,)


def use(life: Life, event: str, _: int) -> tuple[Effect, ...]:
    """A voucher is used."""
    voucher = _one(life, "issued")
    if voucher is None:
        return ()
    voucher.uses_left -= 1
    voucher.sale_ids.append(event)
    if not voucher.uses_left:
        voucher.status = "redeemed"
    used_up = not voucher.uses_left
    return (VoucherRedeemed(*_named(voucher), event, 1000, "USD", used_up),)


def use_again(life: Life, _: str, today: int) -> tuple[Effect, ...]:
    """The sale that a voucher was used on comes back."""
    used = [one for one in life.vouchers if one.sale_ids and one.status in {"issued", "redeemed"}]
    if not used:
        return ()
    voucher = life.random.choice(used)
    was_used_up, voucher.status = voucher.status == "redeemed", "issued"
    voucher.uses_left += 1
    again = VoucherRestored(
        *_named(voucher), today, today + 30, 1000, "USD", voucher.uses_left, was_used_up,
        voucher.sale_ids.pop(),
    )  # fmt: skip
    return (again,)


def end_voucher(life: Life, _: str, __: int) -> tuple[Effect, ...]:
    """A voucher is over, or taken back."""
    voucher = _one(life, "issued")
    if voucher is None:
        return ()
    voucher.status = life.random.choice(("expired", "cancelled"))
    if voucher.status == "expired":
        return (VoucherExpired(*_named(voucher)),)
    return (VoucherCancelled(*_named(voucher), "said so"),)


def _one(life: Life, status: str) -> Voucher | None:
    some = [one for one in life.vouchers if one.status == status]
    return life.random.choice(some) if some else None


def _named(voucher: Voucher) -> tuple[str, str, str, str, int]:
    return voucher.voucher_id, "ten-off", "p2v", "spring", voucher.issued_on


def label(life: Life, _: str, __: int) -> tuple[Effect, ...]:
    """A label is put on or taken off; sometimes for the second time."""
    name, on = life.random.choice(LABELS), life.random.random() < 0.5
    life.labels = life.labels | {name} if on else life.labels - {name}
    return (MemberLabelled(name, on, "chief"),)


def segment(life: Life, _: str, __: int) -> tuple[Effect, ...]:
    """The account enters segments and leaves them."""
    name = life.random.choice(SEGMENTS)
    life.segments ^= {name}
    return (SegmentMoved(name, name in life.segments, "a" * 64),)


def climb(life: Life, _: str, today: int) -> tuple[Effect, ...]:
    """Another level."""
    before, life.level = life.level, life.random.choice(LEVELS)
    kept = life.random.choice(LAST_DAYS)
    measured, locked = life.random.randrange(2000), life.random.random() < 0.2
    reason = "manual" if locked else "reached"
    return (TierChanged("circle", before, life.level, today, kept, reason, measured, locked),)


def give(_: Life, __: str, ___: int) -> tuple[Effect, ...]:
    """A gift, and what a control account does not get."""
    return (
        RewardGiven("", "welcome", "spring", "gift", "mug", 1, 700, "USD"),
        WithheldFromControl("bonus", "spring", "points", 50, (), 0),
        WithheldFromControl("cut", "spring", "", 0, ("ten-off", 'a "mug"'), 150),
    )


HAPPENINGS: tuple[Callable[[Life, str, int], tuple[Effect, ...]], ...] = (
    earn, earn, earn, spend, spend, restore, hold, hold, end_hold, end_hold, extend, expire,
    merge, merge,
    write_off, issue, issue, use, use, use_again, end_voucher, label, label, segment, segment,
    climb, give,
)  # fmt: skip


def live(history: History, seed: int, records: int) -> list[Life]:
    """So many records of a few accounts in each partition; what is left of them in the end."""
    random = Random(seed)
    lives = [
        (partition, Life(random, f"{name}-{partition}"))
        for partition in history.chains
        for name in ("anna", "emil")
    ]
    today = day("2017-10-01")
    for number in range(records):
        partition, life = random.choice(lives)
        event = f"life|{number}"
        effects = life.next(event, today)
        sale = receipt(100) if any(isinstance(one, PointsEarned) for one in effects) else None
        on = (date(1970, 1, 1) + timedelta(today)).isoformat()
        history.decided(partition, event, *effects, on=on, account=life.account, sale=sale)
        today += random.random() < 0.2
    stop = PromotionStopped("extra", "It gave too much.")
    for partition in history.chains:
        history.decided(partition, "stop|extra", stop, on="2017-12-31", account="", store="")
    return [life for _, life in lives]
