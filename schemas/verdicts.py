"""How far the chain reaches, and what is said of a record that comes next."""

from typing import Any, ClassVar, Final, final

from mypy_extensions import mypyc_attr

from schemas.link import HEAD_OF_NOTHING, Halt, Ignored, Prefix
from schemas.records import astuple, shown


@mypyc_attr(acyclic=True)
@final
class Chain:
    """How far one partition's chain reaches.

    Attributes:
        generation, partition: what it is the chain of.
        seq, head, epoch: of the last accepted record; head is the SHA-256 of its stored bytes.
        source_offset, source_part, final: of the last accepted DECISION.
    """

    __match_args__: ClassVar[tuple[str, ...]] = (
        "generation",
        "partition",
        "seq",
        "head",
        "epoch",
        "source_offset",
        "source_part",
        "final",
    )

    def __init__(
        self,
        generation: str,
        partition: int,
        seq: int = -1,
        head: bytes = HEAD_OF_NOTHING,
        epoch: int = 0,
        source_offset: int = -1,
        source_part: int = 0,
        final: bool = True,
    ) -> None:
        self.generation: Final = generation
        self.partition: Final = partition
        self.seq: Final = seq
        self.head: Final = head
        self.epoch: Final = epoch
        self.source_offset: Final = source_offset
        self.source_part: Final = source_part
        self.final: Final = final

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Chain) and astuple(self) == astuple(other)

    def __repr__(self) -> str:
        return shown(self)

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return Chain, astuple(self)


@mypyc_attr(acyclic=True)
@final
class Accepted:
    """The record counts: its prefix, where its body starts, and the chain with it."""

    __match_args__: ClassVar[tuple[str, ...]] = ("prefix", "body_start", "chain")

    def __init__(self, prefix: Prefix, body_start: int, chain: Chain) -> None:
        self.prefix: Final = prefix
        self.body_start: Final = body_start
        self.chain: Final = chain

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Accepted) and astuple(self) == astuple(other)

    def __repr__(self) -> str:
        return shown(self)


@mypyc_attr(acyclic=True)
@final
class Halted:
    """The record extends the chain but cannot be applied: nobody may go past it."""

    __match_args__: ClassVar[tuple[str, ...]] = ("reason", "detail")

    def __init__(self, reason: Halt, detail: str) -> None:
        self.reason: Final = reason
        self.detail: Final = detail

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Halted) and astuple(self) == astuple(other)

    def __repr__(self) -> str:
        return shown(self)


Verdict = Accepted | Ignored | Halted
