"""Where points are: the buckets, and between which of them each effect moves how many.

issued + adjusted + owed = pending + available + held + spent + expired + reversed, always, for
every account and wallet and so for every sum of them.
"""

from collections.abc import Iterable

from schemas import ledger
from schemas.ledger import Effect, Totals, WalletTotals

ISSUED, ADJUSTED, OWED, PENDING, AVAILABLE, HELD, SPENT, EXPIRED, REVERSED = range(9)
"""Positions in a list of sums; the order of `WalletTotals`."""

Sums = dict[str, list[int]]
"""Wallet → nine sums."""


def add_effects(sums: Sums, effects: Iterable[Effect], business_date: int) -> None:
    """Add what the effects of one record move."""
    for effect in effects:
        if isinstance(effect, ledger.PointsEarned):
            row = _row(sums, effect.wallet)
            row[ISSUED] += effect.granted
            row[PENDING if effect.spendable_on > business_date else AVAILABLE] += effect.granted
        elif isinstance(effect, ledger.PointsSpent):
            row = _row(sums, effect.wallet)
            row[SPENT] += effect.points
            row[AVAILABLE] -= effect.points
        elif isinstance(effect, ledger.PointsMatured):
            row = _row(sums, effect.wallet)
            points = sum(effect.taken.points)
            row[AVAILABLE] += points
            row[PENDING] -= points
        elif isinstance(effect, ledger.PointsReversed | ledger.PointsExpired):
            row = _row(sums, effect.wallet)
            row[REVERSED if isinstance(effect, ledger.PointsReversed) else EXPIRED] += effect.points
            row[PENDING] -= effect.pending
            row[AVAILABLE] -= effect.points - effect.pending
        elif isinstance(effect, ledger.PointsRepaid):
            row = _row(sums, effect.wallet)
            row[OWED] -= effect.points
            row[PENDING] -= effect.pending
            row[AVAILABLE] -= effect.points - effect.pending
        elif isinstance(effect, ledger.PointsOwed):
            row = _row(sums, effect.wallet)
            row[OWED] += effect.points
            row[REVERSED] += effect.points
        elif isinstance(effect, ledger.PointsAdjusted):
            row = _row(sums, effect.wallet)
            row[ADJUSTED] += effect.points
            row[PENDING if effect.spendable_on > business_date else AVAILABLE] += effect.points


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
