"""Records of the schemas: alike if their fields are, copied, sent and shown."""

from copy import copy
from typing import Any

import pytest

from schemas.records import asdict, astuple, replace
from tests.schemas import examples

EVERY = [*examples.events(), *examples.records()]
EVERY += [effect for record in examples.records() for effect in record.effects]
WORDED = [one for one in EVERY if any(isinstance(value, str) for value in astuple(one))]


@pytest.mark.parametrize("record", WORDED, ids=lambda record: type(record).__name__)
def test_records_are_alike_if_their_fields_are(record: Any) -> None:
    """A copy is equal, and so is its hash; another value in one field makes another record."""
    name, value = next((n, v) for n, v in asdict(record).items() if isinstance(v, str))
    other = replace(record, **{name: value + "x"})

    assert copy(record) == record
    assert hash(copy(record)) == hash(record)
    assert other != record
    assert replace(other, **{name: value}) == record
    assert f"{name}={value!r}" in repr(record)


def test_there_is_no_other_field() -> None:
    """A field that is misspelt is said, not added."""
    with pytest.raises(TypeError, match="recipt_no"):
        replace(examples.events()[0], recipt_no="1")
