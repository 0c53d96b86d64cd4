"""The events of a batch: for the tables that need more of them than the ledger keeps."""

from hashlib import sha256

from infra.log import LedgerLog
from projections.fold import Batch
from projections.tables import discounts_daily, sale_lines
from schemas.codec import FRAME_BYTES, decode_event


def read_events(log: LedgerLog, batch: Batch) -> dict[int, str]:
    """Read the events that the batch's rows still ask for, each once, and add what they tell.

    Each partition's are read as one stretch: sales are most of what lies between them.

    Returns:
        partition → why they cannot be known: an event is gone, or is not what was decided.

    Raises:
        LogUnavailable: the log cannot be read.
    """
    lines, discounts = batch.sale_lines, batch.discounts_daily
    wrong: dict[int, str] = {}
    for partition in lines.unread.keys() | discounts.unread.keys():
        of_lines = {place.source_offset: place for place in lines.unread.get(partition, ())}
        of_discounts = {place.source_offset: place for place in discounts.unread.get(partition, ())}
        wanted = of_lines | of_discounts
        for message in log.read_inputs(partition, min(wanted), max(wanted) + 1):
            place = wanted.get(message.offset)
            if place is None:
                continue
            if sha256(message.value[FRAME_BYTES:]).digest() != place.record.event_digest:
                break
            del wanted[message.offset]
            event = decode_event(message.value)
            if message.offset in of_lines:
                sale_lines.add(lines, place, event)
            if message.offset in of_discounts:
                discounts_daily.add(discounts, place, event)
        if wanted:
            wrong[partition] = f"input offset {min(wanted)} no longer holds what was decided"
    lines.unread.clear()
    discounts.unread.clear()
    return wrong
