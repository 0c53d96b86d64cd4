"""Microseconds per step of a sale inside the processor, each step by itself."""

from collections.abc import Iterator
from hashlib import sha256

from infra.log import Identity
from loyalty.programmes import GROCERY, IN_FORCE_FROM, activation_of
from processors.core.decide import decide
from processors.core.message import Given
from processors.core.overlay import Overlay
from processors.core.partition import PartitionState
from processors.stream.fold import Fold
from processors.stream.tip import Tip
from schemas.codec import decode_event, encode_body, encode_event
from tests.bench.figures import Figure, all_us, each_us
from tests.bench.workload import decided, sales

BATCH = 1_000


def figures(count: int = 5_000) -> Iterator[Figure]:
    """Decode, decide, encode and hash; and what folding a record takes who reads the ledger."""
    values = [encode_event(sale) for sale in sales(count)]
    yield Figure("decode", each_us(decode_event, values), "µs", "≤ 14")
    givens = [Given(i + 1, value, decode_event(value)) for i, value in enumerate(values)]
    yield Figure("decide", all_us(lambda: _decide(givens), count, 3), "µs")
    records = list(decided(count))
    yield Figure("encode", each_us(encode_body, records), "µs", "≤ 11")
    tip = Tip(Fold("live", 0, Identity("", "", 1)).chain)
    whole = each_us(lambda record: tip.decision(record, 1, 0, final=True), records)
    yield Figure("encode, prefix and hash", whole, "µs")
    stored = [tip.decision(record, 1, 0, final=True) for record in records]
    yield Figure("hash", each_us(lambda value: sha256(value).digest(), stored), "µs")


def _decide(givens: list[Given]) -> None:
    state = PartitionState(0, 1)
    overlay = Overlay(state)
    starts = encode_event(activation_of(GROCERY, IN_FORCE_FROM))
    list(decide(overlay, Given(0, starts, decode_event(starts))))
    for start in range(0, len(givens), BATCH):
        for given in givens[start : start + BATCH]:
            for _ in decide(overlay, given):
                pass
        overlay.commit()
        overlay = Overlay(state)
