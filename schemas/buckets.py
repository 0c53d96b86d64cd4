"""Where points are: the buckets, and between which of them each effect moves how many.

issued + adjusted + owed = pending + available + held + spent + expired + reversed, always, for
every account and wallet and so for every sum of them.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from schemas import ledger
from schemas.ledger import Effect, Totals, WalletTotals

ISSUED: Final = 0
ADJUSTED: Final = 1
OWED: Final = 2
PENDING: Final = 3
AVAILABLE: Final = 4
HELD: Final = 5
SPENT: Final = 6
EXPIRED: Final = 7
REVERSED: Final = 8
"""Positions in a list of sums; the order of `WalletTotals`."""

Sums = dict[str, list[int]]
"""Wallet → nine sums."""


Move = Callable[[list[int], Any, int], None]
"""Adds what an effect of a business date moves to nine sums of its wallet."""


def add_effects(sums: Sums, effects: Iterable[Effect], business_date: int) -> None:
    """Add what the effects of one record move."""
    for effect in effects:
        move = MOVES.get(type(effect))
        if move is not None:
            # Only effects that name a wallet move points.
            move(_row(sums, effect.wallet), effect, business_date)  # type: ignore[union-attr]


def _earned(row: list[int], effect: ledger.PointsEarned, business_date: int) -> None:
    row[ISSUED] += effect.granted
    row[PENDING if effect.spendable_on > business_date else AVAILABLE] += effect.granted


def _matured(row: list[int], effect: ledger.PointsMatured, _: int) -> None:
    points = sum(effect.taken.points)
    row[PENDING] -= points
    row[AVAILABLE] += points


def _spent(row: list[int], effect: ledger.PointsSpent, _: int) -> None:
    row[AVAILABLE] -= effect.points
    row[SPENT] += effect.points


def _reversed(row: list[int], effect: ledger.PointsReversed, _: int) -> None:
    row[PENDING] -= effect.pending
    row[AVAILABLE] -= effect.points - effect.pending
    row[REVERSED] += effect.points


def _owed(row: list[int], effect: ledger.PointsOwed, _: int) -> None:
    row[OWED] += effect.points
    row[REVERSED] += effect.points


def _repaid(row: list[int], effect: ledger.PointsRepaid, _: int) -> None:
    row[PENDING] -= effect.pending
    row[AVAILABLE] -= effect.points - effect.pending
    row[OWED] -= effect.points


def _expired(row: list[int], effect: ledger.PointsExpired, _: int) -> None:
    row[PENDING] -= effect.pending
    row[AVAILABLE] -= effect.points - effect.pending
    row[EXPIRED] += effect.points


def _adjusted(row: list[int], effect: ledger.PointsAdjusted, business_date: int) -> None:
    row[ADJUSTED] += effect.points
    row[PENDING if effect.spendable_on > business_date else AVAILABLE] += effect.points


def _restored(row: list[int], effect: ledger.PointsRestored, _: int) -> None:
    row[SPENT] -= effect.points
    row[AVAILABLE] += effect.points


def _written_off(row: list[int], effect: ledger.PointsWrittenOff, _: int) -> None:
    row[ADJUSTED] += effect.points
    row[REVERSED] += effect.points


def _hold_placed(row: list[int], effect: ledger.HoldPlaced, _: int) -> None:
    row[AVAILABLE] -= effect.points
    row[HELD] += effect.points


def _hold_ended(row: list[int], effect: ledger.HoldEnded, _: int) -> None:
    row[HELD] -= effect.points + effect.released
    row[SPENT] += effect.points
    row[AVAILABLE] += effect.released


MOVES: Final[dict[type, Move]] = {
    ledger.PointsEarned: _earned,
    ledger.PointsMatured: _matured,
    ledger.PointsSpent: _spent,
    ledger.PointsReversed: _reversed,
    ledger.PointsOwed: _owed,
    ledger.PointsRepaid: _repaid,
    ledger.PointsExpired: _expired,
    ledger.PointsAdjusted: _adjusted,
    ledger.PointsRestored: _restored,
    ledger.PointsWrittenOff: _written_off,
    ledger.HoldPlaced: _hold_placed,
    ledger.HoldEnded: _hold_ended,
}
"""The one place that says which effect moves how many points between which buckets."""


def _row(sums: Sums, wallet: str) -> list[int]:
    row = sums.get(wallet)
    if row is None:
        row = sums[wallet] = [0] * 9
    return row


def add_sums(sums: Sums, more: Sums) -> None:
    """Add other sums to these."""
    for wallet, row in more.items():
        mine = _row(sums, wallet)
        for at, points in enumerate(row):
            mine[at] += points


def totals(sums: Sums, accounts_digest: int) -> Totals:
    """The sums as a CHECKPOINT states them."""
    return Totals(
        tuple(WalletTotals(wallet, *row) for wallet, row in sorted(sums.items())),
        accounts_digest.to_bytes(32),
    )
