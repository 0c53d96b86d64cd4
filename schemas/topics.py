"""The topics: what is in them, how they are kept, and which partition an account has."""

from collections.abc import Mapping
from hashlib import sha256

from msgspec import Struct


class Topic(Struct, frozen=True):
    """One topic as it must be.

    Attributes:
        name: on the broker, before a prefix of the settings.
        about: what it holds.
        producers, consumers: who writes and reads it.
        schemas: full names of the records it may hold.
        config: broker settings it must have; replication comes from the settings.
    """

    name: str
    about: str
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    schemas: tuple[str, ...]
    config: Mapping[str, str]


_KEPT_FOR_EVER = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "unclean.leader.election.enable": "false",
    "message.timestamp.type": "CreateTime",
    "max.message.bytes": "1048576",
}

EVENTS = Topic(
    name="loyalty.events",
    about="Every input: receipts, enrolments, redemptions, corrections, programmes, closed days.",
    producers=("publisher", "operator"),
    consumers=("processor", "projector", "auditor", "operator"),
    schemas=(
        "loyalty.event.SaleRecorded",
        "loyalty.event.SaleReturned",
        "loyalty.event.MemberEnrolled",
        "loyalty.event.MemberChanged",
        "loyalty.event.OfferMade",
        "loyalty.event.VoucherPresented",
        "loyalty.event.PointsRedeemed",
        "loyalty.event.PointsAdjusted",
        "loyalty.event.ProgrammeActivated",
        "loyalty.event.BusinessDayClosed",
        "loyalty.event.MemberLabelled",
        "loyalty.event.SegmentEntered",
        "loyalty.event.SegmentLeft",
        "loyalty.event.ActivityRecorded",
        "loyalty.event.RewardClaimed",
        "loyalty.event.RedemptionReversed",
        "loyalty.event.HoldPlaced",
        "loyalty.event.HoldCaptured",
        "loyalty.event.HoldVoided",
        "loyalty.event.VoucherCancelled",
        "loyalty.event.TierAssigned",
        "loyalty.event.OrderFulfilled",
        "loyalty.event.PromotionStopped",
        "loyalty.event.CardAssigned",
        "loyalty.event.CardBlocked",
        "loyalty.event.MemberErased",
        "loyalty.event.VoucherReserved",
    ),
    config=_KEPT_FOR_EVER,
)

LEDGER = Topic(
    name="loyalty.ledger",
    about="One hash-chained record per decision, with every change it made.",
    producers=("processor",),
    consumers=("processor", "projector", "auditor", "operator"),
    schemas=("loyalty.ledger.Record",),
    config=_KEPT_FOR_EVER,
)

TOPICS: tuple[Topic, ...] = (EVENTS, LEDGER)
"""The catalogue; `loyalty topics` creates and compares these."""

PARTITIONER = "sha256-8-mod"
"""The name of `partition_of`, fixed in GENESIS."""


def partition_of(account_id: str, partitions: int) -> int:
    """The partition of an account in both topics: the first 8 bytes of its SHA-256, modulo."""
    return int.from_bytes(sha256(account_id.encode()).digest()[:8]) % partitions
