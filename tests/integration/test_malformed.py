"""Messages that are no events of ours, written straight into the input beside those that are."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from io import BytesIO
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import fastavro
import pytest
from msgspec import Struct

from infra.embedded_log import EmbeddedLedgerLog, EmbeddedPublisherLog, EmbeddedWorkerLog
from processors.core.document import check
from processors.stream.fold import Fold
from processors.stream.worker import Limits, Worker
from producers import simulate
from producers.programmes import activation
from schemas.chain import Halt
from schemas.codec import EVENT_BYTES_MAX, FRAME_BYTES, encode_event, event_name, frame
from schemas.definitions import parsed
from schemas.events import (
    EVENT_TYPES,
    EVERY_PARTITION,
    BusinessDayClosed,
    Event,
    Line,
    SaleRecorded,
)
from schemas.ledger import Record
from schemas.records import replace
from schemas.topics import partition_of
from tests.schemas.mutants import cut, mutant

PARTITIONS = 4
GROCERY = Path(__file__).parents[2] / "programmes" / "grocery.yaml"
UNLIMITED = Limits(refused_in_a_row_max=1_000_000, refused_of_10000_max=10_000)
SCHEMAS = {frame(event_name(kind)): parsed(event_name(kind)) for kind in EVENT_TYPES}


class Sent(Struct, frozen=True):
    """A message as it goes into the input.

    Attributes:
        reasons: why it must be refused; empty for an event, or for what turns out to be one.
    """

    partition: int
    key: bytes
    value: bytes
    reasons: tuple[str, ...] = ()


def year() -> list[Event]:
    """A programme, and the first months of a small chain."""
    checked = check(GROCERY.read_text("utf-8"), GROCERY.name)
    events = simulate.events(members=40, stores=4, years=1, seed=3)
    first = next(events)
    starts = activation(checked.document, checked.document_hash, date(2017, 1, 1))
    return [starts, first, *islice(events, 4000)]


def as_sent(event: Event) -> list[Sent]:
    """An event where a publisher of ours puts it."""
    value = encode_event(event)
    if type(event) in EVERY_PARTITION:
        return [Sent(partition, b"", value) for partition in range(PARTITIONS)]
    account_id = event.header.account_id
    return [Sent(partition_of(account_id, PARTITIONS), account_id.encode(), value)]


def noise(_: Sent, random: Random) -> Sent:
    """Bytes of nobody."""
    value = random.choice((b"", b"\x00", b"\x01")) + random.randbytes(random.randrange(60))
    return Sent(random.randrange(PARTITIONS), b"", value, ("UNREADABLE", "UNKNOWN_SCHEMA"))


def shortened(like: Sent, random: Random) -> Sent:
    """An event whose end was lost."""
    return Sent(like.partition, like.key, cut(like.value[:-1], random), ("UNREADABLE",))


def unknown(like: Sent, random: Random) -> Sent:
    """An event under a schema that is none of the input's: a ledger record's, or nobody's."""
    schema_id = random.choice((1, 999, 1 << 31)).to_bytes(4)
    value = b"\x00" + schema_id + like.value[FRAME_BYTES:]
    return Sent(like.partition, like.key, value, ("UNKNOWN_SCHEMA",))


def astray(like: Sent, _: Random) -> Sent:
    """An event in a partition that is not its account's."""
    partition = (like.partition + 1) % PARTITIONS
    return Sent(partition, like.key, like.value, ("WRONG_PARTITION",))


def absurd(like: Sent, random: Random) -> Sent:
    """A whole sale in which one number or word is out of bounds."""
    sale = random.choice(BASKETS)
    line = replace(random.choice(sale.lines), **random.choice(ABSURD_LINES))
    header = replace(sale.header, **random.choice(ABSURD_HEADERS))
    changed = random.choice(({"header": header}, {"lines": (line,)}, {"lines": (TINY,) * 501}))
    value = encode_event(replace(sale, **changed))
    return Sent(like.partition, like.key, value, ("INVALID",))


def mutated(like: Sent, random: Random) -> Sent:
    """An event with a few bytes changed: perhaps an event still, which then is what it says."""
    return Sent(like.partition, like.key, mutant(like.value, random))


