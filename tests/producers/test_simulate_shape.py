"""The simulated chain beside the figures of the real one, and beside the programme of the demo."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
from msgspec import Struct, field

from processors.core.decide import decide
from processors.core.document import check
from processors.core.message import Given
from processors.core.original import original_of
from processors.core.overlay import Overlay
from processors.core.partition import PartitionState
from producers import programmes, simulate
from producers.simulate import shape
from schemas.codec import encode_event
from schemas.events import Line, OfferMade, SaleRecorded, SaleReturned
from schemas.ledger import VoucherIssued, VoucherRedeemed, VoucherRefused

MEMBERS = 400
GROCERY = Path(__file__).parents[2] / "programmes" / "grocery.yaml"


class Counts(Struct):
    """What a year of 400 members in 75 stores adds up to."""

    lines_of_basket: list[int] = field(default_factory=list)
    nets: list[int] = field(default_factory=list)
    departments: Counter[str] = field(default_factory=Counter)
    brands: Counter[str] = field(default_factory=Counter)
    units: Counter[int] = field(default_factory=Counter)
    weekdays: Counter[int] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)
    stores: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    campaigns: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    anonymous: int = 0
    returned: int = 0
    off: int = 0
    gross: int = 0


@cache
def year() -> Counts:
    counts = Counts()
    for event in simulate.events(MEMBERS, 75, 1, 2017):
        if isinstance(event, SaleRecorded):
            _count(counts, event)
        elif isinstance(event, SaleReturned):
            counts.returned += 1
        elif isinstance(event, OfferMade):
            counts.campaigns[event.campaign_id] += 1
    return counts


def _count(counts: Counts, sale: SaleRecorded) -> None:
    header = sale.header
    counts.lines_of_basket.append(len(sale.lines))
    counts.nets.append(sum(line.net_minor for line in sale.lines))
    wall = datetime.fromtimestamp(header.occurred_at // 1000 + header.utc_offset_min * 60, UTC)
    counts.weekdays[wall.weekday()] += 1
    counts.hours[wall.hour] += 1
    if header.member_id:
        counts.stores[header.member_id][header.store_id] += 1
    else:
        counts.anonymous += 1
    for line in sale.lines:
        _count_line(counts, line)


def _count_line(counts: Counts, line: Line) -> None:
    counts.departments[line.department] += 1
    counts.brands[line.brand] += 1
    counts.off += line.gross_minor - line.net_minor
    counts.gross += line.gross_minor
    if line.department != "FUEL":
        counts.units[line.quantity_milli] += 1


def share(counter: Counter[str] | Counter[int], key: str | int) -> float:
    return counter[key] / counter.total()


def test_households_shop_as_often() -> None:
    """63 baskets a member and year, and some members shop thirty times as often as others."""
    baskets = sorted(sum(stores.values()) for stores in year().stores.values())
    assert sum(baskets) / MEMBERS == pytest.approx(63, rel=0.06)
    assert baskets[MEMBERS * 15 // 16] > 30 * baskets[MEMBERS // 32]


def test_baskets_are_as_long_with_a_heavy_tail() -> None:
    """9.43 lines a basket: a quarter have one line, one in fifty more than forty."""
    lines = year().lines_of_basket
    assert sum(lines) / len(lines) == pytest.approx(1_469_307 / 155_848, rel=0.03)
    assert lines.count(1) / len(lines) == pytest.approx(0.237, abs=0.02)
    assert sum(count > 40 for count in lines) / len(lines) == pytest.approx(0.027, abs=0.01)
    assert max(lines) <= 250


def test_a_basket_costs_as_much() -> None:
    """The mean line of the sample, 3.12, times the lines of a basket."""
    assert sum(year().nets) / len(year().nets) == pytest.approx(312 * 9.43, rel=0.05)


def test_departments_and_brands_have_the_real_shares() -> None:
    """Each department's share of the lines is the sample's, and so is the chain's own brand's."""
    real: Counter[str] = Counter()
    private = 0
    for department, _, lines, _, per_mille in shape.CATEGORIES:
        real[department] += lines
        private += lines * per_mille
    for department in real:
        assert share(year().departments, department) == pytest.approx(
            share(real, department), abs=0.01
        )
    assert share(year().brands, "Private") == pytest.approx(private / real.total() / 1000, abs=0.02)


def test_quantities_and_discounts_are_as_real() -> None:
    """Four lines of five are one unit, and the card takes an eighth off the whole."""
    assert share(year().units, 1000) == pytest.approx(0.79, abs=0.02)
    assert year().off / year().gross == pytest.approx(0.135, abs=0.02)


def test_weeks_and_days_have_their_rhythm() -> None:
    """Sunday is the busiest day, five in the afternoon the busiest hour, as in the sample."""
    for weekday, weight in enumerate(shape.WEEKDAYS):
        real = weight / sum(shape.WEEKDAYS)
        assert share(year().weekdays, weekday) == pytest.approx(real, abs=0.005)
    for hour, weight in enumerate(shape.HOURS):
        real = weight / sum(shape.HOURS)
        assert share(year().hours, hour) == pytest.approx(real, abs=0.005)


def test_members_have_a_store_of_their_own() -> None:
    """Three of four baskets are bought in a member's first store, and hardly any store has none."""
    first = sum(max(stores.values()) for stores in year().stores.values())
    total = sum(sum(stores.values()) for stores in year().stores.values())
    assert first / total == pytest.approx(0.77, abs=0.04)
    assert len({store for stores in year().stores.values() for store in stores}) > 70


