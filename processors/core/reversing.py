"""Points taken back from an account, and what happens where fewer are there (`when_short`).

Worked number: a sale earned 80, of which 60 are spent, and all of it comes back.  20 are taken; the
other 60 are owed, or written off, or charged to the refund: 0.60 of it at a cent a point.  Had the
20 expired before, they would be gone already: nobody is asked for them again.
"""

from collections.abc import Sequence
from typing import NamedTuple

from processors.core.account import Account
from processors.core.draft import Draft, pending_part, taken_from
from processors.core.ladder import WALLET
from processors.core.lot import Lot
from processors.core.payment import worth
from processors.core.receipts import Grant
from processors.core.terms import Wallet
from schemas import ledger

EXPIRED = "expired"
"""The policy of points that ended unused before they came back: they are gone already."""


class Back(NamedTuple):
    """So many points of one grant come back.

    Attributes:
        grant: what the sale gave.
        points: how many.
        by_line: the same by line of the sale; empty for points that belong to no line.
    """

    grant: Grant
    points: int
    by_line: Sequence[int]


class Short(NamedTuple):
    """Points that were not there, by wallet, of one return; what they cost is rounded once.

    `currency` is that of what they cost.
    """

    sale_id: str
    currency: str
    points: dict[str, int]


def take_back(draft: Draft, back: Back, terms: Wallet | None, short: Short) -> None:
    """Take points back as the wallet's terms say.

    What expired of them is gone already.  The rest comes first from the sale's own lot, then from
    the others in consumption order, pending ones last.

    Args:
        draft: the account.
        back: what comes back.
        terms: the wallet's, by the version of the sale; None if it has none.
        short: counts what was not there.
    """
    grant = back.grant
    own_id = f"{short.sale_id}#{grant.lot_no}"
    wallet = draft.account.wallets.get(grant.wallet)
    lots = [] if wallet is None else wallet.lots
    policy = "owe" if terms is None else terms.when_short
    if grant.wallet.startswith(WALLET):
        # What counted for a level until its window was over, counts no longer anyhow.
        lots = [lot for lot in lots if lot.lot_id == own_id]
        if not lots:
            return
    elif policy == "only_pending":
        lots = [lot for lot in lots if lot.pending and lot.lot_id.startswith(f"{short.sale_id}#")]
    lots = sorted(lots, key=lambda lot: (lot.lot_id != own_id, lot.pending))
    expired = min(grant.expired, back.points)
    missing = back.points - expired - _reverse(draft, back, lots, back.points - expired, short)
    if expired:
        draft.add(_written_off(back, expired, EXPIRED, short))
    if missing:
        _lack(draft, back, missing, terms, short)


def _reverse(draft: Draft, back: Back, lots: list[Lot], points: int, short: Short) -> int:
    """Take up to so many points out of lots; how many were taken."""
    grant = back.grant
    wallet = draft.touch(grant.wallet)
    part = taken_from(lots, points)
    draft.add(
        ledger.PointsReversed(
            grant.wallet,
            sum(part.points),
            pending_part(wallet.lots, part),
            part,
            tuple(back.by_line),
            grant.promotion_id,
            grant.campaign_id,
            short.sale_id,
        )
    )
    return sum(part.points)


def _lack(draft: Draft, back: Back, missing: int, terms: Wallet | None, short: Short) -> None:
    """What is not there is owed, or written off, or the refund is charged for it."""
    grant = back.grant
    policy = "owe" if terms is None else terms.when_short
    owed = _to_owe(draft.account, grant.wallet, missing, policy)
    if owed:
        draft.add(ledger.PointsOwed(grant.wallet, owed, grant.promotion_id, short.sale_id))
        missing -= owed
    if not missing:
        return
    charge = 0
    if terms is not None and policy == "charge_refund":
        before = short.points.get(grant.wallet, 0)
        short.points[grant.wallet] = before + missing
        charge = worth(before + missing, terms) - worth(before, terms)
    written = "write_off" if policy == "owe" else policy
    draft.add(_written_off(back, missing, written, short, charge))


def _to_owe(account: Account, name: str, missing: int, policy: str) -> int:
    """How much of what a wallet lacks is owed.

    What a hold hides is there, so it is owed until the hold gives it back or spends it; only
    waiting points are never held.  A closed account owes nothing: nobody is left who could repay.
    """
    if account.status == "closed" or policy == "only_pending":
        return 0
    if policy == "owe":
        return missing
    wallet = account.wallets.get(name)
    return 0 if wallet is None else min(missing, max(wallet.held - wallet.owed, 0))


def _written_off(
    back: Back, points: int, policy: str, short: Short, charge_minor: int = 0
) -> ledger.PointsWrittenOff:
    return ledger.PointsWrittenOff(
        back.grant.wallet,
        points,
        back.grant.promotion_id,
        short.sale_id,
        policy,
        charge_minor,
        short.currency if charge_minor else "",
    )
