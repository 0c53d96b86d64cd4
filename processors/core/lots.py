"""What records do to the lots of one wallet: open them, take from them, give back, merge them.

Only here changes what lots hold and which of them wait, so that `Wallet.left` and `Wallet.pending`
follow.
"""

from collections.abc import Collection, Sequence

from processors.core.account import Lot, Wallet
from schemas.ledger import Taken


class CannotEvolve(Exception):
    """The record takes what the account does not have."""


def order(lot: Lot) -> tuple[int, int]:
    """In which order lots are consumed; equal ones as they came."""
    return lot.last_day, lot.earned_on


def open_lot(wallet: Wallet, lot: Lot) -> None:
    """One more lot, in its place."""
    lots = wallet.lots
    at = len(lots)
    # From the end, because what is earned last mostly ends last.
    while at and order(lots[at - 1]) > order(lot):
        at -= 1
    lots.insert(at, lot)
    wallet.left += lot.left
    wallet.pending += lot.pending


def take(wallet: Wallet, taken: Taken) -> None:
    """Take points out of lots; an empty lot is none.

    Raises:
        CannotEvolve: a lot has fewer.
    """
    lots = {lot.lot_id: lot for lot in wallet.lots}
    emptied = False
    for lot_id, points in zip(taken.lot_ids, taken.points, strict=True):
        lot = lots.get(lot_id)
        if lot is None or lot.left < points:
            raise CannotEvolve(f"lot {lot_id} has fewer than {points}")
        lot.left -= points
        wallet.left -= points
        emptied |= lot.left == 0
    if emptied:
        wallet.lots = [lot for lot in wallet.lots if lot.left]
        if wallet.pending:
            wallet.pending = _pending(wallet.lots)


def give_back(wallet: Wallet, parts: Sequence[Lot]) -> None:
    """Into the lots they came from; a lot that was used up opens again."""
    open_lots = {lot.lot_id: lot for lot in wallet.lots}
    for part in parts:
        lot = open_lots.get(part.lot_id)
        if lot is None:
            open_lot(wallet, part)
        else:
            lot.left += part.left
            wallet.left += part.left


def mature(wallet: Wallet, lot_ids: Collection[str]) -> None:
    """Points of these lots can be spent from now on."""
    matured = set(lot_ids)
    for lot in wallet.lots:
        if lot.lot_id in matured:
            lot.pending = False
    wallet.pending = _pending(wallet.lots)


def merge(wallet: Wallet, taken: Taken) -> None:
    """All of these lots become the first of them.

    Raises:
        CannotEvolve: one of them holds other than so many points.
    """
    lots = {lot.lot_id: lot for lot in wallet.lots}
    for lot_id, points in zip(taken.lot_ids, taken.points, strict=True):
        lot = lots.pop(lot_id, None)
        if lot is None or lot.left != points:
            raise CannotEvolve(f"lot {lot_id} has not {points} to be merged")
    first = taken.lot_ids[0]
    for lot in wallet.lots:
        if lot.lot_id == first:
            lot.left = sum(taken.points)
    wallet.lots = [lot for lot in wallet.lots if lot.lot_id == first or lot.lot_id in lots]


def lots_of(taken: Taken) -> list[Lot]:
    """The parts of lots as lots of their own, spendable."""
    rows = zip(
        taken.lot_ids, taken.points, taken.last_days, taken.earned_on, taken.promotion_ids,
        strict=True,
    )  # fmt: skip
    return [
        Lot(lot_id, points, earned_on, last_day, earned_on, promotion_id, False)
        for lot_id, points, last_day, earned_on, promotion_id in rows
    ]


def _pending(lots: Sequence[Lot]) -> int:
    return sum([lot.pending for lot in lots])
