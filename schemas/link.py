"""A link of the chain, and the closed lists of what it may be and may be refused for."""

from enum import StrEnum
from typing import Final

from msgspec import Struct

HEAD_OF_NOTHING: Final = bytes(32)


class Kind(StrEnum):
    """What a record is, in the order of the Avro enum."""

    GENESIS = "GENESIS"
    CLAIM = "CLAIM"
    DECISION = "DECISION"
    CHECKPOINT = "CHECKPOINT"


KINDS = tuple(Kind)


class Ignored(StrEnum):
    """Why a record does not count."""

    FOREIGN = "FOREIGN"
    DUPLICATE = "DUPLICATE"
    STALE_FORK = "STALE_FORK"
    ORPHAN = "ORPHAN"


class Halt(StrEnum):
    """Why a partition stands still until a person has looked."""

    UPGRADE_ME = "UPGRADE_ME"
    BAD_GENESIS = "BAD_GENESIS"
    BAD_SOURCE = "BAD_SOURCE"
    SUMS_DIFFER = "SUMS_DIFFER"
    LEDGER_LOST = "LEDGER_LOST"
    INPUT_CHANGED = "INPUT_CHANGED"
    INPUT_GAP = "INPUT_GAP"
    TOO_MANY_REFUSED = "TOO_MANY_REFUSED"
    DEFECT = "DEFECT"

    @property
    def sentence(self) -> str:
        """What stands still and why, in one sentence for people."""
        return _HALT_SENTENCES[self]


_HALT_SENTENCES: dict[Halt, str] = {
    Halt.UPGRADE_ME: "The ledger or programme was written for newer code than this.",
    Halt.BAD_GENESIS: "The ledger's first record is not the one these topics have.",
    Halt.BAD_SOURCE: "A ledger record extends the chain but skips or repeats an input event.",
    Halt.SUMS_DIFFER: "A ledger record states a balance that folding the ledger does not give.",
    Halt.LEDGER_LOST: "The ledger lacks records of events that were decided before.",
    Halt.INPUT_CHANGED: "The event last decided is not the one that the ledger decided.",
    Halt.INPUT_GAP: "The input skipped an offset: events are missing or came in a transaction.",
    Halt.TOO_MANY_REFUSED: "Too many messages in a row are no events of this system.",
    Halt.DEFECT: "Deciding an event failed in our own code.",
}


class Prefix(Struct, frozen=True, gc=False):
    """The chain prefix of a record; fields as in `schemas/avro/ledger_record.avsc`."""

    generation: str
    partition: int
    seq: int
    epoch: int
    prev: bytes
    kind: Kind
    evolve_version: int
    source_offset: int
    source_part: int
    final: bool
