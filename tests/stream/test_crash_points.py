"""A crash before and after each step of input and output, on the embedded log.

The steps are the operations of the port; a wrapped log dies at the n-th call of one.  Whatever
was on its way is lost with the process, the file stays, and the next worker goes on.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.embedded_log import EmbeddedLedgerLog, EmbeddedPublisherLog, EmbeddedWorkerLog
from infra.simulated_world import Killed
from processors.stream.worker import Limits, Worker
from schemas import chain as chains
from tests.stream.histories import Sent, history
from tests.stream.ledgers import check_partition, walk

PARTITIONS = 2
OPERATIONS = (
    "poll", "seek", "resume", "append", "ledger_end", "read_ledger", "read_input", "ask_input",
    "commit", "committed", "input_end", "tell", "close",
)  # fmt: skip
"""All of the port but `pause`, which only a halted or displaced partition needs."""


@pytest.fixture(autouse=True)
def frequent_checkpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small history has checkpoints, too."""
    monkeypatch.setattr(chains, "CHECKPOINT_EVERY", 7)


class Dying:
    """The embedded log of a process that dies at a certain call.

    Args:
        operation, call, after: which call, counted from 1, and whether its work is done then.
    """

    def __init__(self, home: Path, operation: str = "", call: int = 0, after: bool = False) -> None:
        self.calls: Counter[str] = Counter()
        self._log = EmbeddedWorkerLog(home, PARTITIONS)
        self._point = (operation, call)
        self._after = after

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._log, name)
        return self._watched(name, found) if name in OPERATIONS else found

    def _watched(self, name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            self.calls[name] += 1
            dies = (name, self.calls[name]) == self._point
            if dies and not self._after:
                self._die()
            result = operation(*given)
            if dies:
                self._die()
            return result

        return call

    def _die(self) -> None:
        """As by kill -9: the system closes the files, and nobody writes anything more."""
        self._log._file.db.close()
        self._log._held.close()
        raise Killed


def work(log: Dying, owner: str) -> None:
    """One worker from its start to the end of the input, and its clean stop."""
    worker = Worker(log, owner=owner, code_version="now", limits=Limits(6, 0.0, 1000, 1000))
    while not worker.caught_up():
        worker.step()
    worker.close()


def publish(home: Path, messages: list[Sent]) -> None:
    """All of it, durably."""
    log = EmbeddedPublisherLog(home, PARTITIONS)
    for message in messages:
        log.publish(message.partition, message.key, message.value)
    log.close()


def decisions(home: Path) -> list[list[bytes]]:
    """What was decided, by partition, after holding it against every invariant."""
    log = EmbeddedLedgerLog(home, PARTITIONS)
    bodies = []
    for partition in range(PARTITIONS):
        records = list(log.read_ledger(partition, 0, log.ledger_end(partition)))
        end = log.input_end(partition)
        events = [log.read_input(partition, offset) for offset in range(end)]
        walked = check_partition(partition, PARTITIONS, records, events)
        bodies.append([one.body for one in walked.kept if one.record.decision != "NONE"])
    log.close()
    return bodies


POINTS = [
    (taken_over, operation, which, after)
    for taken_over in (False, True)
    for operation in OPERATIONS
    for which in ("first", "middle", "last")
    for after in (False, True)
    if taken_over or operation != "read_input"
]
"""In a first run and in one that takes over: each operation's first, middle and last call, before
and after its work.  Only who takes over compares the input."""


def begin(home: Path, taken_over: bool) -> None:
    """A home with a history; half of it decided, if it is to be taken over."""
    publish(home, history(3, PARTITIONS, 30))
    if taken_over:
        with pytest.raises(Killed):
            work(Dying(home, "append", 6), "the first")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, tuple[Counter[str], Any]]:
    """By whether it takes over: how often an undisturbed run calls what, and what it decides."""
    runs = {}
    for taken_over in (False, True):
        home = tmp_path_factory.mktemp("undisturbed")
        begin(home, taken_over)
        log = Dying(home)
        work(log, "the only one")
        runs[taken_over] = (log.calls, decisions(home))
    return runs


@pytest.mark.parametrize(("taken_over", "operation", "which", "after"), POINTS)
def test_a_crash_anywhere_changes_no_decision(
    taken_over: bool,
    operation: str,
    which: str,
    after: bool,
    tmp_path: Path,
    undisturbed: dict[bool, tuple[Counter[str], Any]],
) -> None:
    """Given a crash at that point, the next worker ends with the undisturbed run's decisions."""
    counts, expected = undisturbed[taken_over]
    calls = counts[operation]
    call = {"first": 1, "middle": (calls + 1) // 2, "last": calls}[which]
    begin(tmp_path, taken_over)
    with pytest.raises(Killed):
        work(Dying(tmp_path, operation, call, after), "the unlucky one")
    work(Dying(tmp_path), "the next")
    assert decisions(tmp_path) == expected


def test_a_worker_that_dies_at_every_append_gets_there_in_the_end(tmp_path: Path) -> None:
    """Crash after crash, each with some records written, nothing is lost or doubled."""
    messages = history(4, PARTITIONS, 40)
    publish(tmp_path, messages)
    crashes = 0
    while True:
        # Two appends open the partitions; the third has decisions in it.
        try:
            work(Dying(tmp_path, "append", 3, after=True), f"number {crashes}")
            break
        except Killed:
            crashes += 1
    assert crashes > 5
    assert len(decisions(tmp_path)) == PARTITIONS


def test_an_event_in_many_records_is_taken_up_at_its_next_part(tmp_path: Path) -> None:
    """Given a crash inside the close of a day, its parts are written once each."""
    messages = history(5, PARTITIONS, 60, members=12)
    publish(tmp_path, messages)
    crashes = inside = 0
    while True:
        try:
            log = Dying(tmp_path, "append", 3, after=True)
            worker = Worker(
                log, owner=f"number {crashes}", code_version="now", limits=Limits(1, 0.0, 99, 99)
            )
            while not worker.caught_up():
                worker.step()
            worker.close()
            break
        except Killed:
            crashes += 1
            inside += any(not chain_is_final(tmp_path, p) for p in range(PARTITIONS))
    assert inside > 3
    assert len(decisions(tmp_path)) == PARTITIONS


def chain_is_final(home: Path, partition: int) -> bool:
    """Whether the ledger ends behind a whole event."""
    log = EmbeddedLedgerLog(home, PARTITIONS)
    records = list(log.read_ledger(partition, 0, log.ledger_end(partition)))
    log.close()
    return walk(partition, PARTITIONS, records).chain.final


def test_a_publisher_that_dies_and_begins_again_changes_no_effect(tmp_path: Path) -> None:
    """Events published a second time are refused as duplicates, and nothing else happens."""
    messages = history(6, PARTITIONS, 40, malformed=0)
    once, again = tmp_path / "once", tmp_path / "again"
    publish(once, messages)
    publish(again, messages[:25])
    publish(again, messages)
    for home in (once, again):
        work(Dying(home), "the only one")
    effects = []
    for home in (once, again):
        log = EmbeddedLedgerLog(home, PARTITIONS)
        walked = [
            walk(p, PARTITIONS, list(log.read_ledger(p, 0, log.ledger_end(p))))
            for p in range(PARTITIONS)
        ]
        effects.append(
            [[one.record.effects for one in part.kept if one.record.effects] for part in walked]
        )
        log.close()
    assert effects[0] == effects[1]
