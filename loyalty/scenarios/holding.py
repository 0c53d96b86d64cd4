"""What a member holds at a point of a scenario, closed vouchers and all.

Points are those of the account; the rest is read from what its records did.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from processors.core.account import Account
from schemas import ledger
from schemas.ledger import Effect, Record


class Points(NamedTuple):
    """Points of one wallet, by what can be done with them."""

    available: int
    pending: int
    owed: int
    held: int


class Voucher(Struct, frozen=True):
    """One voucher; status is active, redeemed, expired or cancelled."""

    voucher: str
    status: str
    first_day: int
    last_day: int


class Holding:
    """One member.

    Attributes:
        account: as it stands.
        vouchers: by id, in order of issue.
        levels: ladder → the last that was said of it.
        labels, segments: those that are on.
        held: hold → how it was placed, while it lasts.
    """

    def __init__(self, account: Account, records: Iterable[Record]) -> None:
        self.account = account
        self.vouchers: dict[str, Voucher] = {}
        self.levels: dict[str, ledger.TierChanged] = {}
        self.labels: set[str] = set()
        self.segments: set[str] = set()
        self.held: dict[str, ledger.HoldPlaced] = {}
        for record in records:
            for effect in record.effects:
                fold = _FOLDS.get(type(effect))
                if fold is not None:
                    fold(self, effect)

    def points(self, wallet: str) -> Points:
        """What a wallet holds."""
        kept = self.account.wallets.get(wallet)
        lots = [] if kept is None else kept.lots
        return Points(
            sum(lot.left for lot in lots if not lot.pending),
            sum(lot.left for lot in lots if lot.pending),
            0 if kept is None else kept.owed,
            sum(hold.points for hold in self.held.values() if hold.wallet == wallet),
        )


def _issued(holding: Holding, effect: ledger.VoucherIssued | ledger.VoucherRestored) -> None:
    holding.vouchers[effect.voucher_id] = Voucher(
        effect.voucher, "active", effect.first_day, effect.last_day
    )


def _redeemed(holding: Holding, effect: ledger.VoucherRedeemed) -> None:
    if effect.used_up:
        _close(holding, effect.voucher_id, "redeemed")


def _close(holding: Holding, voucher_id: str, status: str) -> None:
    if voucher_id in holding.vouchers:
        holding.vouchers[voucher_id] = replace(holding.vouchers[voucher_id], status=status)


def _moved(holding: Holding, effect: ledger.TierChanged) -> None:
    holding.levels[effect.ladder] = effect


def _labelled(holding: Holding, effect: ledger.MemberLabelled) -> None:
    _switch(holding.labels, effect.label, on=effect.on)


def _segment(holding: Holding, effect: ledger.SegmentMoved) -> None:
    _switch(holding.segments, effect.segment, on=effect.entered)


def _switch(names: set[str], name: str, *, on: bool) -> None:
    if on:
        names.add(name)
    else:
        names.discard(name)


def _placed(holding: Holding, effect: ledger.HoldPlaced) -> None:
    holding.held[effect.hold_id] = effect


def _ended(holding: Holding, effect: ledger.HoldEnded) -> None:
    holding.held.pop(effect.hold_id, None)


# Any: each fold takes the effect beside it.
_FOLDS: dict[type[Effect], Callable[[Holding, Any], None]] = {
    ledger.VoucherIssued: _issued,
    ledger.VoucherRestored: _issued,
    ledger.VoucherRedeemed: _redeemed,
    ledger.VoucherExpired: lambda held, effect: _close(held, effect.voucher_id, "expired"),
    ledger.VoucherCancelled: lambda held, effect: _close(held, effect.voucher_id, "cancelled"),
    ledger.TierChanged: _moved,
    ledger.MemberLabelled: _labelled,
    ledger.SegmentMoved: _segment,
    ledger.HoldPlaced: _placed,
    ledger.HoldEnded: _ended,
}
"""Effects that are read here; the others move points, which the account has."""
