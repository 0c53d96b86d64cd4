"""What is measured with: the demo's programme, and a simulated chain of 9.4 lines a basket."""

from collections.abc import Iterator
from functools import cache
from itertools import islice

from loyalty.programmes import GROCERY, IN_FORCE_FROM, activation_of
from processors.core.decide import decide
from processors.core.message import Given
from processors.core.overlay import Overlay
from processors.core.partition import PartitionState
from producers import simulate
from schemas.codec import decode_event, encode_event
from schemas.events import Event, SaleRecorded
from schemas.ledger import Record

MEMBERS, STORES, SEED = 2_500, 100, 7


def year(count: int | None = None) -> Iterator[Event]:
    """The programme's activation, and the first events of a year of the demo's size, or all."""
    yield activation_of(GROCERY, IN_FORCE_FROM)
    yield from islice(simulate.events(MEMBERS, STORES, years=1, seed=SEED), count)


@cache
def sales(count: int) -> tuple[SaleRecorded, ...]:
    """The first sales of members in that year."""
    of_members = (
        event
        for event in simulate.events(MEMBERS, STORES, years=1, seed=SEED)
        if isinstance(event, SaleRecorded) and event.header.member_id
    )
    return tuple(islice(of_members, count))


@cache
def decided(count: int) -> tuple[Record, ...]:
    """The ledger records of those sales, as one partition decides them."""
    overlay = Overlay(PartitionState(0, 1))
    events = [activation_of(GROCERY, IN_FORCE_FROM), *sales(count)]
    records = []
    for offset, event in enumerate(events):
        value = encode_event(event)
        given = Given(offset, value, decode_event(value))
        records += [one.record for one in decide(overlay, given)]
    return tuple(records[1:])
