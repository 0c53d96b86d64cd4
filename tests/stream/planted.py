"""Bugs to plant into the worker: each a plausible mistake, none of which may go unnoticed.

Each function takes a `monkeypatch` and breaks one thing.  They replace functions by their wrong
twins, so that production code needs no switch for them.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from infra.log import Message, WorkerLog
from processors.core.message import Decided, Given
from processors.core.overlay import Overlay
from processors.stream import fold as folds
from processors.stream import opening, worker, writing
from processors.stream.fold import Fold
from schemas import chain as chains
from schemas.chain import Accepted, Chain, Kind, RecentHashes, Verdict, read_prefix
from schemas.codec import EventRefused
from schemas.ledger import Claim
from schemas.records import replace

Plant = Callable[[pytest.MonkeyPatch], None]
_ACCEPT = chains.accept


def _pass(*_: object) -> None:
    """Check nothing."""


def _accept_as(bend: Callable[[chains.Prefix, Chain], Chain]) -> Callable[..., Verdict]:
    """`accept` on a chain bent to what the record says."""

    def accept(value: bytes, chain: Chain, recent: RecentHashes, *known: Any) -> Verdict:
        try:
            prefix, _ = read_prefix(value)
        except (ValueError, IndexError):
            return _ACCEPT(value, chain, recent, *known)
        return _ACCEPT(value, bend(prefix, chain), recent, *known)

    return accept


def no_prev_check(patch: pytest.MonkeyPatch) -> None:
    """Any record of the right number extends the chain."""
    bent = _accept_as(lambda prefix, chain: replace(chain, head=prefix.prev))
    patch.setattr(chains, "accept", bent)


def monotonic_filter(patch: pytest.MonkeyPatch) -> None:
    """A record counts if its source offset is higher than the last one."""

    def bend(prefix: chains.Prefix, chain: Chain) -> Chain:
        bent = replace(
            chain, seq=prefix.seq - 1, head=prefix.prev,
            epoch=prefix.epoch - (prefix.kind is Kind.CLAIM),
        )  # fmt: skip
        if prefix.seq == 0:
            return chain
        if prefix.kind is not Kind.DECISION:
            return bent if prefix.seq > chain.seq else chain
        here, last = (prefix.source_offset, prefix.source_part), (
            chain.source_offset, chain.source_part,
        )  # fmt: skip
        if here <= last:
            return chain
        begins = prefix.source_part == 0
        return replace(
            bent, source_offset=prefix.source_offset - begins,
            source_part=prefix.source_part - 1, final=begins,
        )  # fmt: skip

    patch.setattr(chains, "accept", _accept_as(bend))


def epoch_not_checked(patch: pytest.MonkeyPatch) -> None:
    """A worker that meets a higher epoch goes on as if it were its own."""

    def bend(prefix: chains.Prefix, chain: Chain) -> Chain:
        return replace(chain, epoch=prefix.epoch - (prefix.kind is Kind.CLAIM))

    patch.setattr(chains, "accept", _accept_as(bend))
    patch.setattr(worker._Open, "epoch", property(lambda mine: mine.fold.chain.epoch))


def skip_on_decode_error(patch: pytest.MonkeyPatch) -> None:
    """What cannot be decoded leaves no record."""
    decide_all = writing.Writing.decide

    def decide(self: writing.Writing, messages: Sequence[Message]) -> Iterator[None]:
        real = self._decide

        def skipping(overlay: Overlay, given: Given, first_part: int) -> Iterator[Decided]:
            if not isinstance(given.event, EventRefused):
                yield from real(overlay, given, first_part)

        self._decide = skipping
        yield from decide_all(self, messages)

    patch.setattr(writing.Writing, "decide", decide)


def missing_claim(patch: pytest.MonkeyPatch) -> None:
    """Who takes over begins to write without a claim."""
    claim = opening.claim_partition

    def without(log: WorkerLog, fold: Fold, *rest: Any) -> bool:
        folds.read_to_end(fold, log)
        return claim(log, fold, *rest) if fold.chain.seq < 0 else True

    patch.setattr(worker, "claim_partition", without)


def wrong_ack_taken_for_right(patch: pytest.MonkeyPatch) -> None:
    """Any acknowledgement will do."""
    acknowledged = writing.Writing.acknowledged

    def always(self: writing.Writing, offsets: Sequence[int] | None) -> None:
        acknowledged(self, offsets)
        self.failed = False

    patch.setattr(writing.Writing, "acknowledged", always)


def missing_ack_taken_for_right(patch: pytest.MonkeyPatch) -> None:
    """No acknowledgement is as good as the expected one."""
    acknowledged = writing.Writing.acknowledged

    def optimistic(self: writing.Writing, offsets: Sequence[int] | None) -> None:
        if offsets is None:
            offsets = range(self._expected, self._expected + len(self.values))
        acknowledged(self, offsets)

    patch.setattr(writing.Writing, "acknowledged", optimistic)


def committed_before_the_write_and_trusted(patch: pytest.MonkeyPatch) -> None:
    """Input is noted as decided when it is polled, and the note says where to go on."""
    decide = worker.Worker._decide

    def early(self: worker.Worker, messages: Sequence[Message]) -> int:
        for message in messages:
            self._log.commit(message.partition, message.offset + 1)
        return decide(self, messages)

    claim_partition = opening.claim_partition

    def trusting(log: WorkerLog, fold: Fold, claim: Claim) -> bool:
        noted = log.committed(fold.partition) or 0
        claimed = claim_partition(log, fold, claim)
        fold.chain = replace(fold.chain, source_offset=noted - 1, final=True)
        return claimed

    patch.setattr(worker.Worker, "_decide", early)
    patch.setattr(worker, "claim_partition", trusting)
    patch.setattr(opening, "check_nothing_lost", _pass)


def last_record_read_only(patch: pytest.MonkeyPatch) -> None:
    """The end of the chain is taken to be the last record of the topic."""
    read = folds.read_to_end

    def hasty(fold: Fold, log: WorkerLog) -> None:
        read(fold, log)
        for stored in log.read_ledger(fold.partition, max(fold.position - 1, 0), fold.position):
            prefix, _ = read_prefix(stored.value)
            last = Chain(prefix.generation, prefix.partition, prefix.seq - 1, prefix.prev,
                         prefix.epoch - (prefix.kind is Kind.CLAIM))  # fmt: skip
            if prefix.seq > 0:
                seen = _ACCEPT(stored.value, last, fold.recent, 1, folds.READABLE)
                if isinstance(seen, Accepted) or prefix.kind is Kind.DECISION:
                    fold.chain = replace(
                        fold.chain, seq=prefix.seq, epoch=prefix.epoch,
                        head=chains.sha256(stored.value).digest(),
                        source_offset=prefix.source_offset, source_part=prefix.source_part,
                        final=prefix.final,
                    )  # fmt: skip
                    fold.recent.add(fold.chain.head)

    patch.setattr(opening, "read_to_end", hasty)
    patch.setattr(worker, "read_to_end", hasty)


def overlay_kept_after_a_failure(patch: pytest.MonkeyPatch) -> None:
    """What was decided stays in memory though its records may not be in the ledger."""
    acknowledged = writing.Writing.acknowledged

    def keeping(self: writing.Writing, offsets: Sequence[int] | None) -> None:
        acknowledged(self, offsets)
        if self.failed:
            self._overlay.commit()

    patch.setattr(writing.Writing, "acknowledged", keeping)


def input_not_compared(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks whether the input still holds what was decided."""

    def blind(log: WorkerLog, fold: Fold) -> None:
        log.seek(fold.partition, fold.next_source[0])

    patch.setattr(worker, "stand_at_input", blind)


