"""Events by generated code: never read otherwise than fastavro and msgspec read them."""

from random import Random

import pytest

from schemas import codec
from schemas.codec import EventRefused, decode_event, decoded, encode_event, event_name, frame
from schemas.definitions import parsed
from schemas.events import EVENT_TYPES, Event, SaleRecorded
from schemas.records import replace
from schemas.refusals import Refusal
from schemas.wire.event.sale_recorded import read_sale_recorded
from schemas.wire.source import UNUSUAL, Source
from tests.schemas import examples
from tests.schemas.mutants import mutant

EXAMPLES = [event for event in examples.events() if isinstance(event, SaleRecorded)]
KINDS = {frame(event_name(kind)): kind for kind in EVENT_TYPES}


def sale(number: int) -> SaleRecorded:
    """One of many sales, each with another number of lines and other amounts."""
    random = Random(number)
    like = EXAMPLES[0]
    lines = tuple(
        replace(
            random.choice(like.lines), line_no=n + 1, net_minor=random.randrange(-(10**6), 10**6)
        )
        for n in range(random.choice((0, 1, 2, 9, 70)))
    )
    header = replace(like.header, event_id=f"0319|4|2017-02-03|{number}|sale")
    return replace(like, header=header, receipt_no=str(number), lines=lines)


def said(value: bytes) -> Event | Refusal:
    """The event, or why it is none."""
    event = decoded(value)
    return event.reason if isinstance(event, EventRefused) else event


def reference(value: bytes) -> Event | Refusal:
    """What fastavro and msgspec say of the bytes."""
    kind = KINDS[value[: codec.FRAME_BYTES]]
    try:
        return codec._decode_unusual_event(value, kind, parsed(event_name(kind)))
    except EventRefused as refused:
        return refused.reason


def test_a_sale_is_read_quickly() -> None:
    """The quick way answers, and answers right: it is not the reference behind a curtain."""
    for number in range(200):
        value = encode_event(sale(number))
        source = Source(value, codec.FRAME_BYTES)
        assert read_sale_recorded(source) == sale(number)
        assert source.at == len(value)


def test_the_words_of_an_article_are_remembered() -> None:
    """The same article read twice is the same words, not equal ones."""
    first, second = (decode_event(encode_event(sale(3))) for _ in range(2))
    assert isinstance(first, SaleRecorded)
    assert isinstance(second, SaleRecorded)
    assert first.lines[0].sku is second.lines[0].sku
    assert first.lines[0].category is second.lines[0].category


@pytest.mark.parametrize("seed", range(6))
def test_a_mutant_of_an_event_is_read_as_the_reference_reads_it(seed: int) -> None:
    """Whatever is done to the bytes of an event, both ways say the same of them."""
    random = Random(seed)
    values = [encode_event(event) for event in examples.events()]
    values += [encode_event(sale(number)) for number in range(40)]
    still_events = 0
    for _ in range(2000):
        value = random.choice(values)
        changed = value[: codec.FRAME_BYTES] + mutant(value[codec.FRAME_BYTES :], random)
        assert said(changed) == reference(changed)
        still_events += not isinstance(said(changed), Refusal)
    assert 100 < still_events < 1900


@pytest.mark.parametrize(
    "line",
    [
        {"line_no": -1},
        {"line_no": 100_001},
        {"quantity_milli": -1},
        {"quantity_milli": -9000},
        {"quantity_milli": 10**13 + 1},
        {"gross_minor": -(10**12) - 1},
        {"net_minor": 10**12 + 1},
        {"tax_rate_ppm": 10_000_001},
        {"sku": "x" * 201},
        {"labels": ("x",) * 33},
        {"flags": ("x" * 201,)},
    ],
    ids=str,
)
def test_every_bound_of_a_line_holds(line: dict[str, object]) -> None:
    """A value out of its bounds is INVALID, however quickly the rest is read."""
    good = sale(3)
    bad = replace(good, lines=(replace(good.lines[0], **line),))
    value = encode_event(bad)
    with pytest.raises(UNUSUAL):
        read_sale_recorded(Source(value, codec.FRAME_BYTES))
    with pytest.raises(EventRefused, match=r"Expected|bound"):
        decode_event(value)


@pytest.mark.parametrize(
    "words",
    [{"receipt_no": "11\n87"}, {"currency": "U\x1b$"}, {"vouchers": ("ok", "\x00")}],
    ids=str,
)
def test_a_control_character_is_refused(words: dict[str, object]) -> None:
    """What cannot be printed in ledger, table and terminal is no word of an event."""
    with pytest.raises(EventRefused, match="control character"):
        decode_event(encode_event(replace(sale(7), **words)))


def test_a_word_may_have_more_bytes_than_characters() -> None:
    """A bound counts characters: 200 of two bytes each are within it."""
    good = sale(3)
    line = replace(good.lines[0], category="é" * 200)
    wide = replace(good, lines=(line,))
    assert decode_event(encode_event(wide)) == wide
