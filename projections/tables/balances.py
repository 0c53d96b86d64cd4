"""`balances`: what each account holds in each wallet, and what ever came in and went out.

Per row, always: issued + adjusted + owed = available + pending + held + spent + expired + reversed.
The ledger states, beside every change, what a wallet held before it; `expected` compares that with
what was folded, so that a table that is wrong by one point stops the projector at that record.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from projections.tables.place import Place
from projections.tables.writes import Change, Write, numbers, texts
from schemas.ledger import (
    PointsAdjusted,
    PointsEarned,
    PointsExpired,
    PointsMatured,
    PointsOwed,
    PointsRepaid,
    PointsReversed,
    PointsSpent,
    Record,
    WalletTotals,
)

_UPSERT = """
    INSERT INTO balances AS b (
        account_id, wallet, ledger_partition, available, pending, held, owed, issued_total,
        spent_total, expired_total, reversed_total, adjusted_total
    )
    SELECT * FROM unnest(
        %s::text[], %s::text[], %s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
        %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]
    )
    ON CONFLICT (account_id, wallet) DO UPDATE SET
        available = b.available + excluded.available,
        pending = b.pending + excluded.pending,
        held = b.held + excluded.held,
        owed = b.owed + excluded.owed,
        issued_total = b.issued_total + excluded.issued_total,
        spent_total = b.spent_total + excluded.spent_total,
        expired_total = b.expired_total + excluded.expired_total,
        reversed_total = b.reversed_total + excluded.reversed_total,
        adjusted_total = b.adjusted_total + excluded.adjusted_total
"""
OUTSTANDING = """
    SELECT b.account_id, b.wallet, b.available + b.pending + b.held - b.owed
    FROM unnest(%s::text[], %s::text[]) AS u (account_id, wallet)
    JOIN balances AS b ON b.account_id = u.account_id AND b.wallet = u.wallet
"""
"""What is outstanding of these accounts and wallets; those the table lacks hold nothing."""

(
    _BEFORE, _PARTITION, _AVAILABLE, _PENDING, _HELD, _OWED,
    _ISSUED, _SPENT, _EXPIRED, _REVERSED, _ADJUSTED,
) = range(11)  # fmt: skip

Key = tuple[str, str]
"""(account, wallet)"""
Rows = dict[Key, list[int]]
"""What was outstanding before the batch, the partition, and the batch's change of each bucket.

