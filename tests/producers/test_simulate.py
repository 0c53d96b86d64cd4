"""The simulated chain: one stream for one seed, whose events fit together."""

import os
import subprocess
import sys
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from itertools import islice, pairwise

import pytest

from producers import simulate
from producers.simulate import year
from schemas.codec import decode_event, encode_event
from schemas.events import (
    BusinessDayClosed,
    Event,
    MemberEnrolled,
    OfferMade,
    PointsRedeemed,
    SaleRecorded,
    SaleReturned,
)

SMALL_YEAR = (60, 12, 1, 11)
DIGEST = "7dc216410611fcb88c971ee995ed71a951eb90f989ea1cba22bdb2f0bbc5368f"
"""SHA-256 of the small year's framed bytes: what the same arguments give everywhere, for ever."""


@cache
def small_year() -> tuple[Event, ...]:
    return tuple(simulate.events(*SMALL_YEAR))


def digest_of(events: Iterator[Event]) -> str:
    whole = sha256()
    for event in events:
        whole.update(encode_event(event))
    return whole.hexdigest()


def test_a_seed_gives_the_same_bytes_for_ever() -> None:
    """The same arguments give the same bytes, today and in a year, here and elsewhere."""
    assert digest_of(iter(small_year())) == DIGEST


def test_another_process_gives_the_same_bytes() -> None:
    """Neither the process nor its hash seed nor what it simulated before changes a byte."""
    program = (
        "from tests.producers.test_simulate import digest_of, SMALL_YEAR\n"
        "from producers import simulate\n"
        "list(simulate.events(30, 5, 1, 99))\n"
        "print(digest_of(simulate.events(*SMALL_YEAR)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "123", "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == DIGEST


def test_another_seed_gives_another_chain() -> None:
    """Two seeds do not share a sale."""
    one, other = ({event for event in islice(simulate.events(60, 12, 1, seed), 400)
                   if isinstance(event, SaleRecorded)} for seed in (1, 2))  # fmt: skip
    assert one
    assert not one & other


def test_every_event_survives_the_wire() -> None:
    """Each event is within all bounds: what is written is read again as it was."""
    for event in small_year():
        assert decode_event(encode_event(event)) == event


def test_events_come_in_order_of_time() -> None:
    """No event occurs before the one that stands before it."""
    for before, after in pairwise(small_year()):
        assert before.header.occurred_at <= after.header.occurred_at


def test_every_day_closes_behind_its_events() -> None:
    """A year is 365 days, each closed once and followed by nothing of its own."""
    day = (date(2017, 1, 1) - date(1970, 1, 1)).days
    for event in small_year():
        assert event.header.business_date == day
        day += isinstance(event, BusinessDayClosed)
    assert day == (date(2018, 1, 1) - date(1970, 1, 1)).days


def test_the_business_date_is_the_date_on_the_wall() -> None:
    """What a store's clock shows when something happens is its business date, always."""
    for event in small_year():
        if not isinstance(event, BusinessDayClosed):
            header = event.header
            wall = header.occurred_at // 60_000 + header.utc_offset_min
            assert wall // 1440 == header.business_date


def test_business_keys_are_unique() -> None:
    """No two events share a key."""
    keys = Counter(event.header.event_id for event in small_year())
    assert max(keys.values()) == 1


def test_members_enrol_before_anything_else() -> None:
    """Each member enrols once and before all else; nobody else has an account but stores."""
    known: set[str] = set()
    for event in small_year():
        header = event.header
        if isinstance(event, MemberEnrolled):
            assert header.account_id not in known
            known.add(header.account_id)
        elif header.account_id and not header.account_id.startswith("store:"):
            assert header.account_id in known
            assert header.member_id == header.account_id
        elif header.account_id:
            assert header.account_id == f"store:{header.store_id}"
            assert not header.member_id
    assert len(known) == SMALL_YEAR[0]


def test_tenders_pay_the_net() -> None:
    """A sale's tenders add up to its net, the card pays the last part, and lines add up."""
    for event in small_year():
        if isinstance(event, SaleRecorded):
            net = sum(line.net_minor for line in event.lines)
            assert sum(tender.amount_minor for tender in event.tenders) == net
            assert event.tenders[-1].kind == "card"
            assert event.tenders[-1].amount_minor > 0
            for number, line in enumerate(event.lines, 1):
                off = sum(discount.amount_minor for discount in line.discounts)
                assert line.line_no == number
                assert line.gross_minor - off == line.net_minor > 0


def test_vouchers_are_paid_with_as_they_are_presented() -> None:
    """Each voucher of a sale is a tender of its amount, and the other way round."""
    worth = {"ten-off": 1000}
    used: Counter[str] = Counter()
    for event in small_year():
        if isinstance(event, OfferMade):
            worth[f"{event.header.event_id}#1"] = 500
        elif isinstance(event, SaleRecorded):
            paid = {t.reference_id: t.amount_minor for t in event.tenders if t.kind == "voucher"}
            assert paid == {voucher: worth[voucher] for voucher in event.vouchers}
            used.update(event.vouchers)
    assert used.pop("ten-off") > 0
    assert set(used.values()) == {1}


def test_stars_are_spent_before_the_sale_that_names_them() -> None:
    """A redemption is followed at once by a sale of the same member whose tender names it."""
    following = 0
    for before, after in pairwise(small_year()):
        if isinstance(before, PointsRedeemed):
            assert isinstance(after, SaleRecorded)
            assert after.header.account_id == before.header.account_id
            paid = [(t.reference_id, t.amount_minor) for t in after.tenders if t.kind == "points"]
            assert paid == [(before.header.event_id, before.amount_minor)]
            assert before.amount_minor == before.points * 2
            assert before.points % 100 == 0
            following += 1
    assert following > 0


def test_returns_match_their_sales() -> None:
    """What comes back was sold 1 to 20 days before, by the same store to the same account."""
    sales: dict[str, SaleRecorded] = {}
    returned: set[str] = set()
    whole = 0
    for event in small_year():
        if isinstance(event, SaleRecorded):
            sales[event.header.event_id] = event
        elif isinstance(event, SaleReturned):
            sale = sales[event.original_sale]
            assert event.original_sale not in returned
            returned.add(event.original_sale)
            assert 1 <= event.header.business_date - sale.header.business_date <= 20
            assert event.header.account_id == sale.header.account_id
            assert event.header.store_id == sale.header.store_id
            lines = {line.line_no: line for line in sale.lines}
            for back in event.lines:
                line = lines.pop(back.line_no)
                assert (back.sku, back.quantity_milli, back.net_minor) == (
                    line.sku, line.quantity_milli, line.net_minor
                )  # fmt: skip
            refund = sum(tender.amount_minor for tender in event.refunds)
            assert refund == sum(back.net_minor for back in event.lines)
            whole += not lines
    assert 0 < whole < len(returned)


def test_years_follow_each_other() -> None:
    """The second year goes on where the first ends, with campaigns of its own."""
    three = list(simulate.events(8, 3, 3, 5, date(2016, 2, 29)))
    closed = [event for event in three if isinstance(event, BusinessDayClosed)]
    assert closed[-1].header.event_id == "day|2019-02-28"
    assert len(closed) == (date(2019, 3, 1) - date(2016, 2, 29)).days
    names = {event.campaign_id for event in three if isinstance(event, OfferMade)}
    assert {"c05", "c05-2", "c05-3"} <= names
    assert max(Counter(event.header.event_id for event in three).values()) == 1


@pytest.mark.parametrize("arguments", [(0, 1, 1, 0), (1, 0, 1, 0), (1, 1, 0, 0), (1, 1, 1, -1)])
def test_impossible_chains_are_refused_at_once(arguments: tuple[int, int, int, int]) -> None:
    """A chain without members, stores or years, or a negative seed, is refused by name."""
    with pytest.raises(ValueError, match="must be from"):
        simulate.events(*arguments)


def test_the_smallest_chain_has_a_year() -> None:
    """One member of one store is a chain too."""
    events = list(simulate.events(1, 1, 1, 3))
    assert sum(isinstance(event, BusinessDayClosed) for event in events) == 365
    assert {event.header.store_id for event in events if isinstance(event, SaleRecorded)} <= {
        "0101"
    }


@pytest.mark.parametrize(
    ("day", "hours", "offsets"),
    [
        (date(2017, 3, 12), 23, {-300: 2, -240: 21}),
        (date(2017, 7, 4), 24, {-240: 24}),
        (date(2017, 11, 5), 25, {-240: 2, -300: 23}),
    ],
)
def test_days_are_as_long_as_they_are(day: date, hours: int, offsets: dict[int, int]) -> None:
    """On the days when clocks change, a day has 23 or 25 hours, and each hour its own offset."""
    clock = year.clock_of(day)
    assert clock.length_ms == hours * 3_600_000
    assert Counter(clock.offsets_min) == offsets
    midnight = datetime.fromtimestamp(clock.start_ms / 1000, UTC).date()
    assert midnight == day


def peak_of(members: int) -> int:
    """The most memory that the first two days took, in bytes."""
    tracemalloc.start()
    for event in simulate.events(members, 20, 1, 1):
        if event.header.event_id == "day|2017-01-02":
            break
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_members() -> None:
    """Fifty times the members take no more memory, but for caches of a fixed size."""
    peak_of(1_000)
    few, many = peak_of(1_000), peak_of(50_000)
    assert many < few + 3_000_000
