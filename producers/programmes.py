"""The events that bring a programme into force, and that end one promotion of it."""

from datetime import date

from producers.days import CHAIN_ZONE, start_of
from producers.pos import Moment, iso
from schemas.events import Header, ProgrammeActivated, PromotionStopped

HASH_DIGITS_IN_ID = 16


def activation(
    document: str,
    document_hash: str,
    effective_from: date,
    activated_by: str = "",
    min_decider_version: int = 1,
    *,
    zone: str = CHAIN_ZONE,
) -> ProgrammeActivated:
    """A checked document comes into force with the business date `effective_from`.

    The document is its canonical JSON, the hash its SHA-256 in hexadecimal.  The event is a
    function of the arguments alone: activating the same document from the same day again is a
    duplicate.
    """
    start = start_of(effective_from, zone)
    return ProgrammeActivated(
        Header(
            event_id=f"programme|{document_hash[:HASH_DIGITS_IN_ID]}|{iso(start.business_date)}",
            account_id="",
            member_id="",
            occurred_at=start.at_ms,
            utc_offset_min=start.utc_offset_min,
            business_date=start.business_date,
        ),
        document=document,
        document_hash=document_hash,
        effective_from=start.business_date,
        min_decider_version=min_decider_version,
        activated_by=activated_by,
    )


def stop(
    programme: str, version: int, promotion_id: str, because: str, at: Moment, stopped_by: str = ""
) -> PromotionStopped:
    """A promotion gives nothing more, from this event's place in each partition on.

    A promotion is stopped once for each version of its programme: a second stop is refused as a
    conflict and changes nothing.
    """
    return PromotionStopped(
        Header(
            event_id=f"stop|{programme}|{promotion_id}|{version}",
            account_id="",
            member_id="",
            occurred_at=at.at_ms,
            utc_offset_min=at.utc_offset_min,
            business_date=at.business_date,
        ),
        promotion_id=promotion_id,
        because=because,
        stopped_by=stopped_by,
    )
