"""An old processor that was paused wakes up beside a new owner with newer code."""

import random
from itertools import pairwise

import pytest

from infra.log import LedgerLog
from infra.settings import Settings
from processors.core.versions import DECIDER_VERSION
from processors.stream.fold import Fold
from schemas.chain import Kind, read_prefix
from tests.recovery.line import PROGRAMME, YEAR, Line, Tables, line
from tests.recovery.newer_code import CODE_VERSION, NEWER_DECIDER_VERSION

LONG = [pytest.mark.long, pytest.mark.timeout(600)]


@pytest.mark.parametrize(
    "seed", [pytest.param(1), *(pytest.param(n, marks=LONG) for n in range(2, 6))]
)
def test_a_paused_processor_harms_nothing(
    kafka_settings: Settings, undisturbed: Tables, seed: int
) -> None:
    """What it had in flight does not count, it works on beside the new one, no table differs."""
    chance = random.Random(seed)
    slow = kafka_settings.model_copy(update={"batch_events": 5})
    with line(slow) as run:
        run.run("activate", *PROGRAMME)
        old = run.start("process")
        publisher = run.start("publish", *YEAR)
        run.wait_for_decided(chance.randrange(200, 2000))

        old.pause()
        publisher.expect_success()
        new = run.start(module="tests.recovery.newer_code")
        run.wait_for_epochs_above(run.epochs())
        run.wait_for_decided(run.decided_count() + chance.randrange(100, 1000))
        old.wake()
        run.finish(old, new)

        assert codes_in_order(run) >= {("older", "newer")}
        assert run.tables() == undisturbed
        run.run("verify")


def codes_in_order(run: Line) -> set[tuple[str, ...]]:
    """Which codes followed each other in the partitions; every decision is its claimant's."""
    return {
        before_and_after
        for fold in run.folds
        for before_and_after in changes(run.reader, fold)
    }  # fmt: skip


def changes(reader: LedgerLog, known: Fold) -> set[tuple[str, ...]]:
    """The changes of code in one partition, from accepted records alone.

    Fails if a record counts that was decided by other code than the last claim's.
    """
    fold = Fold("live", known.partition, reader.identity)
    codes: list[str] = []
    for stored in reader.read_ledger(known.partition, 0, known.position):
        record = fold.take(stored)
        if record is None:
            continue
        if record.claim is not None:
            codes.append("newer" if record.claim.code_version == CODE_VERSION else "older")
        if read_prefix(stored.value)[0].kind is Kind.DECISION:
            versions = {"newer": NEWER_DECIDER_VERSION, "older": DECIDER_VERSION}
            assert record.decider_version == versions[codes[-1]]
    return set(pairwise(codes))
