"""What became of a lot of points, from the ledger records of its account.  Pure."""

from collections.abc import Iterable, Iterator

from loyalty.amounts import day
from loyalty.holdings import Entry, Holdings
from schemas import ledger
from schemas.ledger import Effect, Record, Taken


def fate(lot_id: str, held: Holdings, account: Iterable[Entry]) -> str:
    """What became of a lot: `30 of them became voucher ten-off on 2 April 2017; 23 are left`.

    Args:
        lot_id: of a lot that the account has or had.
        held: the account after the records.
        account: the records.
    """
    said: list[str] = []
    set_aside: dict[str, int] = {}
    for entry in account:
        for effect in entry.record.effects:
            if isinstance(effect, ledger.LotsMerged):
                said += _merging(effect, lot_id, entry.record)
                continue
            points = _points_of(lot_id, _taken(effect))
            if points:
                said.append(f"{points} of them {_use(effect, entry.record)}")
            if isinstance(effect, ledger.HoldPlaced):
                set_aside[effect.hold_id] = points
            elif isinstance(effect, ledger.HoldEnded):
                free = set_aside.pop(effect.hold_id, 0) - points
                if free:
                    said.append(f"{free} of them were free again {_on(entry.record)}")
    return "; ".join([*said, _left(lot_id, held)])


def _left(lot_id: str, held: Holdings) -> str:
    lot, held_points = held.of_lot(lot_id)
    if lot is None:
        return f"none is left, {held_points} held" if held_points else "none is left"
    left = "1 is left" if lot.left == 1 else f"{lot.left} are left"
    if lot.pending:
        left += ", not spendable yet"
    if held_points:
        left += f", {held_points} held"
    if lot.last_day != held.origins[lot_id].effect.last_day:
        left += f", now until {day(lot.last_day)}"
    return left


def _taken(effect: Effect) -> Taken | None:
    """The lots that an effect takes points from or gives them back to; None if it does neither."""
    match effect:
        case (
            ledger.PointsSpent()
            | ledger.PointsReversed()
            | ledger.PointsRepaid()
            | ledger.PointsExpired()
            | ledger.PointsAdjusted()
            | ledger.PointsRestored()
            | ledger.HoldPlaced()
            | ledger.HoldEnded()
        ):
            return effect.taken
        case _:
            return None


def _points_of(lot_id: str, taken: Taken | None) -> int:
    parts = () if taken is None else zip(taken.lot_ids, taken.points, strict=True)
    return sum(points for one, points in parts if one == lot_id)


def _merging(effect: ledger.LotsMerged, lot_id: str, record: Record) -> Iterator[str]:
    """What a merging was for one of its lots; nothing for any other."""
    (first, own), *others = zip(effect.taken.lot_ids, effect.taken.points, strict=True)
    if lot_id == first:
        yield f"{sum(effect.taken.points) - own} of later lots came to them {_on(record)}"
    for one, points in others:
        if one == lot_id:
            yield f"{points} of them became part of lot {first} {_on(record)}"


def _use(effect: Effect, record: Record) -> str:
    on = _on(record)
    match effect:
        case ledger.PointsSpent() if effect.purpose == "convert":
            given = [
                other.voucher
                for other in record.effects
                if isinstance(other, ledger.VoucherIssued)
                and other.promotion_id == effect.promotion_id
            ]
            became = f"voucher {given[0]}" if given else f"something else by {effect.promotion_id}"
            return f"became {became} {on}"
        case ledger.PointsSpent():
            return f"paid {on} ({record.event_id})"
        case ledger.PointsRestored():
            return f"came back {on} ({effect.original_event})"
        case ledger.HoldPlaced():
            return f"were set aside {on} (hold {effect.hold_id})"
        case ledger.HoldEnded():
            return f"paid {on} (hold {effect.hold_id})"
        case ledger.PointsReversed():
            return f"went back with a return {on}"
        case ledger.PointsRepaid():
            return f"repaid what was owed {on}"
        case ledger.PointsExpired():
            if record.event_type == "MemberErased":
                return f"ended {on}, when the member was erased"
            return f"expired at the close of {day(record.business_date)}"
        case _:
            return f"were taken by a correction {on}"


def _on(record: Record) -> str:
    return f"on {day(record.business_date)}"
