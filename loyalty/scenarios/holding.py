"""What a member holds at a point of a scenario, closed vouchers and all.

An account keeps what is open; what became of vouchers that are not is read from its records.
"""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from processors.core.account import Wallet
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


def points(wallet: Wallet) -> Points:
    """What a wallet holds."""
    waiting = sum([lot.left for lot in wallet.lots if lot.pending])
    there = sum([lot.left for lot in wallet.lots])
    return Points(there - waiting, waiting, wallet.owed, wallet.held)


def vouchers(records: Iterable[Record]) -> list[Voucher]:
    """All vouchers that an account ever had, in order of issue."""
    held: dict[str, Voucher] = {}
    for record in records:
        for effect in record.effects:
            _apply(held, effect)
    return list(held.values())


def _apply(held: dict[str, Voucher], effect: Effect) -> None:
    match effect:
        case ledger.VoucherIssued() | ledger.VoucherRestored():
            held[effect.voucher_id] = Voucher(
                effect.voucher, "active", effect.first_day, effect.last_day
            )
        case ledger.VoucherRedeemed() if effect.used_up:
            _close(held, effect.voucher_id, "redeemed")
        case ledger.VoucherExpired():
            _close(held, effect.voucher_id, "expired")
        case ledger.VoucherCancelled():
            _close(held, effect.voucher_id, "cancelled")
        case _:
            pass


def _close(held: dict[str, Voucher], voucher_id: str, status: str) -> None:
    if voucher_id in held:
        held[voucher_id] = replace(held[voucher_id], status=status)
