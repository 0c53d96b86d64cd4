"""A small simulated year, decided by the real worker, on the embedded log."""

from datetime import date
from pathlib import Path

from infra.embedded_log import EmbeddedPublisherLog, EmbeddedWorkerLog
from processors.core.programme import check
from processors.stream.worker import Worker
from producers.programmes import activation
from producers.publish import publish
from producers.simulate.year import events

PROGRAMME = Path(__file__).parents[2] / "programmes" / "grocery.yaml"
PARTITIONS = 4


def decide_a_year(home: Path, members: int) -> None:
    """Publish a year of a simulated chain and decide all of it."""
    programme = check(PROGRAMME.read_text("utf-8"), PROGRAMME.name)
    publisher = EmbeddedPublisherLog(home, PARTITIONS)
    starts = date(2017, 1, 1)
    publish([activation(programme.document, programme.document_hash, starts)], publisher)
    publish(events(members, stores=5, years=1, seed=7, first_day=starts), publisher)
    publisher.close()
    worker = Worker(EmbeddedWorkerLog(home, PARTITIONS), owner="test", code_version="test")
    worker.run(lambda: worker.caught_up() or bool(worker.halted))
    worker.close()
    assert worker.halted == {}