TINY = Line(1, "", "", "", "", "", (), 1000, 1, (), 1, 0, ())
ABSURD_LINES: list[dict[str, Any]] = [
    {"net_minor": 1 << 62}, {"gross_minor": -(1 << 62)}, {"quantity_milli": -1},
    {"line_no": -5}, {"tax_rate_ppm": (1 << 31) - 1}, {"sku": "x" * 201}, {"labels": ("",) * 33},
]  # fmt: skip
ABSURD_HEADERS: list[dict[str, Any]] = [
    {"business_date": 1 << 30}, {"business_date": -(1 << 30)}, {"occurred_at": 1 << 62},
    {"utc_offset_min": 100_000}, {"event_id": ""}, {"account_id": "a" * 1000},
    {"store_id": "\x1b[2J"}, {"member_id": "\n"},
]  # fmt: skip
Make = Callable[[Sent, Random], Sent]
MALFORMED: dict[Make, int] = {
    noise: 4000, shortened: 3000, unknown: 2000, astray: 2000, absurd: 2000, mutated: 7000,
}  # fmt: skip
YEAR = year()
BASKETS = [event for event in YEAR if isinstance(event, SaleRecorded) and 1 < len(event.lines) < 10]
DAY_ONE = next(i for i, event in enumerate(YEAR) if isinstance(event, BusinessDayClosed))


def disturbed(seed: int) -> list[Sent]:
    """The year with 20,000 malformed messages strewn over all of it but the first day.

    A mutant of a closing day before any day was closed would be free to close any day it says.
    """
    random = Random(seed)
    calm = [sent for event in YEAR[: DAY_ONE + 1] for sent in as_sent(event)]
    rest = [sent for event in YEAR[DAY_ONE + 1 :] for sent in as_sent(event)]
    accounts = [sent for sent in rest if sent.key]
    makes = [make for make, count in MALFORMED.items() for _ in range(count)]
    strewn: list[tuple[float, Sent]] = [(number, sent) for number, sent in enumerate(rest)]
    for make in makes:
        like = random.choice(accounts if make is astray else rest)
        strewn.append((random.uniform(0, len(rest)), make(like, random)))
    strewn.sort(key=lambda one: one[0])
    return calm + [sent for _, sent in strewn]


def run(home: Path, messages: Sequence[Sent], limits: Limits) -> Worker:
    """Write messages as they are, and let the real worker decide them."""
    publisher = EmbeddedPublisherLog(home, PARTITIONS)
    for sent in messages:
        publisher.publish(sent.partition, sent.key, sent.value)
    publisher.close()
    log = EmbeddedWorkerLog(home, PARTITIONS)
    worker = Worker(log, owner="test", code_version="test", limits=limits)
    while not worker.caught_up():
        worker.step()
    worker.close()
    return worker


def decisions(home: Path, partition: int) -> Iterator[tuple[int, bool, Record]]:
    """Of every accepted DECISION: the input offset, whether it is the event's last, the record."""
    log = EmbeddedLedgerLog(home, PARTITIONS)
    fold = Fold("live", partition, log.identity)
    for stored in log.read_ledger(partition, 0, log.ledger_end(partition)):
        record = fold.take(stored)
        if record is not None and record.decision != "NONE":
            yield fold.chain.source_offset, fold.chain.final, record
    log.close()


def read(value: bytes) -> dict[str, Any] | None:
    """What fastavro by itself makes of a message; None if it is not one whole event."""
    schema = SCHEMAS.get(value[:FRAME_BYTES])
    source = BytesIO(value[FRAME_BYTES:])
    try:
        datum: Any = fastavro.schemaless_reader(source, schema, None) if schema else None
    except Exception:  # noqa: BLE001  whatever it is, the bytes are no event
        return None
    return None if source.read() else datum


