"""Bytes and records: our own readers and writers are fastavro's, only quicker."""

from random import Random

import pytest
from hypothesis import given

from schemas import codec, ledger
from schemas.codec import (
    EventRefused,
    decode_body,
    decode_event,
    decoded,
    encode_body,
    encode_event,
)
from schemas.events import Event, SaleRecorded
from schemas.records import replace
from schemas.refusals import Refusal
from schemas.varint import INT_MAX, INT_MIN, LONG_MAX, LONG_MIN, LONGS, read_long, write_long
from tests.schemas import anything, avro_reference, examples
from tests.schemas.mutants import mutant


@given(anything.records)
def test_a_ledger_record_is_written_as_fastavro_writes_it(record: ledger.Record) -> None:
    """Byte for byte, for every effect and every edge of a number."""
    assert encode_body(record) == avro_reference.body_bytes(record)


@given(anything.records)
def test_a_ledger_record_is_read_as_it_was_written(record: ledger.Record) -> None:
    """Reading undoes writing, wherever in the bytes the record begins."""
    value = encode_body(record)
    assert decode_body(value, 0) == record == avro_reference.body(value)
    assert decode_body(b"prefix" + value, 6) == record


@given(anything.events)
def test_an_event_is_written_as_fastavro_writes_it(event: Event) -> None:
    """Byte for byte, for every type and every bound."""
    assert encode_event(event) == avro_reference.event_bytes(event)


@given(anything.events)
def test_an_event_is_read_as_it_was_written(event: Event) -> None:
    """Reading undoes writing, by itself and among others."""
    value = encode_event(event)
    assert decode_event(value) == event
    assert decoded(value) == event


@pytest.mark.parametrize("seed", range(4))
def test_a_mutant_of_a_ledger_record_is_read_as_fastavro_reads_it(seed: int) -> None:
    """The quick reader answers as fastavro does or leaves it to fastavro; nothing else."""
    random = Random(seed)
    values = [encode_body(record) for record in examples.records()]
    whole = 0
    for _ in range(2500):
        value = mutant(random.choice(values), random)
        expected = avro_reference.body(value)
        if expected is None:
            with pytest.raises(ValueError, match=r"."):
                decode_body(value, 0)
        else:
            whole += 1
            assert decode_body(value, 0) == expected
    assert whole > 100


def test_lists_in_several_blocks_are_read() -> None:
    """Avro lets a writer cut a list into blocks, with or without their sizes; we read them all."""
    record = ledger.Record(before=tuple(ledger.Outstanding("w", n) for n in (1, 2, 3)))
    value = encode_body(record)
    one_block = b"\x06\x02w\x02\x02w\x04\x02w\x06\x00"
    assert value.count(one_block) == 1
    for blocks in (
        b"\x02\x02w\x02\x04\x02w\x04\x02w\x06\x00",
        b"\x05\x12\x02w\x02\x02w\x04\x02w\x06\x00",
    ):
        assert decode_body(value.replace(one_block, blocks), 0) == record


def test_a_number_of_more_than_64_bits_is_read_as_fastavro_reads_it() -> None:
    """Ten bytes can say more than 64 bits; what is made of them is not ours to say."""
    value = encode_body(ledger.Record(occurred_at=LONG_MIN))
    longest = write_long(LONG_MIN)
    assert value.count(longest) == 1
    absurd = value.replace(longest, longest[:-1] + b"\x7f")
    assert decode_body(absurd, 0) == avro_reference.body(absurd)


def test_a_number_with_too_many_bits_is_not_written() -> None:
    """What Avro cannot say is an error, not another number: 64 bits of a long, 32 of an int."""
    for number in (LONG_MIN - 1, LONG_MAX + 1, 1 << 80):
        with pytest.raises(OverflowError):
            encode_body(ledger.Record(occurred_at=number))
    for number in (INT_MIN - 1, INT_MAX + 1):
        with pytest.raises(OverflowError):
            encode_body(ledger.Record(business_date=number))


def test_a_digest_of_another_length_is_not_written() -> None:
    """A fixed of 32 bytes has 32 bytes, or the rest of the record would be shifted."""
    with pytest.raises(ValueError, match="31 bytes where the schema wants 32"):
        encode_body(ledger.Record(event_digest=bytes(31)))


@given(anything.NUMBERS)
def test_a_number_is_read_as_it_was_written(number: int) -> None:
    """Zigzag and varint are undone, and the next thing starts behind them."""
    coded = write_long(number)
    assert LONGS[number] == coded
    assert read_long(b"\xff" + coded + b"\xff", 1) == (number, 1 + len(coded))
    assert len(coded) <= 10


def test_a_number_without_end_is_refused() -> None:
    """Ten bytes are the most that 64 bits need."""
    with pytest.raises(ValueError, match="more than ten bytes"):
        read_long(b"\xff" * 11, 0)


SALE = encode_event(examples.event(examples.FOLDER / "sale_recorded/1/member_basket.json"))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"", Refusal.UNREADABLE),
        (b"\x00\x00\x00\x00", Refusal.UNREADABLE),
        (b'{"sale": 1}', Refusal.UNREADABLE),
        (b"\x01" + SALE[1:], Refusal.UNREADABLE),
        (SALE[:-1], Refusal.UNREADABLE),
        (SALE + b"\x00", Refusal.UNREADABLE),
        (SALE[:5], Refusal.UNREADABLE),
        (b"\x00\x00\x00\x03\xe7" + SALE[5:], Refusal.UNKNOWN_SCHEMA),
        (b"\x00\x00\x00\x00\x01" + SALE[5:], Refusal.UNKNOWN_SCHEMA),
        (SALE.replace(b"\x06USD", b"\x04US"), Refusal.INVALID),
        (SALE.replace(b"1187", b"11\n7"), Refusal.INVALID),
        (SALE + bytes(codec.EVENT_BYTES_MAX), Refusal.INVALID),
    ],
)
def test_bytes_that_are_no_event_are_refused(value: bytes, reason: Refusal) -> None:
    """Each kind of broken message has its reason, and no message raises anything else."""
    with pytest.raises(EventRefused) as refused:
        decode_event(value)
    assert refused.value.reason is reason


def test_an_event_larger_than_its_limit_is_not_written() -> None:
    """A producer learns at once what a processor would refuse later."""
    sale = examples.event(examples.FOLDER / "sale_recorded/1/widest_numbers.json")
    assert isinstance(sale, SaleRecorded)
    with pytest.raises(ValueError, match="more than allowed"):
        encode_event(replace(sale, lines=sale.lines * 500))
