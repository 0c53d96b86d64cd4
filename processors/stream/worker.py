"""The worker: the only writer of the ledger partitions that it holds.

Poll, decide, append, check the acknowledgement, take the change over.  Memory is a cache of the
accepted ledger: thrown away whenever in doubt, never ahead of acknowledged records.

A partition is in one of four conditions: not ours; waiting to be opened; open; halted.
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from infra import collector
from infra.log import Message, WorkerLog
from processors.core.decide import decide as decide_now
from processors.core.partition import PartitionState
from processors.stream.fold import Fold, check_head, read_on, read_to_end
from processors.stream.halts import PartitionHalted
from processors.stream.opening import claim_partition, stand_at_input
from processors.stream.resuming import LOOKED_EVERY_S, resumption
from processors.stream.seat import Seat, last_programmes, written
from processors.stream.watch import NOBODY, Watch
from processors.stream.writing import Decide, Writing
from schemas.chain import Halt
from schemas.ledger import Claim

CLAIM_AGAIN_S = (0.05, 0.5)
"""After a claim that was not accepted: a random time between these."""
DISPLACED_S = (1.0, 30.0)
"""After somebody else's claim: the first time, doubling to the second."""


class Limits(Struct, frozen=True):
    """How much at once, and how much is too much; see the settings of these names.

    Attributes:
        batch: most messages polled at a time; at most a quarter more records are appended.
        wait_s: longest wait of an idle poll.
        refused_in_a_row_max, refused_of_10000_max: more halts the partition.
        opening: most ledger records read at a time by who opens a partition: between times the
            group is served and the service says that it lives, so that neither takes a long
            ledger for a worker that hangs.
    """

    batch: int = 1000
    wait_s: float = 0.1
    refused_in_a_row_max: int = 100
    refused_of_10000_max: int = 100
    opening: int = 50_000


DEFAULTS = Limits()


class _Waiting(Struct):
    """Assigned and not open: try at `at`; what was read of the ledger is kept between tries."""

    at: float
    why: str
    fold: Fold | None = None


class _Open(Struct, frozen=True):
    """Claimed by us under `epoch`."""

    fold: Fold
    epoch: int


