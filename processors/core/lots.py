"""What records do to the lots of one wallet: open them, take from them, give back, merge them.

Only here do lots change, so that what a wallet says of them beside them follows.
"""

from collections.abc import Collection, Sequence

from processors.core.account import Lot, Wallet
from schemas.ledger import NEVER, Taken


class CannotEvolve(Exception):
    """The record takes what the account does not have."""


def order(lot: Lot) -> tuple[int, int]:
    """In which order lots are consumed; equal ones as they came."""
    return lot.last_day, lot.earned_on


def wallet_of(lots: list[Lot]) -> Wallet:
    """A wallet of these lots, in consumption order, and nothing else."""
    wallet = Wallet(latest=lots)
    _sum_up(wallet)
    return wallet


def open_lot(wallet: Wallet, lot: Lot) -> None:
    """One more lot, in its place."""
    lots = wallet.latest
    last_day, earned_on = lot.last_day, lot.earned_on
    # What is earned last mostly ends last; only an earlier one asks for those that are sealed.
    if lots and _behind(lots[0], last_day, earned_on):
        lots = wallet.lots
    at = len(lots)
    while at and _behind(lots[at - 1], last_day, earned_on):
        at -= 1
    lots.insert(at, lot)
    wallet.left += lot.left
    wallet.first_end = min(wallet.first_end, last_day)
    wallet.last_earned = max(wallet.last_earned, earned_on)
    if lot.pending:
        wallet.matures_on = min(wallet.matures_on, lot.spendable_on)


def _behind(lot: Lot, last_day: int, earned_on: int) -> bool:
    """Whether a lot is consumed after one of that end and that day, as `order` has it."""
    end = lot.last_day
    return end > last_day or (end == last_day and lot.earned_on > earned_on)


def take(wallet: Wallet, taken: Taken) -> None:
    """Take points out of lots; an empty lot is none.

    Raises:
        CannotEvolve: a lot has fewer.
    """
    lots = {lot.lot_id: lot for lot in wallet.lots}
    for lot_id, points in zip(taken.lot_ids, taken.points, strict=True):
        lot = lots.get(lot_id)
        if lot is None or lot.left < points:
            raise CannotEvolve(f"lot {lot_id} has fewer than {points}")
        lot.left -= points
    wallet.latest = [lot for lot in wallet.lots if lot.left]
    _sum_up(wallet)


def give_back(wallet: Wallet, parts: Sequence[Lot]) -> None:
    """Into the lots they came from; a lot that was used up opens again."""
    open_lots = {lot.lot_id: lot for lot in wallet.lots}
    for part in parts:
        lot = open_lots.get(part.lot_id)
        if lot is None:
            open_lot(wallet, part)
        else:
            lot.left += part.left
    _sum_up(wallet)


def mature(wallet: Wallet, lot_ids: Collection[str]) -> None:
    """Points of these lots can be spent from now on."""
    matured = set(lot_ids)
    for lot in wallet.lots:
        if lot.lot_id in matured:
            lot.pending = False
    _sum_up(wallet)


def extend(wallet: Wallet, last_day: int) -> None:
    """All lots end on this day."""
    for lot in wallet.lots:
        lot.last_day = last_day
    wallet.lots.sort(key=order)
    _sum_up(wallet)


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
    wallet.latest = [lot for lot in wallet.lots if lot.lot_id == first or lot.lot_id in lots]
    _sum_up(wallet)


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


def _sum_up(wallet: Wallet) -> None:
    """What a wallet says of its lots, from the lots."""
    lots = wallet.lots
    wallet.left = sum([lot.left for lot in lots])
    wallet.first_end = lots[0].last_day if lots else NEVER
    wallet.last_earned = max([lot.earned_on for lot in lots], default=0)
    waiting = [lot.spendable_on for lot in lots if lot.pending]
    wallet.matures_on = min(waiting, default=NEVER)