A list and not a record: this is the hottest loop of the projector, and a list is half the price.
"""


def touched(records: Iterable[Record]) -> set[Key]:
    """The wallets that the effects of these records change."""
    return {(r.account_id, item.wallet) for r in records for item in r.before}


def begin(rows: Rows, key: Key, outstanding: int, partition: int) -> None:
    """A batch changes this wallet, which held so much before it."""
    rows[key] = [outstanding, partition, 0, 0, 0, 0, 0, 0, 0, 0, 0]


def outstanding(row: list[int]) -> int:
    """Pending + available + held - owed, after what the batch has changed so far."""
    return row[_BEFORE] + row[_AVAILABLE] + row[_PENDING] + row[_HELD] - row[_OWED]


def expected(rows: Rows, record: Record) -> str:
    """Empty if the record states what was folded; else what differs."""
    account_id = record.account_id
    for item in record.before:
        found = outstanding(rows[account_id, item.wallet])
        if found != item.outstanding:
            return f"{account_id} {item.wallet}: {item.outstanding} stated, {found} folded"
    return ""


def _earned(rows: Rows, place: Place, effect: PointsEarned) -> None:
    row = rows[place.record.account_id, effect.wallet]
    row[_ISSUED] += effect.granted
    if effect.spendable_on <= place.record.business_date:
        row[_AVAILABLE] += effect.granted
    else:
        row[_PENDING] += effect.granted


def _matured(rows: Rows, place: Place, effect: PointsMatured) -> None:
    row = rows[place.record.account_id, effect.wallet]
    moved = sum(effect.taken.points)
    row[_PENDING] -= moved
    row[_AVAILABLE] += moved


def _spent(rows: Rows, place: Place, effect: PointsSpent) -> None:
    row = rows[place.record.account_id, effect.wallet]
    row[_AVAILABLE] -= effect.points
    row[_SPENT] += effect.points


def _reversed(rows: Rows, place: Place, effect: PointsReversed) -> None:
    row = rows[place.record.account_id, effect.wallet]
    row[_PENDING] -= effect.pending
    row[_AVAILABLE] -= effect.points - effect.pending
    row[_REVERSED] += effect.points


def _owed(rows: Rows, place: Place, effect: PointsOwed) -> None:
    row = rows[place.record.account_id, effect.wallet]
    row[_OWED] += effect.points
    row[_REVERSED] += effect.points


def _repaid(rows: Rows, place: Place, effect: PointsRepaid) -> None:
    row = rows[place.record.account_id, effect.wallet]
    row[_PENDING] -= effect.pending
    row[_AVAILABLE] -= effect.points - effect.pending
    row[_OWED] -= effect.points


def _expired(rows: Rows, place: Place, effect: PointsExpired) -> None:
    row = rows[place.record.account_id, effect.wallet]
    row[_PENDING] -= effect.pending
    row[_AVAILABLE] -= effect.points - effect.pending
    row[_EXPIRED] += effect.points


def _adjusted(rows: Rows, place: Place, effect: PointsAdjusted) -> None:
    row = rows[place.record.account_id, effect.wallet]
    row[_ADJUSTED] += effect.points
    if effect.spendable_on <= place.record.business_date:
        row[_AVAILABLE] += effect.points
    else:
        row[_PENDING] += effect.points


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {
    PointsEarned: _earned,
    PointsMatured: _matured,
    PointsSpent: _spent,
    PointsReversed: _reversed,
    PointsOwed: _owed,
    PointsRepaid: _repaid,
    PointsExpired: _expired,
    PointsAdjusted: _adjusted,
}


def totals(
    rows: Rows, partition: int, before: Mapping[str, WalletTotals]
) -> dict[str, WalletTotals]:
    """The partition's sums by wallet after the batch, from those before it."""
    sums: dict[str, list[int]] = {}
    for (_, wallet), row in rows.items():
        if row[_PARTITION] == partition:
            held = sums.setdefault(wallet, [0] * 9)
            for index in range(9):
                held[index] += row[_AVAILABLE + index]
    after = dict(before)
    for wallet, change in sums.items():
        available, pending, held_, owed, issued, spent, expired, reversed_, adjusted = change
        known = before.get(wallet) or WalletTotals(wallet, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        after[wallet] = WalletTotals(
            wallet=wallet,
            issued=known.issued + issued,
            adjusted=known.adjusted + adjusted,
            owed=known.owed + owed,
            pending=known.pending + pending,
            available=known.available + available,
            held=known.held + held_,
            spent=known.spent + spent,
            expired=known.expired + expired,
            reversed=known.reversed + reversed_,
        )
    return after


def totals_differ(stated: Iterable[WalletTotals], folded: Mapping[str, WalletTotals]) -> str:
    """Empty if a CHECKPOINT states what was folded; else the first wallet that differs."""
    said = {one.wallet: one for one in stated}
    for wallet in sorted(said.keys() | folded.keys()):
        nothing = WalletTotals(wallet, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        if said.get(wallet, nothing) != folded.get(wallet, nothing):
            return f"totals {said.get(wallet, nothing)} stated, {folded.get(wallet)} folded"
    return ""


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's changes, in key order."""
    if not rows:
        return
    keys = sorted(rows)
    accounts, wallets = zip(*keys, strict=True)
    changes = list(zip(*(rows[key] for key in keys), strict=True))
    yield Change(_UPSERT, (texts(accounts), texts(wallets), *map(numbers, changes[_PARTITION:])))
