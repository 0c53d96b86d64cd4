"""`points_entries`: one row an effect on points.

`points` is what the effect changed of what is outstanding (available + pending + held - owed), so
an account's entries sum to its balance: maturing and repaying move points and change nothing.
`moved_points` is how many points the effect moved, whichever way.  A later last day moves nothing
and is no entry; the end of a hold is two, what was captured and what is free again.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from projections.tables.place import CONTEXT, Place
from projections.tables.writes import Write, copy
from schemas.ledger import (
    HoldEnded,
    HoldPlaced,
    PointsAdjusted,
    PointsEarned,
    PointsExpired,
    PointsMatured,
    PointsOwed,
    PointsRepaid,
    PointsRestored,
    PointsReversed,
    PointsSpent,
    PointsWrittenOff,
    Taken,
)

_COLUMNS = (
    "wallet, kind, points, moved_points, lot_id, promotion_id, campaign_id, funded_by, "
    f"desired_points, purpose, amount_minor, currency, {CONTEXT}"
)

Rows = list[str]
"""Text for COPY."""


def _earned(rows: Rows, place: Place, effect: PointsEarned) -> None:
    rows.append(
        f"{effect.wallet}\tearned\t{effect.granted}\t{effect.granted}\t{effect.lot_id}\t"
        f"{effect.promotion_id}\t{effect.campaign_id}\t{effect.funded_by}\t{effect.desired}\t"
        f"\t\t\t{place.context}"
    )


def _matured(rows: Rows, place: Place, effect: PointsMatured) -> None:
    rows.append(
        f"{effect.wallet}\tmatured\t0\t{sum(effect.taken.points)}\t{_lot(effect.taken)}\t"
        f"\t\t\t\t\t\t\t{place.context}"
    )


def _spent(rows: Rows, place: Place, effect: PointsSpent) -> None:
    rows.append(
        f"{effect.wallet}\tspent\t{-effect.points}\t{effect.points}\t{_lot(effect.taken)}\t"
        f"{effect.promotion_id}\t{effect.campaign_id}\t\t\t"
        f"{effect.purpose}\t{effect.amount_minor}\t{effect.currency}\t{place.context}"
    )


def _reversed(rows: Rows, place: Place, effect: PointsReversed) -> None:
    rows.append(
        f"{effect.wallet}\treversed\t{-effect.points}\t{effect.points}\t{_lot(effect.taken)}\t"
        f"{effect.promotion_id}\t{effect.campaign_id}\t\t\t\t\t\t{place.context}"
    )


def _owed(rows: Rows, place: Place, effect: PointsOwed) -> None:
    rows.append(
        f"{effect.wallet}\towed\t{-effect.points}\t{effect.points}\t\t"
        f"{effect.promotion_id}\t\t\t\t\t\t\t{place.context}"
    )


def _repaid(rows: Rows, place: Place, effect: PointsRepaid) -> None:
    rows.append(
        f"{effect.wallet}\trepaid\t0\t{effect.points}\t{_lot(effect.taken)}\t"
        f"\t\t\t\t\t\t\t{place.context}"
    )


def _expired(rows: Rows, place: Place, effect: PointsExpired) -> None:
    rows.append(
        f"{effect.wallet}\texpired\t{-effect.points}\t{effect.points}\t{_lot(effect.taken)}\t"
        f"\t\t\t\t\t\t\t{place.context}"
    )


def _adjusted(rows: Rows, place: Place, effect: PointsAdjusted) -> None:
    lot = effect.lot_id or _lot(effect.taken)
    rows.append(
        f"{effect.wallet}\tadjusted\t{effect.points}\t{abs(effect.points)}\t{lot}\t"
        f"\t\t\t\t\t\t\t{place.context}"
    )


def _restored(rows: Rows, place: Place, effect: PointsRestored) -> None:
    rows.append(
        f"{effect.wallet}\trestored\t{effect.points}\t{effect.points}\t{_lot(effect.taken)}\t"
        f"\t\t\t\t\t\t\t{place.context}"
    )


def _written_off(rows: Rows, place: Place, effect: PointsWrittenOff) -> None:
    rows.append(
        f"{effect.wallet}\twritten_off\t0\t{effect.points}\t\t{effect.promotion_id}\t\t\t\t"
        f"{effect.policy}\t{effect.charge_minor}\t{effect.currency}\t{place.context}"
    )


def _hold_placed(rows: Rows, place: Place, effect: HoldPlaced) -> None:
    rows.append(
        f"{effect.wallet}\theld\t0\t{effect.points}\t{_lot(effect.taken)}\t"
        f"\t\t\t\t\t\t\t{place.context}"
    )


def _hold_ended(rows: Rows, place: Place, effect: HoldEnded) -> None:
    if effect.points:
        rows.append(
            f"{effect.wallet}\tspent\t{-effect.points}\t{effect.points}\t{_lot(effect.taken)}\t"
            f"\t\t\t\tpayment\t{effect.amount_minor}\t{effect.currency}\t{place.context}"
        )
    if effect.released:
        rows.append(
            f"{effect.wallet}\treleased\t0\t{effect.released}\t\t"
            f"\t\t\t\t{effect.outcome}\t\t\t{place.context}"
        )


def _lot(taken: Taken) -> str:
    """The lot, if the effect concerns exactly one."""
    return taken.lot_ids[0] if len(taken.lot_ids) == 1 else ""


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {
    PointsEarned: _earned,
    PointsMatured: _matured,
    PointsSpent: _spent,
    PointsReversed: _reversed,
    PointsOwed: _owed,
    PointsRepaid: _repaid,
    PointsExpired: _expired,
    PointsAdjusted: _adjusted,
    PointsRestored: _restored,
    PointsWrittenOff: _written_off,
    HoldPlaced: _hold_placed,
    HoldEnded: _hold_ended,
}


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's entries."""
    if rows:
        yield copy("points_entries", _COLUMNS, rows)