def test_every_malformed_message_ends_as_one_record_and_harms_no_neighbour(
    tmp_path: Path,
) -> None:
    """20,000 of them among a year's events, with the halt's limits raised.

    What does not decode whole, or breaks a bound, is one refusal with its reason; a mutant that is
    still an event is what it says; and every event has the records, to the last field, that it has
    in a log without the refused.
    """
    messages = disturbed(seed=1)
    worker = run(tmp_path / "disturbed", messages, UNLIMITED)
    assert worker.halted == {}
    kept: list[Sent] = []
    expected: dict[int, list[Record]] = {partition: [] for partition in range(PARTITIONS)}
    refused = mutants = 0
    found = {
        partition: list(decisions(tmp_path / "disturbed", partition))
        for partition in range(PARTITIONS)
    }
    by_offset: dict[tuple[int, int], list[tuple[bool, Record]]] = {}
    for partition, records in found.items():
        for offset, final, record in records:
            by_offset.setdefault((partition, offset), []).append((final, record))
    ends = dict.fromkeys(range(PARTITIONS), 0)
    for sent in messages:
        offset, ends[sent.partition] = ends[sent.partition], ends[sent.partition] + 1
        records = by_offset.pop((sent.partition, offset))
        assert [final for final, _ in records] == [False] * (len(records) - 1) + [True]
        last = records[-1][1]
        datum = read(sent.value)
        if sent.reasons or datum is None or last.reason == "INVALID":
            refused += 1
            assert len(records) == 1
            assert (last.decision, last.effects, last.before) == ("REFUSED", (), ())
            assert last.reason in (sent.reasons or ("UNREADABLE", "UNKNOWN_SCHEMA", "INVALID"))
            assert (datum is None) == (last.reason in {"UNREADABLE", "UNKNOWN_SCHEMA"})
        else:
            mutants += sent.value not in ORIGINALS
            assert last.event_id == datum["header"]["event_id"]
            assert last.event_type == event_type(sent.value)
            if last.reason == "WRONG_PARTITION":
                account_id = datum["header"]["account_id"]
                assert partition_of(account_id, PARTITIONS) != sent.partition
                continue
            kept.append(sent)
            expected[sent.partition] += [record for _, record in records]
    assert by_offset == {}
    assert refused > 15_000
    assert mutants > 300
    run(tmp_path / "calm", kept, UNLIMITED)
    for partition in range(PARTITIONS):
        calm = [record for _, _, record in decisions(tmp_path / "calm", partition)]
        assert calm == expected[partition]


ORIGINALS = {sent.value for event in YEAR for sent in as_sent(event)}


def event_type(value: bytes) -> str:
    """The type that a message's frame names."""
    return next(
        kind.__name__ for kind in EVENT_TYPES if frame(event_name(kind)) == value[:FRAME_BYTES]
    )


@pytest.mark.parametrize("count", [100, 101])
def test_too_many_in_a_row_halt_their_partition_and_no_other(tmp_path: Path, count: int) -> None:
    """A hundred messages of nobody are borne; one more means a broken producer, so it halts."""
    nobodys = [Sent(1, b"", b"nonsense")] * count
    sales = [sent for sale in BASKETS for sent in as_sent(sale)]
    worker = run(tmp_path, [*nobodys, *sales], Limits())
    if count > 100:
        assert {partition: reason for partition, (reason, _) in worker.halted.items()} == {
            1: Halt.TOO_MANY_REFUSED
        }
    else:
        assert worker.halted == {}
    for partition in (0, 2, 3):
        decided = len(list(decisions(tmp_path, partition)))
        assert decided == sum(sent.partition == partition for sent in sales)


def test_too_many_of_ten_thousand_halt_even_if_not_in_a_row(tmp_path: Path) -> None:
    """One message of nobody after every fifty events is over 1 %, and halts at the 101st."""
    sale = as_sent(BASKETS[0])[0]
    nobodys = Sent(sale.partition, b"", b"nonsense")
    worker = run(tmp_path, ([sale] * 50 + [nobodys]) * 110, Limits(batch=51))
    assert worker.halted[sale.partition][0] is Halt.TOO_MANY_REFUSED
    reasons = [record.reason for _, _, record in decisions(tmp_path, sale.partition)]
    assert reasons.count("UNREADABLE") == 101


def test_a_message_larger_than_an_event_may_be_is_refused(tmp_path: Path) -> None:
    """However large a message is, it is one refusal."""
    sale = as_sent(BASKETS[0])[0]
    large = Sent(sale.partition, sale.key, sale.value + bytes(EVENT_BYTES_MAX), ("INVALID",))
    run(tmp_path, [large, sale], UNLIMITED)
    reasons = [record.reason for _, _, record in decisions(tmp_path, sale.partition)]
    assert reasons == ["INVALID", ""]
