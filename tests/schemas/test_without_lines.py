"""Reading a ledger record without its lines leaves out the lines, and nothing else."""

from random import Random

import pytest
from hypothesis import given

from schemas import ledger
from schemas.codec import decode_body, decode_body_without_lines, encode_body
from schemas.records import replace
from tests.schemas import anything, examples
from tests.schemas.mutants import mutant


def without_lines(record: ledger.Record) -> ledger.Record:
    """The record, but for what it says line by line."""
    sale = record.sale
    return replace(
        record,
        sale=sale and replace(sale, quantities_milli=(), nets_minor=()),
        effects=tuple(
            replace(effect, points_by_line=())
            if isinstance(effect, ledger.PointsEarned | ledger.PointsReversed)
            else effect
            for effect in record.effects
        ),
    )


@given(anything.records)
def test_all_but_the_lines_is_read_as_it_was_written(record: ledger.Record) -> None:
    """Wherever the bytes begin, and whatever numbers were passed over."""
    value = b"prefix" + encode_body(record)

    assert without_lines(decode_body_without_lines(value, 6)) == without_lines(record)


def test_the_lines_are_not_there() -> None:
    """Only how many lines there were is known, from their numbers."""
    lines = (1, 2, 300)
    sale = ledger.Sale("1", "USD", "", lines, (1000, -1, 2**40), (-5, 64, 8191), 1, 0, 1, 0, "")
    earned = ledger.PointsEarned("points", "s#1", 9, 9, (), (4, 0, 500), "base", "", "", 1, 2)
    record = ledger.Record(event_id="s", sale=sale, effects=(earned,))

    read = decode_body_without_lines(encode_body(record), 0)

    assert read == without_lines(record)
    assert read.sale is not None
    assert read.sale.line_numbers == lines


@pytest.mark.parametrize("seed", range(2))
def test_what_is_no_record_is_refused_with_or_without_lines(seed: int) -> None:
    """Both ways take the same bytes: a projector halts where an audit does."""
    random = Random(seed)
    values = [encode_body(record) for record in examples.records()]
    taken = 0
    for _ in range(2500):
        value = mutant(random.choice(values), random)
        try:
            whole = decode_body(value, 0)
        except ValueError:
            with pytest.raises(ValueError, match=r"."):
                decode_body_without_lines(value, 0)
        else:
            taken += 1
            assert without_lines(decode_body_without_lines(value, 0)) == without_lines(whole)
    assert taken > 100
