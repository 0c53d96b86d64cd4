"""What many promotions cost a sale that only a few of them can apply to."""

import time
from collections.abc import Iterator, Sequence

from loyalty.programmes import IN_FORCE_FROM
from processors.core.decide import decide
from processors.core.document import check
from processors.core.message import Given
from processors.core.overlay import Overlay
from processors.core.partition import PartitionState
from producers.programmes import activation
from schemas.codec import decode_event, encode_event
from tests.bench.figures import Figure
from tests.bench.workload import sales

HEAD = """
programme: many
version: 1
zone: America/New_York
currency: USD
wallets:
  points: {value: {units: 300, amount: 10.00}, expiry: {rolling: {months: 12}}}
groups:
  boosts: {combine: best, on: line}
promotions:
"""
DEPARTMENTS = ("GROCERY", "PRODUCE", "DELI", "MEAT", "FLORAL", "PASTRY", "DRUG GM", "SEAFOOD")
FEW, MANY = 25, 500


def figures(count: int = 2_000) -> Iterator[Figure]:
    """Deciding sales by 500 promotions, of which 25 can apply to a basket, beside those 25."""
    few = list(_applying())
    many = [*few, *_elsewhere(MANY - FEW)]
    programmes = [_programme(few), _programme(many)]
    givens = [
        Given(at, value, decode_event(value))
        for at, value in enumerate((encode_event(sale) for sale in sales(count)), start=1)
    ]
    best = [float("inf"), float("inf")]
    for _ in range(5):
        for at, starts in enumerate(programmes):
            best[at] = min(best[at], _seconds(starts, givens))
    yield Figure(
        f"decide by {MANY} promotions, of which {FEW} can apply",
        best[1] * 1e6 / count,
        "µs",
        "≤ 1.3 times",
        f"what those {FEW} cost",
        best[1] / best[0],
    )


def _programme(promotions: Sequence[str]) -> bytes:
    checked = check(HEAD + "".join(f"  - {{{one}}}\n" for one in promotions))
    starts = activation(checked.document, checked.document_hash, IN_FORCE_FROM)
    return encode_event(starts)


def _seconds(starts: bytes, givens: Sequence[Given]) -> float:
    overlay = Overlay(PartitionState(0, 1))
    list(decide(overlay, Given(0, starts, decode_event(starts))))
    started = time.process_time()
    for given in givens:
        for _ in decide(overlay, given):
            pass
    return time.process_time() - started


def _applying() -> Iterator[str]:
    """25 that any basket may meet."""
    yield "id: base, kind: per_amount, give: {points: 1}, per: 1.00"
    for at, department in enumerate(DEPARTMENTS):
        items = f"items: {{departments: [{department}]}}"
        yield f"id: boost-{at}, kind: multiplier, multiply: {{points: 2}}, {items}, group: boosts"
        yield f"id: each-{at}, kind: per_item, give: {{points: 1}}, {items}"
        yield f"id: basket-{at}, kind: bonus, give: {{points: 5}}, basket: {{at_least: {20 + at}}}"


def _elsewhere(count: int) -> Iterator[str]:
    """For other articles, stores, channels and days than those of the basket."""
    for at in range(count):
        items = f"items: {{brands: [Brand {at}]}}"
        points = "give: {points: 5}"
        yield (
            f"id: elsewhere-{at}, "
            + (
                f"kind: multiplier, multiply: {{points: 2}}, {items}, group: boosts",
                f"kind: per_item, {points}, {items}",
                f"kind: bonus, {points}, basket: {{{items}, units: 2}}",
                f"kind: bonus, {points}, where: {{stores: [S{at}]}}",
                f"kind: bonus, {points}, where: {{channels: [web]}}",
                f"kind: bonus, {points}, when: {{first_day: 2019-03-01, last_day: 2019-03-31}}",
            )[at % 6]
        )
