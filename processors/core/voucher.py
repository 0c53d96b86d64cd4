"""A voucher of an account, and an account's vouchers as bytes."""

from typing import Final, final

from librt.strings import BytesWriter
from mypy_extensions import mypyc_attr

from schemas.wire.sink import write_long, write_word
from schemas.wire.source import Source


@mypyc_attr(acyclic=True)
@final
class Voucher:
    """A voucher not yet expired.  uses_left 0: used up, kept until its last day to say so."""

    __slots__ = (
        "amount_minor", "campaign_id", "currency", "first_day", "issued_on", "last_day",
        "promotion_id", "uses_left", "voucher", "voucher_id",
    )  # fmt: skip

    def __init__(
        self,
        voucher_id: str,
        voucher: str,
        promotion_id: str,
        campaign_id: str,
        issued_on: int,
        first_day: int,
        last_day: int,
        amount_minor: int,
        currency: str,
        uses_left: int,
    ) -> None:
        self.voucher_id: Final = voucher_id
        self.voucher: Final = voucher
        self.promotion_id: Final = promotion_id
        self.campaign_id: Final = campaign_id
        self.issued_on: Final = issued_on
        self.first_day: Final = first_day
        self.last_day: Final = last_day
        self.amount_minor = amount_minor
        self.currency: Final = currency
        self.uses_left = uses_left


def write_vouchers(vouchers: list[Voucher]) -> bytes:
    """Vouchers as bytes; none as no bytes."""
    out = BytesWriter()
    if vouchers:
        write_long(out, len(vouchers))
        for voucher in vouchers:
            _write_voucher(out, voucher)
    return out.getvalue()


def read_vouchers(packed: bytes) -> list[Voucher]:
    """The vouchers of some bytes."""
    if not packed:
        return []
    source = Source(packed, 0)
    return [_read_voucher(source) for _each in range(source.size())]


def _write_voucher(out: BytesWriter, voucher: Voucher) -> None:
    write_word(out, voucher.voucher_id)
    write_word(out, voucher.voucher)
    write_word(out, voucher.promotion_id)
    write_word(out, voucher.campaign_id)
    write_long(out, voucher.issued_on)
    write_long(out, voucher.first_day)
    write_long(out, voucher.last_day)
    write_long(out, voucher.amount_minor)
    write_word(out, voucher.currency)
    write_long(out, voucher.uses_left)


def _read_voucher(source: Source) -> Voucher:
    return Voucher(
        source.word(),
        source.word(),
        source.word(),
        source.word(),
        source.number(),
        source.number(),
        source.number(),
        source.number(),
        source.word(),
        source.number(),
    )
