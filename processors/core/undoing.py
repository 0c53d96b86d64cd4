"""An exchange undone: its unused voucher ends, and the points it was made of are there again.

Worked number: ten stamps became a drink, which nobody used, and one of the ten comes back.  None is
left to take, so the voucher is cancelled, ten stamps come back and one of them is taken: 9 are
left.  A voucher that was used, or is set aside for a basket, stands, and the stamp is owed.
"""

from collections.abc import Callable

from processors.core.capping import use
from processors.core.climbing import cancelled
from processors.core.draft import Draft
from processors.core.programme import Programme
from processors.core.receipts import Receipt, Spent
from processors.core.remembering import exchanged_for
from processors.core.restoring import restore
from processors.core.voucher import Voucher

UNDONE = "points that it was made of came back"
"""Why a voucher is cancelled."""


def undo_exchanges(
    draft: Draft,
    name: str,
    wanted: int,
    remembered: Callable[[str], Receipt | None],
    programme: Programme | None,
) -> None:
    """Undo exchanges until a wallet has so many points, the latest voucher first.

    What comes back pays what is owed before it counts.

    Args:
        draft: the account.
        name: the wallet.
        wanted: how many points a return is about to take.
        remembered: what an exchange spent, under `exchanged_for` its voucher.
        programme: in force on the day of the return; None for none.
    """
    for voucher in reversed(draft.account.vouchers[:]):
        wallet = draft.account.wallets.get(name)
        if wallet is not None and wallet.left >= wanted:
            return
        spent = _spent(draft, voucher, remembered)
        if spent is not None and spent.wallet == name:
            draft.add(cancelled(voucher.voucher_id, draft, UNDONE))
            restore(draft, spent.event_id, spent, spent.left, programme)
            _count_back(draft, voucher, spent, programme)


def _spent(
    draft: Draft, voucher: Voucher, remembered: Callable[[str], Receipt | None]
) -> Spent | None:
    """What a voucher was made of; None if it is used, set aside, or none that is undone."""
    reserved = [one.voucher_id for one in draft.account.reserved.values()]
    if not voucher.uses_left or voucher.voucher_id in reserved:
        return None
    receipt = remembered(exchanged_for(voucher.voucher_id))
    spent = None if receipt is None else receipt.spent
    return None if spent is None or spent.uses else spent


def _count_back(draft: Draft, voucher: Voucher, spent: Spent, programme: Programme | None) -> None:
    """The limits of the exchange are free again by what it used on its day."""
    for rule in () if programme is None else programme.converts:
        if rule.id == voucher.promotion_id:
            points = -sum(spent.points)
            use(draft, rule.id, rule.caps, points=points, times=-1, on=voucher.issued_on)
