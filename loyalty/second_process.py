"""The demo's second process: it publishes and fills the tables while the first one decides.

Both cores are used that way, and the log is the only thing the two share.
"""

import multiprocessing
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event

from msgspec import Struct

from infra import postgres
from infra.log import LedgerLog
from infra.settings import Settings
from infra.wiring import ledger_log, publisher_log
from loyalty import services
from loyalty.beside import Flag, beside
from loyalty.children import complaining, follow_the_first, started_in_peace
from loyalty.feeds import Feed
from loyalty.outcome import Code, Trouble
from loyalty.pacing import Pace, quarter_by_quarter
from loyalty.programmes import GROCERY, IN_FORCE_FROM, activation_of
from loyalty.publishing import GoingOn, written
from producers.publish import publish
from projections.install import install

_CONTEXT = multiprocessing.get_context("spawn")


class Shared(Struct, frozen=True):
    """What the two tell each other.

    Attributes:
        events, records: how many are published, and projected.
        published: everything is in the log.
        decided: everything is in the ledger.
        complaint: where the second says what kept it from its work.
    """

    events: "Synchronized[int]"
    records: "Synchronized[int]"
    published: Event
    decided: Event
    complaint: Connection


class Second(Struct, frozen=True):
    """The second process as the first one sees it."""

    shared: Shared
    failed: Connection
    process: multiprocessing.process.BaseProcess

    def broken(self) -> bool:
        """Whether it ended before its work was done."""
        return self.process.exitcode not in (None, 0)

    def join(self) -> None:
        """Wait for its end.

        Raises:
            Trouble: it could not do its work.
        """
        self.process.join()
        if not self.broken():
            return
        try:
            sentence, code = self.failed.recv()
        except EOFError:
            again = "The demo's second process ended early; run the demo again to go on."
            raise Trouble(again, Code.OUT_OF_REACH) from None
        raise Trouble(sentence, Code(code))


@contextmanager
def second_process(settings: Settings, feed: Feed) -> Iterator[Second]:
    """Publish the feed and fill the tables, while the block decides."""
    failed, complaint = _CONTEXT.Pipe(duplex=False)
    counts = _CONTEXT.Value("q", 0), _CONTEXT.Value("q", 0)
    shared = Shared(*counts, _CONTEXT.Event(), _CONTEXT.Event(), complaint)
    process = _CONTEXT.Process(target=_work, args=(settings, feed, shared))
    with started_in_peace():
        process.start()
    complaint.close()
    try:
        yield Second(shared, failed, process)
    finally:
        process.kill()  # a process that has ended does not mind


def _work(settings: Settings, feed: Feed, shared: Shared) -> None:
    follow_the_first()

    def tell(records: int) -> None:
        shared.records.value = records

    def fill(ended: Flag) -> None:
        def given_up() -> bool:
            return ended() and not shared.published.is_set()

        services.project(settings, given_up, until=shared.decided.is_set, progress=tell)

    with complaining(shared.complaint), postgres.server(settings):
        install(settings)
        with beside("projector", fill) as broken:
            _publish(settings, feed, shared, broken)
            shared.published.set()


def _publish(settings: Settings, feed: Feed, shared: Shared, broken: Flag) -> None:
    """The programme and the year, but for what an interrupted run has written."""

    def tell(events: int, _day: int) -> None:
        shared.events.value = events

    events = feed.events()
    # A folder that holds no year is found out here, before anything is written.
    beginning = [activation_of(GROCERY, IN_FORCE_FROM), next(events)]
    with ExitStack() as held:
        reader = ledger_log(settings)
        held.callback(reader.close)
        log = GoingOn(publisher_log(settings), written(reader))
        held.callback(log.close)
        connection = held.enter_context(postgres.connect(settings, "analyst"))
        pace = Pace(log, reader, connection, broken)
        publish(quarter_by_quarter(chain(beginning, events), pace), log, tell)


def input_ends(log: LedgerLog) -> dict[int, int]:
    """How many events each partition has."""
    return {partition: log.input_end(partition) for partition in range(log.identity.partitions)}
