"""Lots that need not be told apart any more become one, so that an account does not grow for ever.

A line comes back only as long as its sale is remembered.  Behind that horizon a lot is no more
than points with a last day, a promotion and a month of issue, by which redemption is counted.

Worked number: of points that never end a member earned 53 on 3 January 2024 and 20 on the 17th.
From March 2025 on both days lie behind the horizon, and the next event makes them one lot of 73,
earned on the 3rd.
"""

from collections.abc import Iterable
from typing import Final

from processors.core.draft import Draft, taken
from processors.core.lot import Lot
from processors.core.receipts import HORIZON_DAYS
from processors.words.calendar import date_of, month_end
from schemas import ledger

MERGES_MAX: Final = 8
"""Most lots that one record makes of others; more have their turn with the next records."""
LOTS_MAX: Final = 50
"""Most lots that become one at a time."""


def merge_lots(draft: Draft, closed_through: int | None, room: int) -> None:
    """Merge what lies behind the horizon, once a month, behind all that the event does.

    Args:
        draft: the account, on which the event has acted.
        closed_through: the last closed day; None if no day has closed.
        room: how many more effects the record takes.
    """
    if draft.business_date < draft.account.merge_from or closed_through is None:
        return
    horizon = closed_through - HORIZON_DAYS
    # A month whose last days can still come back waits, so that it is merged once and not daily.
    before = horizon - date_of(horizon).day + 1
    room = min(room, MERGES_MAX)
    for name in sorted(draft.account.wallets):
        for lots in _alike(draft.account.wallets[name].lots, before):
            if room <= 0:
                return
            room -= 1
            draft.touch(name)
            draft.add(ledger.LotsMerged(name, taken([(lot, lot.left) for lot in lots[:LOTS_MAX]])))


def _alike(lots: Iterable[Lot], before: int) -> list[list[Lot]]:
    """Lots earned before a day that differ in nothing that counts, two or more, in their order."""
    alike: dict[tuple[int, str, int], list[Lot]] = {}
    for lot in lots:
        if lot.earned_on < before and not lot.pending:
            key = (lot.last_day, lot.promotion_id, month_end(lot.earned_on))
            alike.setdefault(key, []).append(lot)
    return [group for group in alike.values() if len(group) > 1]
