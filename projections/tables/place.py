"""Where a ledger record stands: what every row made from it carries."""

from typing import Final, final

from mypy_extensions import mypyc_attr

from projections.tables.days import ISO_DATE
from schemas.chain import Prefix
from schemas.ledger import Record

CONTEXT = (
    "account_id, member_id, event_id, store_id, channel, programme_version, sale_id, "
    "occurred_at_ms, business_date, recorded_at_ms, ledger_partition, ledger_seq"
)
"""The columns that every fact ends with, in the order of `Place.context`."""


@mypyc_attr(acyclic=True)
@final
class Place:
    """One accepted record and its place in the ledger.

    Attributes:
        record: its body.
        partition, seq: its place in the chain.
        source_offset: where the event it decides lies in the partition's input.
        context: the columns of CONTEXT as text for COPY.
    """

    __slots__ = ("context", "partition", "record", "seq", "source_offset")

    def __init__(
        self, record: Record, partition: int, seq: int, source_offset: int, context: str
    ) -> None:
        self.record: Final = record
        self.partition: Final = partition
        self.seq: Final = seq
        self.source_offset: Final = source_offset
        self.context: Final = context


def place(prefix: Prefix, record: Record, recorded_at: int) -> Place:
    """The record in its place.

    Args:
        prefix: its chain prefix.
        record: its body.
        recorded_at: when the log took it, in UTC milliseconds; no part of the hash.
    """
    sale = record.sale
    sale_id = "" if sale is None else sale.original_sale
    if record.event_type == "SaleRecorded":
        sale_id = record.event_id
    context = (
        f"{record.account_id}\t{record.member_id}\t{record.event_id}\t{record.store_id}\t"
        f"{record.channel}\t{record.programme_version}\t{sale_id}\t{record.occurred_at}\t"
        f"{ISO_DATE[record.business_date]}\t{recorded_at}\t{prefix.partition}\t{prefix.seq}"
    )
    return Place(record, prefix.partition, prefix.seq, prefix.source_offset, context)
