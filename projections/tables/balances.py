"""`balances`: what each account holds in each wallet, and what ever came in and went out.

Per row, always: issued + adjusted + owed = available + pending + held + spent + expired + reversed.
The ledger states, beside every change, what a wallet held before it; `expected` compares that with
what was folded, so that a table that is wrong by one point stops the projector at that record.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from projections.tables.place import Place
from projections.tables.writes import Change, Write, numbers, texts
from schemas.buckets import AVAILABLE, HELD, MOVES, OWED, PENDING, Move
from schemas.ledger import WalletTotals
from schemas.records import astuple

_UPSERT = """
    INSERT INTO balances AS b (
        account_id, wallet, issued_total, adjusted_total, owed, pending, available, held,
        spent_total, expired_total, reversed_total, ledger_partition
    )
    SELECT * FROM unnest(
        %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
        %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::int[]
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

BUCKETS = 9
_PARTITION, _BEFORE = BUCKETS, BUCKETS + 1

Key = tuple[str, str]
"""(account, wallet)"""
Rows = dict[Key, list[int]]
"""The batch's change of each bucket in the order of `schemas.buckets`, the partition, and what was
outstanding before the batch.

A list and not a record: this is the hottest loop of the projector, and a list is half the price.
"""


def begin(rows: Rows, key: Key, outstanding: int, partition: int) -> list[int]:
    """A batch changes this wallet, which held so much before it."""
    row = rows[key] = [0, 0, 0, 0, 0, 0, 0, 0, 0, partition, outstanding]
    return row


def before(row: list[int]) -> int:
    """What was outstanding before the batch."""
    return row[_BEFORE]


def outstanding(row: list[int]) -> int:
    """Pending + available + held - owed, after what the batch has changed so far."""
    return row[_BEFORE] + row[AVAILABLE] + row[PENDING] + row[HELD] - row[OWED]


def expected(rows: Rows, place: Place, known: Mapping[Key, int]) -> str:
    """Empty if the record states what was folded; else what differs.

    The first record of the batch on a wallet is believed if what it held is not known.
    """
    account_id = place.record.account_id
    for item in place.record.before:
        key = (account_id, item.wallet)
        row = rows.get(key)
        if row is None:
            row = begin(rows, key, known.get(key, item.outstanding), place.partition)
        found = row[_BEFORE] + row[AVAILABLE] + row[PENDING] + row[HELD] - row[OWED]
        if found != item.outstanding:
            return f"{account_id} {item.wallet}: {item.outstanding} stated, {found} folded"
    return ""


def _fold_of(move: Move) -> Callable[[Rows, Place, Any], None]:
    def fold(rows: Rows, place: Place, effect: Any) -> None:
        record = place.record
        move(rows[record.account_id, effect.wallet], effect, record.business_date)

    return fold


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {
    effect: _fold_of(move) for effect, move in MOVES.items()
}


def totals(
    rows: Rows, partition: int, before: Mapping[str, WalletTotals]
) -> dict[str, WalletTotals]:
    """The partition's sums by wallet after the batch, from those before it."""
    after = {wallet: list(astuple(known)[1:]) for wallet, known in before.items()}
    for (_, wallet), row in rows.items():
        if row[_PARTITION] == partition:
            sums = after.setdefault(wallet, [0] * BUCKETS)
            for bucket in range(BUCKETS):
                sums[bucket] += row[bucket]
    return {wallet: WalletTotals(wallet, *sums) for wallet, sums in after.items()}


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
    yield Change(_UPSERT, (texts(accounts), texts(wallets), *map(numbers, changes[:_BEFORE])))
