"""A person is forgotten: the account is closed, and all it holds ends in the same record.

Nothing that was recorded is changed, so that every sum and the chain stay as they were: what the
chain owed for the points is released, like that of points that expired.
"""

from processors.core.climbing import cancelled
from processors.core.draft import EFFECTS_MAX, NOTHING_TAKEN, Draft, pending_part, repay, taken
from processors.core.holding import end_all_holds
from schemas import ledger
from schemas.events import CardAssigned, CardBlocked, MemberErased
from schemas.ledger import NEVER
from schemas.refusals import Refusal

REASON = "the member was erased"
APPROVED_BY = "the erasure"
LABELS_MAX = 10
"""Labels that the record takes off, and segments; the account is closed, so more do nothing."""
VOUCHERS_MAX = 20
"""Vouchers that the record takes back; of more, the others end on their last day."""


def assign_card(draft: Draft, event: CardAssigned) -> Refusal | None:
    """A card is the account's; whose it was before is none of its business."""
    if draft.account.status == "closed":
        return Refusal.MEMBER_CLOSED
    draft.add(ledger.CardAssigned(event.card, event.replaces))
    return None


def block_card(draft: Draft, event: CardBlocked) -> None:
    """A card counts no more, whatever else is true of the account."""
    draft.add(ledger.CardBlocked(event.card, event.reason))


def erase(draft: Draft, event: MemberErased) -> None:
    """Close the account, forfeit what it holds, and write off what it owes.

    Whatever else is there refuses no erasure: it goes as far as the record has room.
    """
    draft.add(ledger.MemberErased(event.reason))
    draft.add(ledger.MemberChanged("closed", "", "", 0, 0))
    end_all_holds(draft)
    for name in sorted(draft.account.wallets):
        wallet = draft.touch(name)
        if wallet.left:
            all_of_it = taken([(lot, lot.left) for lot in wallet.lots])
            pending = pending_part(wallet.lots, all_of_it)
            draft.add(ledger.PointsExpired(name, sum(all_of_it.points), pending, all_of_it))
        if wallet.owed:
            _write_off(draft, name, wallet.owed)
    account = draft.account
    unused = [one.voucher_id for one in account.vouchers if one.uses_left]
    others: list[ledger.Effect] = [
        *(ledger.MemberLabelled(label, False, "") for label in account.labels[:LABELS_MAX]),
        *(ledger.SegmentMoved(segment, False, "") for segment in account.segments[:LABELS_MAX]),
        *(cancelled(voucher_id, draft, REASON) for voucher_id in unused[:VOUCHERS_MAX]),
    ]
    for effect in others[: max(EFFECTS_MAX - len(draft.effects), 0)]:
        draft.add(effect)


def _write_off(draft: Draft, name: str, owed: int) -> None:
    """Nobody is left who could repay: a correction does it, so that the cost is seen."""
    day = draft.business_date
    draft.add(
        ledger.PointsAdjusted(
            name, owed, draft.next_id(), day, NEVER, NOTHING_TAKEN, REASON, APPROVED_BY
        )
    )
    repay(draft, name)
