"""Every reason to halt, brought about in the log of a service, and what the service then says."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.embedded_file import FILE_NAME
from infra.embedded_log import append_one
from infra.metrics import HALTED, Metrics
from infra.settings import Settings
from infra.wiring import ledger_log, publisher_log
from loyalty import services
from loyalty.journal import Journal
from loyalty.oncall.advice import sentences
from loyalty.outcome import Trouble
from processors.core.versions import DECIDER_VERSION
from processors.stream.tip import Tip
from schemas.chain import Halt, Kind
from schemas.codec import encode_event
from schemas.ledger import Record, VoucherExpired
from schemas.records import replace
from tests.loyalty.command import here
from tests.loyalty.test_closing import Heard
from tests.stream.histories import FIRST_DAY, activation, history, sale
from tests.stream.ledgers import Walked, walk

STRICT = {"partitions": "1", "refused_in_a_row_max": "10"}


def ledger(home: Path) -> Walked:
    """The ledger as it stands."""
    log = ledger_log(Settings(home=home, partitions=1))
    try:
        return walk(0, 1, list(log.read_ledger(0, 0, log.ledger_end(0))))
    finally:
        log.close()


def written(home: Path, *values: bytes) -> None:
    """Records that lie in the ledger, whoever wrote them."""
    for value in values:
        append_one(home, 1, 0, value)


def changed(home: Path, statement: str) -> None:
    """The log's file changed by hand."""
    with sqlite3.connect(home / FILE_NAME) as file:
        assert file.execute(statement).rowcount


def newer_programme(home: Path) -> None:
    """A programme that demands code of tomorrow."""
    event = activation(9, 1, FIRST_DAY)
    told(home, encode_event(replace(event, min_decider_version=DECIDER_VERSION + 1)))


def told(home: Path, *values: bytes) -> None:
    """Messages in the input."""
    log = publisher_log(Settings(home=home, partitions=1))
    for value in values:
        log.publish(0, b"", value)
    log.close()


def other_topic(home: Path) -> None:
    """The ledger stands beside an input that it was not made for."""
    changed(home, "UPDATE identity SET input_topic_id = 'another'")


def skipped_event(home: Path) -> None:
    """A record that extends the chain passes over one event."""
    chain = ledger(home).chain
    written(home, Tip(chain).decision(Record(), chain.source_offset + 2, 0, True))


def other_totals(home: Path) -> None:
    """A CHECKPOINT states sums that nobody else comes to."""
    now = ledger(home)
    wrong = replace(now.state.totals(), accounts_digest=bytes(32))
    written(home, Tip(now.chain).mark(Kind.CHECKPOINT, Record(totals=wrong)))


def lost_tail(home: Path) -> None:
    """A backup of yesterday was put in the place of the ledger."""
    changed(home, "DELETE FROM ledger WHERE place >= (SELECT max(place) - 4 FROM ledger)")


def other_event(home: Path) -> None:
    """Another event lies where one was decided."""
    other = encode_event(sale(99, "somebody", FIRST_DAY, (100,))).hex()
    changed(
        home,
        f"UPDATE events SET value = x'{other}' WHERE place = (SELECT max(place) FROM events)",  # noqa: S608
    )


def missing_event(home: Path) -> None:
    """An offset is skipped between two events."""
    told(home, *(encode_event(sale(90 + n, "m0", FIRST_DAY, (100,))) for n in range(3)))
    changed(home, "DELETE FROM events WHERE place = (SELECT max(place) - 1 FROM events)")


def noise(home: Path) -> None:
    """A producer that writes something else."""
    told(home, *(b"no event %d" % number for number in range(30)))


def impossible_record(home: Path) -> None:
    """A record that fits the chain and no state: whoever wrote it has a defect."""
    now = ledger(home)
    last = next(one.record for one in reversed(now.kept) if one.record.account_id)
    wrong = replace(
        last,
        effects=(VoucherExpired("never issued", "ten-off", "p", "", FIRST_DAY),),
        before=(),
    )
    written(home, Tip(now.chain).decision(wrong, now.chain.source_offset + 1, 0, True))


PROVOKED: dict[Halt, Callable[[Path], None]] = {
    Halt.UPGRADE_ME: newer_programme,
    Halt.BAD_GENESIS: other_topic,
    Halt.BAD_SOURCE: skipped_event,
    Halt.SUMS_DIFFER: other_totals,
    Halt.LEDGER_LOST: lost_tail,
    Halt.INPUT_CHANGED: other_event,
    Halt.INPUT_GAP: missing_event,
    Halt.TOO_MANY_REFUSED: noise,
    Halt.DEFECT: impossible_record,
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A shop whose events are all decided."""
    log = publisher_log(Settings(home=tmp_path, partitions=1))
    for message in history(1, 1, 60, malformed=0):
        log.publish(0, message.key, message.value)
    log.close()
    assert here(tmp_path, "process", "--until-end", **STRICT).returncode == 0
    return tmp_path


def test_every_reason_is_brought_about() -> None:
    """A new reason comes with its accident."""
    assert list(PROVOKED) == list(Halt)


@pytest.mark.parametrize("reason", list(Halt))
def test_a_service_that_meets_it_says_so_everywhere(home: Path, reason: Halt) -> None:
    """Given the accident, the process, `status`, `halts` and the metric tell the same reason."""
    PROVOKED[reason](home)

    ran = here(home, "process", "--until-end", **STRICT)
    asked = [here(home, verb, **STRICT) for verb in ("status", "halts")]
    metrics = Metrics()
    settings = Settings(home=home, partitions=1, refused_in_a_row_max=10)
    journal, around = Journal(Heard()), services.Around(metrics=metrics)
    with pytest.raises(Trouble):
        services.process(settings, journal, services.never, until=lambda: True, around=around)

    assert [ran.returncode, *(one.returncode for one in asked)] == [4, 4, 4]
    assert metrics.value(HALTED, 0, reason) == 1
    what, *advice = sentences(0, reason, "")
    for answer in (ran.stderr, *(one.stdout for one in asked)):
        assert what.removesuffix("()") in answer
        assert all(line in answer for line in advice)


@pytest.mark.parametrize("reason", [Halt.TOO_MANY_REFUSED, Halt.INPUT_GAP])
def test_what_was_known_of_a_partition_is_told_while_it_stands_still(
    home: Path, reason: Halt
) -> None:
    """A halt takes neither the last closed day nor the programme out of force."""
    before = here(home, "status", **STRICT).stdout
    known = [line for line in before.splitlines() if line.startswith(("Last closed", "In force"))]
    assert len(known) == 2
    PROVOKED[reason](home)

    for ran in ("halts while it decides", "halts when it is opened again"):
        assert here(home, "process", "--until-end", **STRICT).returncode == 4, ran
        status = here(home, "status", **STRICT).stdout
        assert all(line in status for line in known), ran
