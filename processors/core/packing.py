"""Accounts and receipts as bytes: how a partition keeps them between events.

An account is unpacked, changed and packed again when an event touches it.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from msgspec import msgpack, structs

from processors.core.account import Account, Due, Wallet
from processors.core.receipts import Receipt
from processors.core.sealing import items_of
from schemas.ledger import NEVER

NEVER_EMPTY: Final = 3
"""So many fields every receipt has: digest, source offset, programme version."""

_ENCODER: Final = msgpack.Encoder()
_ACCOUNTS: Final = msgpack.Decoder(Account)
_DUES: Final = msgpack.Decoder(Due)
_RECEIPTS: Final = msgpack.Decoder(Receipt)


def pack(account: Account) -> bytes:
    """The account as bytes, its lots sealed; equal accounts give equal bytes."""
    for wallet in account.wallets.values():
        _seal(wallet)
    return _ENCODER.encode(account)


def _seal(wallet: Wallet) -> None:
    """Put all lots but the last behind those that are sealed."""
    latest = wallet.latest
    more = len(latest) - 1
    if more > 0:
        wallet.sealed += items_of(_ENCODER.encode(latest[:more]), more)
        wallet.sealed_count += more
        wallet.latest = latest[more:]


def unpack(packed: bytes | None) -> Account:
    """A fresh copy of a packed account; a new one for None."""
    return Account() if packed is None else _ACCOUNTS.decode(packed)


def packed_due_on(packed: bytes | None) -> int:
    """When a packed account is due, without unpacking the rest of it; NEVER for None."""
    return NEVER if packed is None else _DUES.decode(packed).due_on


def pack_points(account: Account) -> bytes:
    """The open points alone, for the digest of a CHECKPOINT; empty if there are none."""
    if not account.wallets:
        return b""
    return _ENCODER.encode(
        [
            (
                name,
                wallet.owed,
                [(lot.lot_id, lot.left, lot.spendable_on, lot.last_day) for lot in wallet.lots],
            )
            for name, wallet in sorted(account.wallets.items())
        ]
    )


def due_on(account: Account) -> int:
    """The first business date at whose close something matures or ends.

    A hold, of points or of a voucher, ends at the latest when the day it was placed on is closed;
    a level is reviewed, and a birthday kept, by a date that the account itself says.
    """
    due = NEVER
    for hold in account.holds.values():
        due = min(due, hold.placed_on)
    for reserved in account.reserved.values():
        due = min(due, reserved.placed_on)
    for standing in account.tiers.values():
        due = min(due, standing.last_day)
    for wallet in account.wallets.values():
        due = min(due, wallet.first_end)
        if wallet.matures_on < NEVER:
            due = min(due, wallet.matures_on - 1)
    for voucher in account.vouchers:
        if voucher.uses_left:
            due = min(due, voucher.last_day)
    return due


def receipt_key(event_id: str) -> bytes:
    """Sixteen bytes that stand for an event id."""
    return sha256(event_id.encode()).digest()[:16]


def pack_receipt(receipt: Receipt) -> bytes:
    """The receipt as bytes."""
    return pack_fields(structs.astuple(receipt))


def pack_fields(fields: Sequence[object]) -> bytes:
    """The receipt of these fields, packed without the empty ones at its end."""
    end = len(fields)
    while end > NEVER_EMPTY and not fields[end - 1]:
        end -= 1
    return _ENCODER.encode(fields[:end])


def unpack_receipt(packed: bytes) -> Receipt:
    """A fresh copy of a packed receipt."""
    return _RECEIPTS.decode(packed)
