"""Accounts and receipts as bytes: how a partition keeps them between events.

An account is unpacked, changed and packed again when an event touches it, so it has bytes of its
own, which compiled code reads and writes.  They are never stored: a partition is rebuilt from its
ledger.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from librt.strings import BytesWriter
from msgspec import msgpack, structs

from processors.core.account import Account, Hold, Offer, Reserved, Standing, Wallet
from processors.core.lot import read_lots, write_lot
from processors.core.receipts import Receipt
from processors.core.voucher import write_vouchers
from schemas.ledger import NEVER
from schemas.wire.sink import write_bool, write_long, write_word, write_words
from schemas.wire.source import Source

NEVER_EMPTY: Final = 3
"""So many fields every receipt has: digest, source offset, programme version."""

_ENCODER: Final = msgpack.Encoder()
_RECEIPTS: Final = msgpack.Decoder(Receipt)


def pack(account: Account) -> bytes:
    """The account as bytes; equal accounts give equal bytes.  Its lots are sealed by it."""
    vouchers = account.sealed_vouchers or write_vouchers(account.vouchers)
    out = BytesWriter()
    write_long(out, account.due_on)
    write_word(out, account.status)
    write_long(out, account.enrolled_on)
    write_long(out, account.birthday)
    write_long(out, account.merge_from)
    write_long(out, account.forget_from)
    write_long(out, len(account.wallets))
    for name, wallet in account.wallets.items():
        write_word(out, name)
        _write_wallet(out, wallet)
    write_long(out, _vouchers_due(account))
    write_long(out, len(vouchers))
    out.write(vouchers)
    write_long(out, len(account.sales))
    for channel, sales in account.sales.items():
        write_word(out, channel)
        write_long(out, sales)
    write_words(out, tuple(account.labels))
    write_words(out, tuple(account.segments))
    write_long(out, len(account.counts))
    for counter, (count, last_day) in account.counts.items():
        write_word(out, counter)
        write_long(out, count)
        write_long(out, last_day)
    write_long(out, len(account.tiers))
    for ladder, standing in account.tiers.items():
        write_word(out, ladder)
        _write_standing(out, standing)
    _write_seldom(out, account)
    return out.getvalue()


def _write_wallet(out: BytesWriter, wallet: Wallet) -> None:
    """A wallet; all its lots but the last are put behind those that are sealed."""
    latest = wallet.latest
    more = len(latest) - 1
    if more > 0:
        lots = BytesWriter()
        for at in range(more):
            write_lot(lots, latest[at])
        wallet.sealed += lots.getvalue()
        wallet.sealed_count += more
        wallet.latest = latest = latest[more:]
    write_long(out, wallet.sealed_count)
    write_long(out, len(wallet.sealed))
    out.write(wallet.sealed)
    write_long(out, len(latest))
    for lot in latest:
        write_lot(out, lot)
    write_long(out, wallet.owed)
    write_long(out, wallet.held)
    write_long(out, wallet.left)
    write_long(out, wallet.first_end)
    write_long(out, wallet.last_earned)
    write_long(out, wallet.matures_on)


def _write_standing(out: BytesWriter, standing: Standing) -> None:
    write_word(out, standing.level)
    write_long(out, standing.since)
    write_long(out, standing.last_day)
    write_bool(out, standing.locked)
    write_bool(out, standing.grace)


def _write_seldom(out: BytesWriter, account: Account) -> None:
    """Offers, holds and what is reserved."""
    write_long(out, len(account.offers))
    for offer in account.offers:
        write_word(out, offer.campaign_id)
        write_long(out, offer.first_day)
        write_long(out, offer.last_day)
        write_bool(out, offer.held_out)
    write_long(out, len(account.holds))
    for hold_id, hold in account.holds.items():
        write_word(out, hold_id)
        write_word(out, hold.wallet)
        write_long(out, hold.expires_at)
        write_long(out, len(hold.lots))
        for lot in hold.lots:
            write_lot(out, lot)
        write_long(out, hold.placed_on)
    write_long(out, len(account.reserved))
    for hold_id, reserved in account.reserved.items():
        write_word(out, hold_id)
        write_word(out, reserved.voucher_id)
        write_word(out, reserved.voucher)
        write_word(out, reserved.promotion_id)
        write_word(out, reserved.campaign_id)
        write_word(out, reserved.store_id)
        write_word(out, reserved.till_id)
        write_word(out, reserved.order_id)
        write_long(out, reserved.expires_at)
        write_long(out, reserved.placed_on)


def unpack(packed: bytes | None) -> Account:
    """A fresh copy of a packed account; a new one for None."""
    account = Account()
    if packed is None:
        return account
    source = Source(packed, 0)
    account.due_on = source.number()
    account.status = source.word()
    account.enrolled_on = source.number()
    account.birthday = source.number()
    account.merge_from = source.number()
    account.forget_from = source.number()
    for _each in range(source.size()):
        name = source.word()
        account.wallets[name] = _read_wallet(source)
    account.vouchers_due = source.number()
    account.sealed_vouchers = source.fixed(source.size())
    for _each in range(source.size()):
        channel = source.word()
        account.sales[channel] = source.number()
    account.labels = list(source.words())
    account.segments = list(source.words())
    for _each in range(source.size()):
        counter = source.word()
        count = source.number()
        account.counts[counter] = (count, source.number())
    for _each in range(source.size()):
        ladder = source.word()
        account.tiers[ladder] = _read_standing(source)
    _read_seldom(source, account)
    return account


def _read_wallet(source: Source) -> Wallet:
    wallet = Wallet()
    wallet.sealed_count = source.number()
    wallet.sealed = source.fixed(source.size())
    wallet.latest = read_lots(source, source.number())
    wallet.owed = source.number()
    wallet.held = source.number()
    wallet.left = source.number()
    wallet.first_end = source.number()
    wallet.last_earned = source.number()
    wallet.matures_on = source.number()
    return wallet


def _read_standing(source: Source) -> Standing:
    return Standing(source.word(), source.number(), source.number(), source.truth(), source.truth())


def _read_seldom(source: Source, account: Account) -> None:
    for _each in range(source.size()):
        account.offers.append(
            Offer(source.word(), source.number(), source.number(), source.truth())
        )
    for _each in range(source.size()):
        hold_id, wallet, expires_at = source.word(), source.word(), source.number()
        lots = read_lots(source, source.number())
        account.holds[hold_id] = Hold(wallet, expires_at, lots, source.number())
    for _each in range(source.size()):
        hold_id = source.word()
        account.reserved[hold_id] = Reserved(
            source.word(),
            source.word(),
            source.word(),
            source.word(),
            source.word(),
            source.word(),
            source.word(),
            source.number(),
            source.number(),
        )


def packed_due_on(packed: bytes | None) -> int:
    """When a packed account is due, without unpacking the rest of it; NEVER for None."""
    return NEVER if packed is None else Source(packed, 0).number()


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
    return min(due, _vouchers_due(account))


def _vouchers_due(account: Account) -> int:
    """The first last day of a voucher that can still be used."""
    if account.sealed_vouchers:
        return account.vouchers_due
    ends = [voucher.last_day for voucher in account.vouchers if voucher.uses_left]
    return min(ends, default=NEVER)


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
