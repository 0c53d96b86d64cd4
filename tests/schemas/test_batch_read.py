"""Sales by the hundred: read by columns, and never otherwise than one by one."""

from random import Random

import msgspec
import pytest

from schemas.batch_read import BatchReader, NotCertain
from schemas.codec import (
    BATCH_MIN,
    FRAME_BYTES,
    EventRefused,
    decode_event,
    decode_events,
    encode_event,
    event_name,
    frame,
)
from schemas.definitions import parsed
from schemas.events import Event, SaleRecorded
from tests.schemas import examples
from tests.schemas.mutants import mutant, run_together

HEAD = frame(event_name(SaleRecorded))
EXAMPLES = [event for event in examples.events() if isinstance(event, SaleRecorded)]
READER = BatchReader(parsed(event_name(SaleRecorded)), SaleRecorded)


def sale(number: int) -> SaleRecorded:
    """One of many sales, each with another number of lines and other amounts."""
    random = Random(number)
    like = EXAMPLES[0]
    lines = tuple(
        msgspec.structs.replace(
            random.choice(like.lines), line_no=n + 1, net_minor=random.randrange(-(10**6), 10**6)
        )
        for n in range(random.choice((0, 1, 2, 9, 70)))
    )
    header = msgspec.structs.replace(like.header, event_id=f"0319|4|2017-02-03|{number}|sale")
    return msgspec.structs.replace(like, header=header, receipt_no=str(number), lines=lines)


def one_by_one(values: list[bytes]) -> list[Event | tuple[str, str]]:
    """What the reference says of each; a refusal as its reason and sentence."""
    said: list[Event | tuple[str, str]] = []
    for value in values:
        try:
            said.append(decode_event(value))
        except EventRefused as refused:
            said.append((refused.reason, str(refused)))
    return said


def together(values: list[bytes]) -> list[Event | tuple[str, str]]:
    """What is said of all, in the same form."""
    return [
        (item.reason, str(item)) if isinstance(item, EventRefused) else item
        for item in decode_events(values)
    ]


def test_many_sales_are_read_by_columns() -> None:
    """The quick way answers, and answers right: it is not the reference behind a curtain."""
    sales = [*EXAMPLES, *map(sale, range(200))]
    assert READER.read([encode_event(each)[FRAME_BYTES:] for each in sales]) == sales
    assert decode_events([encode_event(each) for each in sales]) == sales


def test_events_of_all_types_keep_their_order() -> None:
    """Other types and refusals stand among the sales where they stood in the log."""
    events = [encode_event(event) for event in examples.events()]
    values = []
    for number in range(2 * BATCH_MIN):
        values += [encode_event(sale(number)), events[number % len(events)], b"nonsense"]
    assert together(values) == one_by_one(values)


@pytest.mark.parametrize("seed", range(6))
def test_a_mutant_never_changes_what_is_read(seed: int) -> None:
    """Whenever the quick way answers, its answer is what is said of each alone.

    A mutant may still be a sale, so the quick way does answer some of them.
    """
    random = Random(seed)
    values = [encode_event(sale(number)) for number in range(40)]
    certain = 0
    for _ in range(1000):
        batch = random.sample(values, 6)
        if random.random() < 0.2:
            datums = run_together([value[FRAME_BYTES:] for value in batch], random)
        else:
            at = random.randrange(len(batch))
            datums = [value[FRAME_BYTES:] for value in batch]
            datums[at] = mutant(datums[at], random)
        try:
            read = READER.read(datums)
        except NotCertain:
            continue
        certain += 1
        alone = one_by_one([HEAD + datum for datum in datums])
        # Whether words can be printed is asked of the records, after reading.
        assert read == alone or any("control character" in str(each) for each in alone)
    assert 50 < certain < 950


@pytest.mark.parametrize("seed", range(3))
def test_a_batch_with_mutants_is_read_as_one_by_one(seed: int) -> None:
    """Valid neighbours of a mutant are unharmed, and the mutant is refused or what it says."""
    random = Random(100 + seed)
    for _ in range(40):
        values = [encode_event(sale(number)) for number in range(BATCH_MIN)]
        for at in random.sample(range(BATCH_MIN), random.choice((1, 1, 3))):
            values[at] = mutant(values[at], random)
        assert together(values) == one_by_one(values)


@pytest.mark.parametrize(
    "line",
    [
        {"line_no": -1},
        {"line_no": 100_001},
        {"quantity_milli": 10**13 + 1},
        {"gross_minor": -(10**12) - 1},
        {"sku": "x" * 201},
        {"labels": ("x",) * 33},
        {"flags": ("x" * 201,)},
    ],
    ids=str,
)
def test_every_bound_holds_in_a_batch(line: dict[str, object]) -> None:
    """A value out of its bounds is refused among hundreds as it is alone."""
    good = sale(3)
    assert good.lines
    bad = msgspec.structs.replace(good, lines=(msgspec.structs.replace(good.lines[0], **line),))
    values = [encode_event(sale(number)) for number in range(BATCH_MIN)]
    values[7] = encode_event(bad)
    assert isinstance(decode_events(values)[7], EventRefused)
    assert together(values) == one_by_one(values)


@pytest.mark.parametrize(
    "words",
    [{"receipt_no": "11\n87"}, {"currency": "U\x1b$"}, {"vouchers": ("ok", "\x00")}],
    ids=str,
)
def test_a_control_character_is_refused_in_a_batch(words: dict[str, object]) -> None:
    """What cannot be printed is refused among hundreds as it is alone."""
    values = [encode_event(sale(number)) for number in range(BATCH_MIN)]
    values[7] = encode_event(msgspec.structs.replace(sale(7), **words))
    assert isinstance(decode_events(values)[7], EventRefused)
    assert together(values) == one_by_one(values)


def test_a_word_may_have_more_bytes_than_characters() -> None:
    """A bound counts characters: 200 of two bytes each are within it, in a batch as alone."""
    good = sale(3)
    line = msgspec.structs.replace(good.lines[0], category="é" * 200)
    wide = msgspec.structs.replace(good, lines=(line,))
    values = [encode_event(each) for each in [*map(sale, range(BATCH_MIN)), wide]]
    assert decode_events(values)[-1] == wide


def test_a_type_that_columns_cannot_prove_is_not_read_by_them() -> None:
    """A boolean may be any byte, so no length could tell a mutant of one."""

    class WithBoolean(msgspec.Struct):
        flag: bool

    with pytest.raises(NotImplementedError):
        BatchReader(parsed(event_name(SaleRecorded)), WithBoolean)
