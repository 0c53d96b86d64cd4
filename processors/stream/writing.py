"""One partition's records between being decided and being acknowledged.

Nothing here touches the partition's state before every record is acknowledged at the offset that
was expected; on anything else this is dropped as a whole, and the ledger is read again.
"""

from collections.abc import Callable, Iterator, Sequence

from infra.log import LogUnavailable, Message
from processors.core.message import Decided, Given
from processors.core.overlay import Overlay
from processors.stream.fold import EVENTS_REMEMBERED, Fold, checkpoint_due, digest_of
from processors.stream.halts import PartitionHalted, halted_by
from processors.stream.input import ReadInput, next_original, read_original
from processors.stream.tally import Tally
from processors.stream.tip import Tip
from schemas import chain as chains
from schemas.chain import Halt, Kind
from schemas.codec import decoded
from schemas.ledger import Record

Decide = Callable[[Overlay, Given, int], Iterator[Decided]]
"""As `processors.core.decide.decide`: overlay, message, first part → records."""


class Writing:
    """Records of one partition on their way.

    Args:
        fold: the accepted ledger that they extend.
        decide: what decides.
        read_input: the partition's input, for what a decision needs beside its own event.
        ask_input: says ahead, and without waiting, at which offset it is read next.

    Attributes:
        fold: the accepted ledger that they extend; unchanged until `commit`.
        values: decided and not yet appended.
        tally: what the DECISIONs so far come to.
        events: how many events were begun.
        failed: an acknowledgement was not the expected one; nothing more may be sent.
    """

    def __init__(
        self,
        fold: Fold,
        decide: Decide,
        read_input: ReadInput,
        ask_input: Callable[[int], None],
    ) -> None:
        self.fold = fold
        self.values: list[bytes] = []
        self.tally = Tally(fold.partition)
        self.events = 0
        self.failed = False
        self._overlay = Overlay(fold.state)
        self._decide = decide
        self._read_input = read_input
        self._ask_input = ask_input
        self._tip = Tip(fold.chain)
        self._heads: list[bytes] = []
        self._decided: dict[int, bytes] = {}
        self._expected = fold.position
        self._checkpoint_due = fold.checkpoint_due

    def decide(self, messages: Sequence[Message]) -> Iterator[None]:
        """Decide messages in order, pausing after each record so that the caller may send.

        Messages before the expected offset are dropped: they were decided already.

        Raises:
            PartitionHalted: the input has a gap or changed, or an event cannot be decided.  What
                was yielded before stands.
            LogUnavailable: the input cannot be read.
        """
        expected, first_part = self.fold.next_source
        fresh = [message for message in messages if message.offset >= expected]
        unbroken = [
            message for number, message in enumerate(fresh) if message.offset == expected + number
        ]
        if first_part and unbroken and digest_of(unbroken[0].value) != self.fold.decided[expected]:
            detail = f"input offset {expected} held another event when its first part was decided"
            raise PartitionHalted(Halt.INPUT_CHANGED, detail)
        offset = looked = -1
        try:
            self._write_due_checkpoint()
            for at, message in enumerate(unbroken):
                offset = message.offset
                if at > looked:
                    looked = self._look_ahead(unbroken, at)
                self.events += 1
                # One by one, each forgotten before the next: what is made and kept for a whole
                # batch leaves the processor's cache, and costs as much again as making it.
                event = decoded(message.value)
                original = read_original(self._read_input, self._overlay, event)
                given = Given(offset, message.value, event, original)
                for one in self._decide(self._overlay, given, first_part):
                    self._add(self._tip.decision(one.record, offset, one.part, one.final))
                    self.tally.add(one.record, offset, final=one.final)
                    self._decided[offset] = one.record.event_digest
                    if self._tip.seq % chains.CHECKPOINT_EVERY == 0:
                        self._checkpoint_due = True
                        self._write_due_checkpoint()
                    yield
                first_part = 0
        except LogUnavailable:
            raise
        except Exception as problem:
            raise halted_by(problem, f"input offset {offset}") from problem
        if len(unbroken) < len(fresh):
            came = fresh[len(unbroken)].offset
            detail = f"input offset {expected + len(unbroken)} was expected and {came} came"
            raise PartitionHalted(Halt.INPUT_GAP, detail)

    def _look_ahead(self, messages: Sequence[Message], start: int) -> int:
        """Ask for what a message from `start` on needs, so that it comes meanwhile; its place."""
        at, wanted = next_original(messages, start, self._overlay)
        if wanted is not None:
            self._ask_input(wanted)
        return at

    def _write_due_checkpoint(self) -> None:
        """After many claims a CHECKPOINT may itself lie where one is due behind it."""
        while self._checkpoint_due:
            self._add(self._tip.mark(Kind.CHECKPOINT, Record(totals=self._overlay.totals())))
            self._checkpoint_due = checkpoint_due(False, self._tip.seq, Kind.CHECKPOINT)

    def _add(self, value: bytes) -> None:
        self.values.append(value)
        self._heads.append(self._tip.head)

    def acknowledged(self, offsets: Sequence[int] | None) -> None:
        """Hold the acknowledged offsets of `values` against the expected ones, and let these go."""
        after = self._expected + len(self.values)
        if offsets is None or list(offsets) != list(range(self._expected, after)):
            self.failed = True
        self._expected = after
        self.values = []

    def commit(self) -> None:
        """Everything is acknowledged as expected: the fold now reaches to here."""
        fold = self.fold
        self._overlay.commit()
        fold.chain = self._tip.chain()
        for head in self._heads:
            fold.recent.add(head)
        fold.position = self._expected
        if self._heads:
            fold.head_offset = self._expected - 1
        for offset, digest in list(self._decided.items())[-EVENTS_REMEMBERED:]:
            fold.remember_decided(offset, digest)
        fold.checkpoint_due = self._checkpoint_due