class Worker:
    """One member of the group.

    Args:
        log: its seat.
        owner: who this is, unlike every other run of every worker: it tells claims apart.
        code_version: written into claims, for people.
        generation: the run of the ledger that it writes.
        limits: see `Limits`.
        watch: is told what happens.
        beat: is called whenever records are in the ledger: a step that closes a day for very many
            accounts is long, and shows so that it does not hang.
        decide: what decides; another than the real one only where newer code is tried beside it.
        now: seconds of a clock that never goes back; wall: seconds since 1970.
        chance: spreads repeated claims.

    Attributes:
        halted: partition → reason and detail, of what stands still.
    """

    def __init__(
        self,
        log: WorkerLog,
        *,
        owner: str,
        code_version: str,
        generation: str = "live",
        limits: Limits = DEFAULTS,
        watch: Watch = NOBODY,
        beat: Callable[[], None] = lambda: None,
        decide: Decide = decide_now,
        now: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        chance: random.Random | None = None,
    ) -> None:
        self.halted: dict[int, tuple[Halt, str]] = {}
        self._log = log
        self._owner = owner
        self._code_version = code_version
        self._generation = generation
        self._limits = limits
        self._watch = watch
        self._beat = beat
        self._decide_event = decide
        self._now = now
        self._wall = wall
        self._chance = chance or random.Random(owner)  # noqa: S311  not a secret
        self._waiting: dict[int, _Waiting] = {}
        self._open: dict[int, _Open] = {}
        self._displaced_s: dict[int, float] = {}
        # What was last said of a partition while it was open; it holds while it stands still, too.
        self._seats: dict[int, Seat] = {}
        # Of a halted partition: when to look whether it was resumed, and from where in its ledger.
        self._looked: dict[int, tuple[float, int]] = {}
        self._idle = False

    def run(self, stop: Callable[[], bool]) -> None:
        """Step until told to stop; what is decided is acknowledged when this returns."""
        opened: set[int] = set()
        while not stop():
            self.step()
            if opened != self._open.keys():
                opened = set(self._open)
                collector.spare()

    def step(self) -> int:
        """Poll once, open what is due, decide what came; how many events were decided.

        Where no more waits, some of what the next CHECKPOINT states is worked out ahead.

        Raises:
            LogUnavailable: the log cannot go on.  The process should end; a new one begins anew.
        """
        polled = self._log.poll(self._limits.batch, self._patience_s())
        for partition in polled.lost:
            self._release(partition)
        for partition in polled.assigned:
            self._waiting[partition] = _Waiting(self._now(), "assigned")
        # A partition that opens now was not asked for messages yet.
        waiting = len(self._waiting)
        self._look_for_resumed()
        self._open_one()
        self._idle = not polled.messages and len(self._waiting) == waiting
        decided = self._decide(polled.messages) if polled.messages else 0
        if len(polled.messages) < self._limits.batch:
            for mine in self._open.values():
                mine.fold.state.sum_ahead()
        return decided

    def caught_up(self) -> bool:
        """Whether every assigned partition is halted, or decided to the end that it has now.

        Raises:
            LogUnavailable: the log cannot be asked.
        """
        if not self._idle or self._waiting:
            return False
        behind = (
            partition
            for partition, mine in self._open.items()
            if mine.fold.next_source[0] < self._log.input_end(partition)
        )
        return bool(self._open or self.halted) and next(behind, None) is None

    def positions(self) -> dict[int, int]:
        """Of every open partition: the input offset that it decides next."""
        return {partition: mine.fold.next_source[0] for partition, mine in self._open.items()}

    def states(self) -> Sequence[PartitionState]:
        """The states of the open partitions, to be looked at and not changed."""
        return [mine.fold.state for mine in self._open.values()]

    def opening(self) -> Sequence[int]:
        """The partitions that are assigned and not open yet."""
        return sorted(self._waiting)

    def state_digests(self) -> dict[int, str]:
        """Of every open partition: the digest of its state."""
        return {partition: mine.fold.state.digest() for partition, mine in self._open.items()}

    def close(self) -> None:
        """Leave the group."""
        self._log.close()

    def _patience_s(self) -> float:
        """How long a poll may wait without delaying what is due."""
        due = min((waiting.at for waiting in self._waiting.values()), default=None)
        if due is None:
            return self._limits.wait_s
        return min(max(due - self._now(), 0.0), self._limits.wait_s)

    def _release(self, partition: int) -> None:
        for kept in (
            self._open, self._waiting, self.halted, self._looked, self._displaced_s, self._seats,
        ):  # fmt: skip
            kept.pop(partition, None)
        self._watch.released(partition)

    def _halt(self, partition: int, halted: PartitionHalted) -> None:
        """Keep the partition, standing still: leaving would only pass the trouble on."""
        self._open.pop(partition, None)
        self._waiting.pop(partition, None)
        self._log.pause(partition)
        self.halted[partition] = (halted.reason, halted.detail)
        self._looked[partition] = (self._now() + LOOKED_EVERY_S, self._log.ledger_end(partition))
        self._tell(partition)
        self._watch.halted(partition, halted.reason, halted.detail)

    def _look_for_resumed(self) -> None:
        """A halted partition that a person lets go on is opened anew."""
        now = self._now()
        for partition in list(self.halted):
            at, start = self._looked[partition]
            if now < at:
                continue
            end = self._log.ledger_end(partition)
            self._looked[partition] = (now + LOOKED_EVERY_S, end)
            records = self._log.read_ledger(partition, start, end)
            said = [why for one in records if (why := resumption(one.value))]
            if said:
                del self.halted[partition]
                self._waiting[partition] = _Waiting(now, said[-1])

    def _open_one(self) -> None:
        """Try the first partition that is due: one a step, so that the group is served between."""
        now = self._now()
        due = [partition for partition, waiting in self._waiting.items() if waiting.at <= now]
        if not due:
            return
        partition = due[0]
        try:
            self._try_open(partition, self._waiting[partition])
        except PartitionHalted as halted:
            self._halt(partition, halted)

    def _try_open(self, partition: int, waiting: _Waiting) -> None:
        fold = waiting.fold or Fold(self._generation, partition, self._log.identity)
        waiting.fold = fold
        if not read_on(fold, self._log, self._limits.opening):
            return
        claim = Claim(self._owner, self._code_version, waiting.why)
        if not claim_partition(self._log, fold, claim):
            waiting.at = self._now() + self._chance.uniform(*CLAIM_AGAIN_S)
            self._watch.displaced(partition, fold.chain.epoch)
            return
        self._watch.ignored(partition, fold.ignored)
        fold.ignored.clear()
        # Said before the last checks, so that it is known of a partition that they halt.
        opened = _Open(fold, fold.chain.epoch)
        # Whoever held it last may have been cut off before this was noted.
        self._log.commit(partition, fold.next_source[0])
        self._tell(partition, opened)
        self._check_refusals(fold)
        stand_at_input(self._log, fold)
        del self._waiting[partition]
        self._open[partition] = opened
        self._log.resume(partition)
        self._watch.opened(partition, fold.chain.epoch)

    def _tell(self, partition: int, opened: _Open | None = None) -> None:
        """Note who holds the partition and how it stands, for whoever asks.

        `opened` is the partition if it is only about to be open.
        """
        now_ms = int(self._wall() * 1000)
        seat = self._seats.get(partition) or Seat(self._owner, self._code_version, 0, now_ms)
        mine = opened or self._open.get(partition)
        if mine is not None:
            state = mine.fold.state
            programmes = last_programmes(state.programmes)
            seat = self._seats[partition] = replace(
                seat, epoch=mine.epoch, closed_through=state.closed_through, programmes=programmes
            )
        halted, detail = self.halted.get(partition, ("", ""))
        told = replace(seat, since_ms=now_ms, halted=halted, detail=detail)
        self._log.tell(partition, written(told))

    def _decide(self, messages: Sequence[Message]) -> int:
        """Decide what was polled, sending whenever enough is decided."""
        started = self._now()
        by_partition: dict[int, list[Message]] = {}
        for message in messages:
            by_partition.setdefault(message.partition, []).append(message)
        writings: dict[int, Writing] = {}
        halts: dict[int, PartitionHalted] = {}
        kept = 0
        for partition, mine in by_partition.items():
            if partition not in self._open:
                continue
            writing = writings[partition] = Writing(
                self._open[partition].fold,
                self._decide_event,
                partial(self._log.read_input, partition),
                partial(self._log.ask_input, partition),
            )
            try:
                for _ in writing.decide(mine):
                    kept += 1
                    # Some messages become several records, and one append takes all of a poll's.
                    if kept >= self._limits.batch + self._limits.batch // 4:
                        self._send(writings)
                        kept = 0
                        if writing.failed:
                            break
            except PartitionHalted as halted:
                halts[partition] = halted
        self._send(writings)
        seconds = self._now() - started
        for partition, writing in writings.items():
            if writing.failed:
                self._resync(partition)
                continue
            self._take_over(partition, writing, seconds, by_partition[partition][-1].timestamp_ms)
            if partition in halts and partition in self._open:
                self._halt(partition, halts[partition])
        return sum(writing.events for writing in writings.values() if not writing.failed)

    def _send(self, writings: Mapping[int, Writing]) -> None:
        """Append what is decided, and hold the acknowledgements against what was expected."""
        batches = {
            partition: writing.values
            for partition, writing in writings.items()
            if writing.values and not writing.failed
        }
        if batches:
            offsets = self._log.append(batches)
            for partition in batches:
                writings[partition].acknowledged(offsets.get(partition))
            self._beat()

    def _take_over(
        self, partition: int, writing: Writing, seconds: float, timestamp_ms: int
    ) -> None:
        """The batch is in the ledger: so is the change in memory now."""
        writing.commit()
        fold = writing.fold
        self._displaced_s.pop(partition, None)
        self._log.commit(partition, fold.next_source[0])
        if writing.tally.whole:
            self._tell(partition)
        self._watch.decided(partition, writing.tally, seconds, timestamp_ms)
        try:
            self._check_refusals(fold)
        except PartitionHalted as halted:
            self._halt(partition, halted)

    def _resync(self, partition: int) -> None:
        """An acknowledgement was not the expected one: nothing is in flight, so read again."""
        mine = self._open[partition]
        fold = mine.fold
        self._watch.resynced(partition)
        try:
            check_head(fold, self._log)
            read_to_end(fold, self._log)
            if fold.chain.epoch == mine.epoch:
                stand_at_input(self._log, fold)
        except PartitionHalted as halted:
            self._halt(partition, halted)
            return
        self._watch.ignored(partition, fold.ignored)
        fold.ignored.clear()
        if fold.chain.epoch == mine.epoch:
            return
        # Somebody else claimed.  If the group still says it is ours after the next poll, claim.
        del self._open[partition]
        self._log.pause(partition)
        pause_s = self._displaced_s.get(partition, DISPLACED_S[0])
        self._displaced_s[partition] = min(2 * pause_s, DISPLACED_S[1])
        self._waiting[partition] = _Waiting(self._now() + pause_s, "displaced")
        self._watch.displaced(partition, fold.chain.epoch)

    def _check_refusals(self, fold: Fold) -> None:
        in_a_row, of_10000 = self._limits.refused_in_a_row_max, self._limits.refused_of_10000_max
        if fold.state.refused_too_often(in_a_row, of_10000):
            raise PartitionHalted(
                Halt.TOO_MANY_REFUSED,
                f"up to input offset {fold.chain.source_offset}: more than {in_a_row} messages in a"
                f" row, or {of_10000} of the last 10,000, are no events of this system",
            )
