"""What an account holds after some of its ledger records: lots, what is owed, vouchers.

A reading of the effects for people; what counts is the processor's own state.  Pure.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from schemas import ledger
from schemas.chain import Prefix
from schemas.ledger import Effect, Record, Taken


class Entry(Struct, frozen=True):
    """One accepted ledger record, and where it stands in its partition."""

    prefix: Prefix
    record: Record

    @property
    def place(self) -> str:
        """Partition and seq, as people write them."""
        return f"{self.prefix.partition}/{self.prefix.seq}"


class Lot(Struct, frozen=True):
    """Points earned together.

    Attributes:
        wallet, lot_id: which.
        event_id: the event that gave them.
        promotion_id: the promotion, empty for a correction.
        programme_version: in force then.
        earned_on, spendable_on, last_day: days since 1970; last_day is included.
        granted, left: points.
        pending: they cannot be spent yet.
    """

    wallet: str
    lot_id: str
    event_id: str
    promotion_id: str
    programme_version: int
    earned_on: int
    spendable_on: int
    last_day: int
    granted: int
    left: int
    pending: bool


class Voucher(Struct, frozen=True):
    """A voucher of the account.

    Attributes:
        voucher_id, voucher: its id, and its definition in the programme.
        last_day: the last valid day.
        status: issued, used or expired.
    """

    voucher_id: str
    voucher: str
    last_day: int
    status: str


class Holdings(Struct, frozen=True):
    """Lots by id in the order they were earned, points owed by wallet, vouchers by id."""

    lots: dict[str, Lot]
    owed: dict[str, int]
    vouchers: dict[str, Voucher]

    def wallets(self) -> list[str]:
        """The wallets that ever had points, sorted."""
        return sorted({lot.wallet for lot in self.lots.values()} | set(self.owed))

    def open_lots(self, wallet: str) -> list[Lot]:
        """The wallet's lots with points left, oldest first."""
        return [lot for lot in self.lots.values() if lot.wallet == wallet and lot.left]

    def available(self, wallet: str) -> int:
        """Points that can be spent."""
        return sum(lot.left for lot in self.open_lots(wallet) if not lot.pending)

    def pending(self, wallet: str) -> int:
        """Points that cannot be spent yet."""
        return sum(lot.left for lot in self.open_lots(wallet) if lot.pending)


def holdings(entries: Iterable[Entry]) -> Holdings:
    """What the account holds after these records, which are all of them from the first on."""
    held = Holdings({}, {}, {})
    for entry in entries:
        for effect in entry.record.effects:
            _apply(held, effect, entry.record)
    return held


def taken_by(effect: Effect) -> Taken | None:
    """The lots that an effect takes points from; None if it takes none."""
    match effect:
        case (
            ledger.PointsSpent()
            | ledger.PointsReversed()
            | ledger.PointsRepaid()
            | ledger.PointsExpired()
            | ledger.PointsAdjusted()
        ):
            return effect.taken
        case _:
            return None


def parts(taken: Taken) -> Iterator[tuple[str, int]]:
    """Lot and points, in the order they were taken."""
    return zip(taken.lot_ids, taken.points, strict=True)


def _apply(held: Holdings, effect: Effect, record: Record) -> None:
    taken = taken_by(effect)
    if taken is not None:
        for lot_id, points in parts(taken):
            lot = held.lots[lot_id]
            held.lots[lot_id] = replace(lot, left=lot.left - points)
    match effect:
        case ledger.PointsEarned():
            _add_lot(held, effect, record, effect.granted, effect.promotion_id)
        case ledger.PointsAdjusted() if effect.lot_id:
            _add_lot(held, effect, record, effect.points, "")
        case ledger.PointsMatured():
            for lot_id, _ in parts(effect.taken):
                held.lots[lot_id] = replace(held.lots[lot_id], pending=False)
        case ledger.LotsMerged():
            _merge(held, effect.taken)
        case ledger.PointsOwed():
            held.owed[effect.wallet] = held.owed.get(effect.wallet, 0) + effect.points
        case ledger.PointsRepaid():
            held.owed[effect.wallet] = held.owed.get(effect.wallet, 0) - effect.points
        case _:
            _apply_to_vouchers(held, effect)


def _add_lot(
    held: Holdings,
    effect: ledger.PointsEarned | ledger.PointsAdjusted,
    record: Record,
    points: int,
    promotion_id: str,
) -> None:
    held.lots[effect.lot_id] = Lot(
        wallet=effect.wallet,
        lot_id=effect.lot_id,
        event_id=record.event_id,
        promotion_id=promotion_id,
        programme_version=record.programme_version,
        earned_on=record.business_date,
        spendable_on=effect.spendable_on,
        last_day=effect.last_day,
        granted=points,
        left=points,
        pending=effect.spendable_on > record.business_date,
    )


def _merge(held: Holdings, taken: Taken) -> None:
    """The first lot is what all of them were; the others are empty."""
    first, *others = taken.lot_ids
    more = sum(taken.points[1:])
    one = held.lots[first]
    held.lots[first] = replace(one, granted=one.granted + more, left=one.left + more)
    for lot_id in others:
        held.lots[lot_id] = replace(held.lots[lot_id], left=0)


def _apply_to_vouchers(held: Holdings, effect: Effect) -> None:
    match effect:
        case ledger.VoucherIssued():
            held.vouchers[effect.voucher_id] = Voucher(
                effect.voucher_id, effect.voucher, effect.last_day, "issued"
            )
        case ledger.VoucherRedeemed() if effect.used_up and effect.voucher_id in held.vouchers:
            used = replace(held.vouchers[effect.voucher_id], status="used")
            held.vouchers[effect.voucher_id] = used
        case ledger.VoucherExpired():
            over = replace(held.vouchers[effect.voucher_id], status="expired")
            held.vouchers[effect.voucher_id] = over
        case _:
            pass