def test_some_shop_without_a_card_and_some_bring_back() -> None:
    """4 % of the baskets have no member, and of 1 % something comes back."""
    assert year().anonymous / len(year().nets) == pytest.approx(0.04, abs=0.003)
    assert year().returned / len(year().nets) == pytest.approx(0.01, abs=0.002)


def test_campaigns_address_as_many() -> None:
    """27 campaigns make 2.67 offers a household, and the largest reaches nearly half of them."""
    assert len(year().campaigns) == 27
    assert sum(year().campaigns.values()) / MEMBERS == pytest.approx(6_589 / 2_469, rel=0.06)
    assert max(year().campaigns.values()) / MEMBERS == pytest.approx(1_133 / 2_469, rel=0.05)


def test_what_members_use_they_have() -> None:
    """Under the demo's programme no event is refused, and hardly a voucher that is presented.

    Members use about half of the vouchers that their points become, and stars as well.
    """
    checked = check(GROCERY.read_text("utf-8"))
    activation = programmes.activation(
        checked.document, checked.document_hash, date(2016, 11, 14), "test"
    )
    state = PartitionState(0, 1)
    refused: list[tuple[str, str]] = []
    vouchers: Counter[tuple[type, str]] = Counter()
    events = [activation, *simulate.events(150, 20, 1, 4)]
    for offset, event in enumerate(events):
        overlay = Overlay(state)
        wanted = original_of(overlay, event)
        original = None if wanted is None else events[wanted.offset]
        for decided in decide(overlay, Given(offset, encode_event(event), event, original)):
            record = decided.record
            if record.decision != "ACCEPTED":
                refused.append((record.event_id, record.reason))
            for effect in record.effects:
                if isinstance(effect, VoucherIssued | VoucherRedeemed):
                    vouchers[type(effect), effect.voucher] += 1
                elif isinstance(effect, VoucherRefused):
                    vouchers[VoucherRefused, ""] += 1
        overlay.commit()
    assert refused == []
    used, given = vouchers[VoucherRedeemed, "ten-off"], vouchers[VoucherIssued, "ten-off"]
    assert 0.42 < used / given < 0.58
    assert vouchers[VoucherRedeemed, "five-off"] > 0
    assert vouchers[VoucherRefused, ""] < 0.03 * used
