"""Segments looked up when a business day has closed, and told to the log as events.

What the tables say feeds back in this one way: by events, which are decided like all others, so
that a decision still reads no table.  Only accounts whose place differs from what the tables show
are told; told twice for one day, the event is the same and a duplicate.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from decimal import Decimal
from fractions import Fraction

import psycopg
from msgspec import Struct
from pydantic import BaseModel

from infra import postgres
from infra.log import LedgerLog
from infra.settings import Settings
from infra.wiring import ledger_log, publisher_log_of_service
from loyalty.beside import Flag
from loyalty.journal import Lines
from loyalty.outcome import Trouble
from processors.core.document import check
from processors.words.segment import Segment, definition_hash
from producers.publish import publish
from producers.segments import Moves, moved
from projections import segments
from projections.install import install
from projections.segment_words import Value, Words, compiled
from schemas.events import SegmentEntered, SegmentLeft

LOOKED_EVERY_S = 1.0
"""How often a service asks whether a day has closed."""
BEHIND_MAX = 5_000
"""With more events than this in the log that the tables do not hold, older days are closing."""


class Found(Struct, frozen=True):
    """What the close of a business day changes of all segments.

    Attributes:
        closed: the day, and where each partition closed it.
        moves: by segment, those that the programme no longer has last.
        zone: in which the day ended.
    """

    closed: segments.Closed
    moves: tuple[Moves, ...]
    zone: str

    def events(self) -> Iterator[SegmentEntered | SegmentLeft]:
        """What is to be told to the log."""
        for one in self.moves:
            yield from moved(one, self.closed.day, self.closed.seqs, self.zone)


def find(connection: psycopg.Connection, day: date | None = None) -> Found | None:
    """Who enters and leaves as of a closed day, the last one if none is said; None before any.

    Args:
        connection: of an analyst, in autocommit mode.
        day: a business day that every partition has closed.

    Raises:
        Trouble: the day has not closed in every partition.
    """
    with segments.snapshot(connection):
        fresh = segments.fresh_day(connection)
        if day is not None and (fresh is None or day > fresh):
            last = "no day has" if fresh is None else f"the last one that has is {fresh}"
            raise Trouble(f"{day} has not closed in every partition; {last}.")
        if fresh is None:
            return None
        closed = segments.closed(connection, day or fresh)
        if closed.document is None:
            return Found(closed, (), "UTC")
        programme = check(closed.document).body
        said = json.loads(closed.document).get("segments") or {}
        inside = segments.inside(connection, closed.day)
        moves = []
        for name, words in programme.segments.items():
            query = compiled(words_of(words), closed.day, programme.currency)
            found, before = segments.members(connection, query), inside.get(name, {})
            left = {account: old for account, old in before.items() if account not in found}
            entered = tuple(sorted(found - before.keys()))
            moves.append(Moves(name, definition_hash(said[name]), entered, left, len(found)))
        # Whoever is in a segment that the programme no longer has, is in it by words of the past.
        gone = sorted(inside.keys() - programme.segments.keys())
        moves += [Moves(name, "", (), inside[name], 0) for name in gone]
    return Found(closed, tuple(moves), str(programme.zone))


def words_of(segment: Segment) -> Words:
    """The words that are said, as the tables are asked by them."""
    words = {name: word for name, word in segment if isinstance(word, BaseModel)}
    return {
        word: {name: _exact(value) for name, value in said if value is not None}
        for word, said in words.items()
    }


def _exact(value: Fraction | int | tuple[str, ...]) -> Value:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return value


def look(settings: Settings, lines: Lines) -> int:
    """Find who enters and leaves as of the last closed day, and publish it; how many do.

    Raises:
        LogUnavailable, DatabaseUnavailable: one of the two is out of reach.
    """
    with postgres.server(settings):
        install(settings)
        with postgres.connect(settings, "analyst") as connection:
            found = find(connection)
    return 0 if found is None else tell(settings, lines, found)


def tell(settings: Settings, lines: Lines, found: Found) -> int:
    """Publish who enters and leaves, and say so; how many do.

    Raises:
        LogUnavailable: the log is out of reach.
    """
    events = list(found.events())
    if events:
        log = publisher_log_of_service(settings)
        try:
            publish(events, log)
        finally:
            log.close()
    for one in found.moves:
        lines.info(
            "segment looked up",
            segment=one.segment,
            date=found.closed.day.isoformat(),
            entered=len(one.entered),
            left=len(one.left),
            inside=one.inside_count,
        )
    return len(events)


def follow(settings: Settings, lines: Lines, stop: Flag) -> None:
    """Look up the segments whenever a business day has closed everywhere, until told to stop.

    While a history is caught up with, its days are passed over: what holds is told of the last.

    Raises:
        LogUnavailable, DatabaseUnavailable: one of the two is out of reach.
    """
    with ExitStack() as held:
        held.enter_context(postgres.server(settings))
        install(settings)
        log = ledger_log(settings)
        held.callback(log.close)
        connection = held.enter_context(postgres.connect(settings, "analyst"))
        looked: date | None = None
        told_to: Mapping[int, int] = {}
        while not stop():
            fresh = segments.fresh_day(connection)
            if fresh is not None and fresh != looked and _current(connection, log, told_to):
                found = find(connection, fresh)
                if found is not None and tell(settings, lines, found):
                    told_to = _ends(log)
                looked = fresh
            else:
                time.sleep(LOOKED_EVERY_S / 5)


def _current(connection: psycopg.Connection, log: LedgerLog, told_to: Mapping[int, int]) -> bool:
    """Whether the tables hold what was told the last time, and nearly all that the log has."""
    offsets = segments.input_offsets(connection)
    behind = sum(end - 1 - offsets.get(p, -1) for p, end in _ends(log).items())
    return behind <= BEHIND_MAX and all(offsets.get(p, -1) >= end - 1 for p, end in told_to.items())


def _ends(log: LedgerLog) -> dict[int, int]:
    return {partition: log.input_end(partition) for partition in range(log.identity.partitions)}
