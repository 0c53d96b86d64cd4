"""One partition's accepted ledger as far as it was read: the chain, and the state folded from it.

Who takes a partition over, who doubts its memory and who audits reads the ledger through this.
"""

from collections import Counter
from hashlib import sha256

from infra.log import Identity, LedgerLog, Stored, WorkerLog
from processors.core.overlay import Overlay
from processors.core.partition import PartitionState, fold
from processors.core.versions import EVOLVE_VERSION
from processors.stream.halts import PartitionHalted, halted_by
from schemas import chain as chains
from schemas.chain import FRAME_BYTES, Chain, Halt, Halted, Ignored, Kind, Prefix, RecentHashes
from schemas.codec import decode_body
from schemas.definitions import readable_ids
from schemas.ledger import Genesis, Record
from schemas.topics import LEDGER, PARTITIONER

READABLE = frozenset(wire_id for name in LEDGER.schemas for wire_id in readable_ids(name))
"""Wire ids of the ledger schemas that this code can read."""
EVENTS_REMEMBERED = 4
"""How many of the last decided events are compared with the input when a partition is opened.

If its tail was lost and written anew, the very last one may be the same event by chance."""


def genesis_of(identity: Identity) -> Genesis:
    """What a ledger of this log is bound to; a function of settings and topics alone."""
    return Genesis(
        partitions=identity.partitions,
        input_topic_id=identity.input_topic_id,
        cluster_id=identity.cluster_id,
        partitioner=PARTITIONER,
        evolve_version=EVOLVE_VERSION,
    )


class Fold:
    """A cache of the accepted ledger of one partition: thrown away whenever in doubt.

    Attributes:
        partition: which.
        chain, recent: how far the chain reaches, and the hashes of its last records.
        position: the ledger offset after the last record looked at.
        head_offset: the ledger offset of the last accepted record, -1 for none.
        decided: input offset → event digest, of the last few events decided.
        checkpoint_due: a CHECKPOINT must follow before anything else is decided.
        ignored: how many records did not count, by kind.
    """

    def __init__(self, generation: str, partition: int, identity: Identity) -> None:
        self.partition = partition
        self.chain = Chain(generation, partition)
        self.recent = RecentHashes()
        self.position = 0
        self.head_offset = -1
        self.decided: dict[int, bytes] = {}
        self.checkpoint_due = False
        self.ignored: Counter[Ignored] = Counter()
        self._genesis = genesis_of(identity)
        self._state = PartitionState(partition, identity.partitions)
        self._overlay: Overlay | None = None

    @property
    def state(self) -> PartitionState:
        """What the accepted records come to; after PartitionHalted it is of no use."""
        if self._overlay is not None:
            self._overlay.commit()
            self._overlay = None
        return self._state

    @property
    def next_source(self) -> tuple[int, int]:
        """The input offset to decide next, and at which part of it to begin."""
        if self.chain.final:
            return self.chain.source_offset + 1, 0
        return self.chain.source_offset, self.chain.source_part + 1

    def take(self, stored: Stored) -> Record | None:
        """Look at the next record of the ledger: the record if it counts, None if it is noise.

        Raises:
            PartitionHalted: it extends the chain, but cannot be applied.
        """
        verdict = chains.accept(stored.value, self.chain, self.recent, EVOLVE_VERSION, READABLE)
        if isinstance(verdict, Ignored):
            self.ignored[verdict] += 1
            self.position = stored.offset + 1
            return None
        if isinstance(verdict, Halted):
            raise PartitionHalted(
                verdict.reason, f"ledger offset {stored.offset}: {verdict.detail}"
            )
        prefix = verdict.prefix
        try:
            record = decode_body(stored.value, verdict.body_start)
            self._fold(prefix, record)
        except Exception as problem:
            raise halted_by(problem, f"ledger offset {stored.offset}") from problem
        self.chain = verdict.chain
        self.recent.add(verdict.chain.head)
        self.position = stored.offset + 1
        self.head_offset = stored.offset
        if prefix.kind is Kind.DECISION:
            self.remember_decided(prefix.source_offset, record.event_digest)
        self.checkpoint_due = checkpoint_due(self.checkpoint_due, prefix.seq, prefix.kind)
        return record

    def _fold(self, prefix: Prefix, record: Record) -> None:
        """Fold one record, many of them on one overlay."""
        self._check_genesis(record)
        if self._overlay is None:
            self._overlay = Overlay(self._state)
        fold(self._overlay, prefix, record)
        # A CHECKPOINT comes every so many records, so the overlay stays small.
        if prefix.kind is Kind.CHECKPOINT:
            self._overlay.commit()
            self._overlay = None

    def remember_decided(self, offset: int, digest: bytes) -> None:
        """Note what was decided at an input offset, and forget what was decided long before."""
        self.decided[offset] = digest
        if len(self.decided) > EVENTS_REMEMBERED:
            del self.decided[next(iter(self.decided))]

    def _check_genesis(self, record: Record) -> None:
        if record.genesis is None:
            return
        mine, theirs = self._genesis, record.genesis
        if (mine.partitions, mine.input_topic_id, mine.cluster_id, mine.partitioner) != (
            theirs.partitions, theirs.input_topic_id, theirs.cluster_id, theirs.partitioner,
        ):  # fmt: skip
            raise PartitionHalted(Halt.BAD_GENESIS, f"the ledger is bound to {theirs}, not {mine}")


def checkpoint_due(due: bool, seq: int, kind: Kind) -> bool:
    """Whether a CHECKPOINT is owed behind a record: a function of the chain, not of batches."""
    return (seq > 0 and seq % chains.CHECKPOINT_EVERY == 0) or (due and kind is not Kind.CHECKPOINT)


def read_to_end(fold: Fold, log: WorkerLog | LedgerLog) -> None:
    """Fold what the ledger holds up to its end now, asked of the log after the call began.

    Raises:
        PartitionHalted: a record cannot be applied, or accepted records are gone.
    """
    read_on(fold, log, None)


def read_on(fold: Fold, log: WorkerLog | LedgerLog, most: int | None) -> bool:
    """Fold at most so many further records; whether that is all that the ledger holds now.

    Raises:
        PartitionHalted: a record cannot be applied, or accepted records are gone.
    """
    end = log.ledger_end(fold.partition)
    if end < fold.position:
        raise PartitionHalted(
            Halt.LEDGER_LOST, f"the ledger ends at {end}, but {fold.position} records were there"
        )
    upto = end if most is None else min(end, fold.position + most)
    for stored in log.read_ledger(fold.partition, fold.position, upto):
        fold.take(stored)
    fold.position = upto
    return upto == end


def check_head(fold: Fold, log: WorkerLog) -> None:
    """The last accepted record must still lie where it was read or acknowledged.

    Raises:
        PartitionHalted: it does not, so memory is ahead of the ledger.
    """
    at = fold.head_offset
    for stored in log.read_ledger(fold.partition, at, at + 1):
        if stored.offset == at and sha256(stored.value).digest() == fold.chain.head:
            return
    raise PartitionHalted(Halt.LEDGER_LOST, f"the accepted record at ledger offset {at} is gone")


def digest_of(value: bytes) -> bytes:
    """The event digest of a framed event: SHA-256 of its Avro datum."""
    return sha256(value[FRAME_BYTES:]).digest()
