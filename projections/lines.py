"""The events of a batch: for the one table that needs more of them than the ledger keeps."""

from hashlib import sha256

from infra.log import LedgerLog
from projections.tables import sale_lines
from schemas.codec import FRAME_BYTES, decode_event


def read_lines(log: LedgerLog, rows: sale_lines.Rows) -> dict[int, str]:
    """Read the events that the rows still ask for and add their lines.

    Each partition's are read as one stretch: sales are most of what lies between them.

    Returns:
        partition → why its lines cannot be known: an event is gone, or is not what was decided.

    Raises:
        LogUnavailable: the log cannot be read.
    """
    wrong: dict[int, str] = {}
    for partition, places in rows.unread.items():
        wanted = {place.source_offset: place for place in places}
        for message in log.read_inputs(partition, min(wanted), max(wanted) + 1):
            place = wanted.get(message.offset)
            if place is None:
                continue
            if sha256(message.value[FRAME_BYTES:]).digest() != place.record.event_digest:
                break
            del wanted[message.offset]
            sale_lines.add(rows, place, decode_event(message.value))
        if wanted:
            wrong[partition] = f"input offset {min(wanted)} no longer holds what was decided"
    rows.unread.clear()
    return wrong
