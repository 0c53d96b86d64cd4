"""The end of the chain as it will be when what is on its way counts."""

from hashlib import sha256
from typing import Final

from processors.core.versions import EVOLVE_VERSION
from schemas.chain import Chain, Kind, prefix_bytes
from schemas.codec import encode_body, frame
from schemas.ledger import Record
from schemas.topics import LEDGER

FRAME: Final = frame(LEDGER.schemas[0])


class Tip:
    """Writes records, each extending the one before.

    Attributes:
        seq, head, epoch, source_offset, source_part, final: as in `schemas.chain.Chain`.
    """

    def __init__(self, chain: Chain) -> None:
        self._generation = chain.generation
        self._partition = chain.partition
        self.seq = chain.seq
        self.head = chain.head
        self.epoch = chain.epoch
        self.source_offset = chain.source_offset
        self.source_part = chain.source_part
        self.final = chain.final

    def decision(self, record: Record, offset: int, part: int, final: bool) -> bytes:
        """The stored bytes of a DECISION."""
        self.source_offset = offset
        self.source_part = part
        self.final = final
        return self._extend(Kind.DECISION, record)

    def mark(self, kind: Kind, record: Record) -> bytes:
        """The stored bytes of a record that decides no event."""
        if kind is Kind.CLAIM:
            self.epoch += 1
        return self._extend(kind, record)

    def chain(self) -> Chain:
        """The chain that ends here."""
        return Chain(
            self._generation, self._partition, self.seq, self.head, self.epoch,
            self.source_offset, self.source_part, self.final,
        )  # fmt: skip

    def _extend(self, kind: Kind, record: Record) -> bytes:
        self.seq += 1
        prefix = prefix_bytes(
            FRAME, self._generation, self._partition, self.seq, self.epoch, self.head, kind,
            EVOLVE_VERSION, self.source_offset, self.source_part, self.final,
        )  # fmt: skip
        value = prefix + encode_body(record)
        self.head = sha256(value).digest()
        return value
