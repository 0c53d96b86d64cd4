"""What was decided before: one entry per accepted event, for duplicates, conflicts and returns.

Kept outside the accounts, and for `HORIZON_DAYS` behind the last closed day only.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from msgspec import Struct, msgpack

from schemas import ledger
from schemas.ledger import Record

HORIZON_DAYS = 400
"""How long an event's key and a sale's lines are remembered (`horizon_days`)."""


class Grant(Struct, array_like=True, gc=False):
    """What one promotion gave on a sale: the counter of its lot's id, by line, and taken back."""

    wallet: str
    lot_no: int
    promotion_id: str
    campaign_id: str
    by_line: tuple[int, ...]
    reversed_by_line: list[int]


class Receipt(Struct, array_like=True, gc=False):
    """One accepted event.

    Attributes:
        digest: SHA-256 of the event's datum.
        source_offset: where it lies in the input.
        programme_version: that decided it; 0 for none.
        account_id: of a sale; empty for other events, as are the rest.
        line_numbers, quantities_milli, nets_minor: of a sale, by line.
        returned_milli: so far, by line; of a line without quantity 1 once it came back.
        grants: what it earned.
    """

    digest: bytes
    source_offset: int
    programme_version: int
    account_id: str = ""
    line_numbers: tuple[int, ...] = ()
    quantities_milli: tuple[int, ...] = ()
    nets_minor: tuple[int, ...] = ()
    returned_milli: Sequence[int] = ()
    grants: Sequence[Grant] = ()


_ENCODER = msgpack.Encoder()
_DECODER = msgpack.Decoder(Receipt)


def receipt_key(event_id: str) -> bytes:
    """Sixteen bytes that stand for an event id."""
    return sha256(event_id.encode()).digest()[:16]


def pack_receipt(receipt: Receipt) -> bytes:
    """The receipt as bytes."""
    return _ENCODER.encode(receipt)


def unpack_receipt(packed: bytes) -> Receipt:
    """A fresh copy of a packed receipt."""
    return _DECODER.decode(packed)


def packed_receipt_of(record: Record, source_offset: int) -> bytes:
    """The receipt that an accepted record leaves behind, packed.

    Packed from plain tuples, which are the same bytes as the records' and half the work.
    """
    sale = record.sale
    if sale is None or record.event_type != "SaleRecorded":
        return _ENCODER.encode((record.event_digest, source_offset, record.programme_version))
    none = [0] * len(sale.line_numbers)
    id_length = len(record.event_id) + 1
    grants = [
        (
            effect.wallet,
            int(effect.lot_id[id_length:]),
            effect.promotion_id,
            effect.campaign_id,
            effect.points_by_line,
            none,
        )
        for effect in record.effects
        if type(effect) is ledger.PointsEarned and effect.granted
    ]
    return _ENCODER.encode(
        (
            record.event_digest,
            source_offset,
            record.programme_version,
            record.account_id,
            sale.line_numbers,
            sale.quantities_milli,
            sale.nets_minor,
            none,
            grants,
        )
    )


def with_return(receipt: Receipt, record: Record) -> Receipt:
    """A sale's receipt after a return of it was accepted."""
    sale = record.sale
    if sale is None:
        return receipt
    returned = list(receipt.returned_milli)
    for number, quantity in zip(sale.line_numbers, sale.quantities_milli, strict=True):
        at = receipt.line_numbers.index(number)
        returned[at] = returned[at] + quantity if receipt.quantities_milli[at] else 1
    receipt.returned_milli = returned
    for effect in record.effects:
        if isinstance(effect, ledger.PointsReversed):
            for grant in receipt.grants:
                if (grant.wallet, grant.promotion_id) == (effect.wallet, effect.promotion_id):
                    grant.reversed_by_line = [
                        before + now
                        for before, now in zip(
                            grant.reversed_by_line, effect.points_by_line, strict=True
                        )
                    ]
    return receipt


class Receipts:
    """The receipts of a partition, by key; a class of its own so that it can move to disk."""

    def __init__(self) -> None:
        self._packed: dict[bytes, bytes] = {}
        self._by_date: dict[int, list[bytes]] = {}

    def get(self, key: bytes) -> bytes | None:
        """The packed receipt of an event, or None."""
        return self._packed.get(key)

    def put(self, key: bytes, packed: bytes, business_date: int) -> None:
        """Remember a receipt, new or changed; the date is that of its event."""
        if key not in self._packed:
            self._by_date.setdefault(business_date, []).append(key)
        self._packed[key] = packed

    def forget_before(self, business_date: int) -> None:
        """Drop what lies behind the horizon."""
        for date in [date for date in self._by_date if date < business_date]:
            for key in self._by_date.pop(date):
                del self._packed[key]

    def __len__(self) -> int:
        return len(self._packed)

    def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
        return iter(sorted(self._packed.items()))
