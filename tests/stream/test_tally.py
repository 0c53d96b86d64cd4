"""What a batch came to, for counters and a few lines of a log."""

import pytest

from processors.stream.tally import Tally
from schemas.buckets import MOVES, Sums, add_effects
from schemas.ledger import Effect, Record
from tests.schemas import examples

# Those without a wallet show the bounds of numbers, and could not be decided.
EXAMPLES = [
    effect
    for record in examples.records()
    for effect in record.effects
    if getattr(effect, "wallet", "none") != ""
]


@pytest.mark.parametrize("effect", EXAMPLES, ids=lambda effect: type(effect).__name__)
def test_what_moves_points_is_counted_as_the_bucket_that_moves_most(effect: Effect) -> None:
    """No effect that moves points is missing in the counters, and none is there that does not."""
    tally, sums = Tally(0), Sums()
    tally.add(Record(account_id="H7", decision="ACCEPTED", effects=(effect,)), 0, final=True)
    add_effects(sums, [effect], business_date=0)

    kind = type(effect)
    moved = {(wallet, kind.__name__): max(map(abs, row)) for wallet, row in sums.items()}
    assert tally.points == moved
    assert bool(moved) == (kind in MOVES)


def test_every_effect_that_moves_points_has_such_an_example() -> None:
    """So what is new among them is counted, or told here."""
    assert set(MOVES) <= {type(effect) for effect in EXAMPLES}
