"""Which earlier event a decision needs beside its own: of a return, the sale."""

from typing import NamedTuple

from processors.core.overlay import Overlay
from schemas.codec import EventRefused
from schemas.events import Event, SaleReturned


class Original(NamedTuple):
    """An event of the same partition: where it lies in the input, and the digest of its datum."""

    offset: int
    digest: bytes


def original_of(overlay: Overlay, event: Event | EventRefused) -> Original | None:
    """The sale that deciding this event needs (`Given.original`); None for almost every event.

    It is needed where a promotion is judged again on what is left of the sale, and to find the
    payments that it names.
    """
    if not isinstance(event, SaleReturned) or not event.original_sale:
        return None
    receipt = overlay.receipt(event.original_sale)
    if receipt is None or not receipt.again or receipt.account_id != event.header.account_id:
        return None
    return Original(receipt.source_offset, receipt.digest)
