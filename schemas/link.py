"""A link of the chain, how far the chain reaches, and what is said of a record that comes next.

They are apart from `schemas.chain`, which works on them, because that module is compiled (see
`infra/compile.py`) and a `msgspec.Struct` must not be.
"""

from enum import StrEnum

from msgspec import Struct

HEAD_OF_NOTHING = bytes(32)


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


class Chain(Struct, frozen=True, gc=False):
    """How far one partition's chain reaches.

    Attributes:
        generation, partition: what it is the chain of.
        seq, head, epoch: of the last accepted record; head is the SHA-256 of its stored bytes.
        source_offset, source_part, final: of the last accepted DECISION.
    """

    generation: str
    partition: int
    seq: int = -1
    head: bytes = HEAD_OF_NOTHING
    epoch: int = 0
    source_offset: int = -1
    source_part: int = 0
    final: bool = True


class Accepted(Struct, frozen=True, gc=False):
    """The record counts: its prefix, where its body starts, and the chain with it."""

    prefix: Prefix
    body_start: int
    chain: Chain


class Halted(Struct, frozen=True, gc=False):
    """The record extends the chain but cannot be applied: nobody may go past it."""

    reason: Halt
    detail: str


Verdict = Accepted | Ignored | Halted