def lost_ledger_not_noticed(patch: pytest.MonkeyPatch) -> None:
    """A ledger that is shorter than it was is taken as it is."""
    read = folds.read_to_end

    def shrugging(fold: Fold, log: WorkerLog) -> None:
        fold.position = min(fold.position, log.ledger_end(fold.partition))
        read(fold, log)

    patch.setattr(opening, "check_nothing_lost", _pass)
    patch.setattr(worker, "check_head", _pass)
    patch.setattr(opening, "read_to_end", shrugging)
    patch.setattr(worker, "read_to_end", shrugging)


def part_of_an_event_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Who takes over inside an event goes on behind it."""
    behind = property(lambda fold: (fold.chain.source_offset + 1, 0))
    patch.setattr(Fold, "next_source", behind)


def checkpoint_forgotten_at_a_takeover(patch: pytest.MonkeyPatch) -> None:
    """A checkpoint that fell due where another wrote is not written."""

    def never(due: bool, seq: int, kind: Kind) -> bool:
        return False

    patch.setattr(folds, "checkpoint_due", never)


UNDER_FAULTS: tuple[Plant, ...] = (
    no_prev_check,
    monotonic_filter,
    epoch_not_checked,
    skip_on_decode_error,
    missing_claim,
    wrong_ack_taken_for_right,
    missing_ack_taken_for_right,
    committed_before_the_write_and_trusted,
    last_record_read_only,
    overlay_kept_after_a_failure,
    part_of_an_event_forgotten,
    checkpoint_forgotten_at_a_takeover,
)
"""Bugs that faults of processes and network bring out."""

UNDER_LOSS: tuple[tuple[Plant, str], ...] = (
    (input_not_compared, "input"),
    (lost_ledger_not_noticed, "ledger"),
)
"""Bugs that the loss of a topic's tail brings out."""
