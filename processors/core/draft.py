"""A record being decided: the account as the effects so far leave it, and those effects.

A decision adds effects one by one; each is applied to the draft's own copy of the account by the
same `apply` that folds the ledger, so that a later rule sees what an earlier one did.
"""

from collections.abc import Collection
from itertools import chain
from typing import Final

from mypy_extensions import mypyc_attr

from processors.core.account import Account, Wallet
from processors.core.evolve import apply
from processors.core.lot import Lot
from schemas import ledger
from schemas.ledger import (
    Effect,
    Outstanding,
    PointsEarned,
    PointsSpent,
    RewardGiven,
    Taken,
    VoucherIssued,
    WithheldFromControl,
)

EFFECTS_MAX: Final = 64
"""The most effects of one record, but for returns and the close of a day."""
POINTS_MAX: Final = 10**15
"""The most points of a wallet that an event leaves an account with, and points or money that one
effect comes to: twice what the largest receipt has in minor units, and less than a thousandth of
what a ledger adds up."""
NOTHING_TAKEN: Final = Taken((), (), (), (), ())


def _comes_to(effect: Effect) -> int:
    """The points or the money of an effect that multiplies numbers of a programme."""
    if isinstance(effect, PointsEarned):
        return effect.desired
    if isinstance(effect, WithheldFromControl):
        return effect.points
    if isinstance(effect, PointsSpent):
        return effect.amount_minor
    if isinstance(effect, VoucherIssued):
        return effect.amount_minor
    if isinstance(effect, RewardGiven):
        return effect.amount_minor
    return 0


Checkout = tuple[str, str, str]
"""Where a basket is paid: the store, the till, and the order if it has one."""


def outstanding(wallet: Wallet) -> int:
    """What a wallet holds: pending + available + held - owed."""
    return wallet.left + wallet.held - wallet.owed


@mypyc_attr(acyclic=True)
class Draft:
    """One account while an event is decided.

    Attributes:
        account: a copy, changed by `add`.
        event_id, business_date: of the event.
        stopped: promotions that were ended by hand before it.
        checkout: of a basket, where it is paid: what is set aside for it may be used.
        effects, before: of the record to be.
    """

    def __init__(
        self,
        account: Account,
        event_id: str,
        business_date: int,
        stopped: Collection[str] = (),
        checkout: Checkout | None = None,
    ) -> None:
        self.account = account
        self.event_id = event_id
        self.business_date = business_date
        self.stopped = stopped
        self.checkout = checkout
        self.effects: list[Effect] = []
        self.before: dict[str, int] = {}
        self._ids = 0

    def next_id(self) -> str:
        """The id of the next lot or voucher: the event's id and a counter from 1."""
        self._ids += 1
        return f"{self.event_id}#{self._ids}"

    def add(self, effect: Effect) -> None:
        """Take one more effect."""
        apply(self.account, effect, self.business_date)
        self.effects.append(effect)

    def touch(self, name: str) -> Wallet:
        """A wallet that an effect is about to change, as it stands."""
        wallet = self.account.wallets.get(name)
        if wallet is None:
            self.before.setdefault(name, 0)
            return Wallet()
        if name not in self.before:
            self.before[name] = outstanding(wallet)
        return wallet

    def has_too_many_points(self) -> bool:
        """Whether a wallet has grown beyond the most, or an effect came to more than that."""
        for name, before in self.before.items():
            wallet = self.account.wallets.get(name)
            if wallet is not None and outstanding(wallet) > max(before, POINTS_MAX):
                return True
        return any(_comes_to(effect) > POINTS_MAX for effect in self.effects)

    def outstanding(self) -> tuple[Outstanding, ...]:
        """The record's `before`: the wallets touched, as they stood."""
        return tuple(Outstanding(name, points) for name, points in self.before.items())


def open_and_held(account: Account, name: str) -> list[Lot]:
    """The open lots of a wallet, and behind them the parts of lots that are held."""
    wallet = account.wallets.get(name)
    held = [one.lots for one in account.holds.values() if one.wallet == name]
    return list(chain([] if wallet is None else wallet.lots, *held))


def spendable(wallet: Wallet, business_date: int) -> list[Lot]:
    """Lots that may be spent on a day, in consumption order."""
    return [lot for lot in wallet.lots if not lot.pending and lot.last_day >= business_date]


def taken_from(lots: list[Lot], points: int) -> Taken:
    """Up to `points`, taken from lots in the order given."""
    parts: list[tuple[Lot, int]] = []
    for lot in lots:
        if points <= 0:
            break
        part = min(points, lot.left)
        parts.append((lot, part))
        points -= part
    return taken(parts)


def taken(parts: list[tuple[Lot, int]]) -> Taken:
    """Parts of lots as the parallel lists of an effect."""
    if not parts:
        return NOTHING_TAKEN
    return Taken(
        tuple([lot.lot_id for lot, _points in parts]),
        tuple([points for _lot, points in parts]),
        tuple([lot.last_day for lot, _points in parts]),
        tuple([lot.earned_on for lot, _points in parts]),
        tuple([lot.promotion_id for lot, _points in parts]),
    )


def pending_part(lots: list[Lot], of: Taken) -> int:
    """How many of the taken points come out of pending lots."""
    waiting = {lot.lot_id for lot in lots if lot.pending}
    return sum(
        points for lot_id, points in zip(of.lot_ids, of.points, strict=True) if lot_id in waiting
    )


def mature(draft: Draft, through: int) -> None:
    """Make spendable what may be spent on the day `through`."""
    if draft.account.due_on >= through:
        return
    for name in sorted(draft.account.wallets):
        wallet = draft.account.wallets[name]
        if wallet.matures_on > through:
            continue
        ready = [lot for lot in wallet.lots if lot.pending and lot.spendable_on <= through]
        draft.touch(name)
        draft.add(ledger.PointsMatured(name, taken([(lot, lot.left) for lot in ready])))


def repay(draft: Draft, name: str) -> None:
    """What comes into a wallet pays what is owed, first."""
    wallet = draft.account.wallets.get(name)
    if wallet is None or not wallet.owed or not wallet.left:
        return
    # A return owes only when nothing is open, so every open lot came or came back after the debt.
    part = taken_from(wallet.lots, wallet.owed)
    pending = pending_part(wallet.lots, part)
    draft.touch(name)
    draft.add(ledger.PointsRepaid(name, sum(part.points), pending, part))


def repay_all(draft: Draft) -> None:
    """In every wallet what came into it pays what is owed."""
    for name in list(draft.account.wallets):
        repay(draft, name)
