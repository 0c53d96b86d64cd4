"""Laws that hold for every history: money is neither lost nor made, and bytes do not wander."""

from collections.abc import Sequence
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from processors.words.allocation import largest_remainder
from schemas import buckets, ledger
from schemas.codec import encode_body
from schemas.events import BusinessDayClosed, Event, Line, SaleRecorded
from schemas.ledger import PointsEarned
from tests.core.scene import PLAIN, Scene, day, line

WAITING = """
programme: laws
version: 1
zone: Europe/Paris
currency: EUR
earns_on: {not_paid_with: [points, voucher], never: {categories: [TOBACCO]}}
wallets:
  points: {value: {units: 100, amount: 1.00}, pay: {min: 1, step: 1},
    expiry: {rolling: {days: 20}}}
  stars: {pending: {days: 3}, value: {units: 10, amount: 1.00}, pay: {min: 10, step: 10},
    expiry: {rolling: {days: 12}}}
vouchers:
  five: {off: {amount: 5.00}, valid: {days: 9}}
groups: {boosts: {combine: best}}
promotions:
  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
  - {id: own, kind: multiplier, multiply: {points: 2}, items: {brands: [Private]}, group: boosts}
  - {id: fresh, kind: multiplier, multiply: {points: 2.5}, items: {departments: [PRODUCE]},
    group: boosts}
  - {id: fuel, kind: multiplier, multiply: {points: 0.5}, items: {departments: [FUEL]}}
  - {id: deli, kind: per_item, give: {stars: 3}, items: {departments: [DELI]}}
  - {id: to-five, kind: convert, take: {points: 60}, give: {voucher: five}}
"""
"""Short lives, two wallets, waiting, converting: whatever can happen does so within a month."""

FIRST = day("2026-03-01")

articles = st.builds(
    lambda net, quantity, department, brand, category: {
        "net": net,
        "quantity_milli": quantity,
        "department": department,
        "brand": brand,
        "category": category,
    },
    st.integers(0, 6000),
    st.sampled_from([0, 1, 250, 1000, 2000, 3000, 7000]),
    st.sampled_from(["GROCERY", "PRODUCE", "FUEL", "DELI"]),
    st.sampled_from(["Private", "National"]),
    st.sampled_from(["SOUP", "TOBACCO"]),
)
baskets = st.lists(articles, min_size=1, max_size=6).map(
    lambda rows: tuple(line(at + 1, **row) for at, row in enumerate(rows))
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("sale"), st.sampled_from("AB"), baskets),
        st.tuples(st.just("return"), st.integers(0, 9), st.integers(0, 9), st.booleans()),
        st.tuples(st.just("pay"), st.sampled_from("AB"), st.integers(1, 80), st.booleans()),
        st.tuples(st.just("adjust"), st.sampled_from("AB"), st.integers(-60, 60)),
        st.tuples(st.just("repeat"), st.integers(0, 30)),
        st.tuples(st.just("close"), st.integers(1, 5)),
    ),
    min_size=1,
    max_size=25,
)


def history(scene: Scene, script: Sequence[tuple[object, ...]]) -> list[Event]:
    """Events of a script: what was sold can come back, and days go by."""
    events: list[Event] = []
    sales: list[SaleRecorded] = []
    today = FIRST
    events += [_enrolment(scene, account) for account in "AB"]
    for number, (word, *words) in enumerate(script):
        on = _iso(today)
        if word == "sale":
            sales.append(scene.sale(str(number), words[1], on=on, account=words[0]))  # type: ignore[arg-type]
            events.append(sales[-1])
        elif word == "return" and sales:
            sale = sales[words[0] % len(sales)]  # type: ignore[operator]
            at = sale.lines[words[1] % len(sale.lines)]  # type: ignore[operator]
            parts = {at.line_no: 0 if words[2] else min(at.quantity_milli, 1000)}
            events.append(scene.back(str(number), sale, parts, on=on))
        elif word == "pay":
            wallet, worth = ("stars", 10) if words[2] else ("points", 1)
            asked = words[1] * (10 if words[2] else 1)  # type: ignore[operator]
            events.append(
                scene.redemption(str(number), asked, asked * worth, on=on, account=words[0],  # type: ignore[arg-type]
                                 wallet=wallet)
            )  # fmt: skip
        elif word == "adjust":
            events.append(scene.adjustment(str(number), words[1], on=on, account=words[0]))  # type: ignore[arg-type]
        elif word == "repeat" and events:
            events.append(events[words[0] % len(events)])  # type: ignore[operator]
        elif word == "close":
            for _ in range(words[0]):  # type: ignore[call-overload]
                header = scene.header(f"day|{_iso(today)}", "", _iso(today), 23)
                events.append(BusinessDayClosed(header))
                today += 1
    return events


def _enrolment(scene: Scene, account: str) -> Event:
    from schemas.events import MemberEnrolled  # noqa: PLC0415  the name is the effect's elsewhere

    return MemberEnrolled(header=scene.header(f"member|{account}", account, _iso(FIRST)))


def _iso(date: int) -> str:
    from processors.words.calendar import date_of  # noqa: PLC0415  used here alone

    return date_of(date).isoformat()


@settings(max_examples=300, deadline=None)
@given(steps)
def test_every_point_is_in_exactly_one_place(script: list[tuple[object, ...]]) -> None:
    """Issued + adjusted + owed = pending + available + held + spent + expired + reversed.

    It holds for every account and wallet after every history, and the open points are those that
    the account holds.
    """
    scene = Scene(WAITING)
    scene.all_of(history(scene, script))

    for account in "AB":
        sums: buckets.Sums = {}
        for record in scene.records:
            if record.account_id == account:
                buckets.add_effects(sums, record.effects, record.business_date)
        for name, row in sums.items():
            wallet = scene.wallet(name, account)
            assert row[0] + row[1] + row[2] == sum(row[3:])
            assert row[buckets.OWED] == wallet.owed
            assert row[buckets.PENDING] == scene.pending(name, account)
            assert row[buckets.AVAILABLE] == scene.available(name, account)
            assert min(row[2:]) >= 0
            assert not (wallet.owed and wallet.lots)


@settings(max_examples=200, deadline=None)
@given(steps)
def test_the_ledger_alone_gives_the_state_back(script: list[tuple[object, ...]]) -> None:
    """Folding the records, without any rule or event, gives the state that deciding left."""
    scene = Scene(WAITING)
    scene.all_of(history(scene, script))

    assert scene.refolded().digest() == scene.state.digest()


@settings(max_examples=150, deadline=None)
@given(steps, st.integers(1, 7))
def test_batches_change_no_byte(script: list[tuple[object, ...]], size: int) -> None:
    """However events are cut into batches, every record is the same to the byte."""
    one, many = Scene(WAITING), Scene(WAITING)
    events = history(one, script)
    one.all_of(events)
    for start in range(0, len(events), size):
        many.all_of(events[start : start + size])

    assert [encode_body(r) for r in one.records] == [encode_body(r) for r in many.records]
    assert one.state.digest() == many.state.digest()


@settings(max_examples=200, deadline=None)
@given(st.lists(articles, min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(rows: list[dict[str, object]], order: object) -> None:
    """The same articles in another order earn the same, promotion by promotion and line by line."""
    lines = [line(at + 1, sku=f"S{at}", **row) for at, row in enumerate(rows)]  # type: ignore[arg-type]
    mixed = list(lines)
    order.shuffle(mixed)  # type: ignore[attr-defined]

    assert _by_sku(lines) == _by_sku(mixed)


def _by_sku(lines: Sequence[Line]) -> dict[tuple[str, str], int]:
    """(promotion, sku) → points."""
    scene = Scene(WAITING)
    record = scene.when(scene.sale("1", lines))
    return {
        (effect.promotion_id, one.sku): share
        for effect in record.effects
        if isinstance(effect, PointsEarned)
        for one, share in zip(lines, effect.points_by_line, strict=True)
    }


@settings(max_examples=200, deadline=None)
@given(baskets, st.permutations([1, 2, 3, 4, 5, 6]), st.integers(0, 200))
def test_a_full_return_undoes_the_sale(
    lines: tuple[Line, ...], order: list[int], spent: int
) -> None:
    """All lines back, in any order: the account is as if the sale had never been.

    What was spent meanwhile is owed, to the point.
    """
    scene = Scene(PLAIN)
    scene.enrolled()
    sale = scene.sale("1", lines)
    scene.when(sale)
    spent = min(spent, scene.available())
    if spent:
        scene.when(scene.redemption("1", spent, spent, on="2026-03-14"))
    for number in order:
        if number <= len(lines):
            record = scene.when(scene.back(f"r{number}", sale, {number: 0}))
            assert record.decision == "ACCEPTED"

    assert scene.wallet().owed == spent
    assert scene.wallet().lots == []


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**9), min_size=1, max_size=12))
def test_shares_sum_to_the_whole(total: int, weights: list[int]) -> None:
    """Largest remainder gives integers that sum to the total, each within one of its quota."""
    shares = largest_remainder(total, weights, lambda: range(len(weights)))
    whole = sum(weights)

    assert sum(shares) == (total if whole else 0)
    for share, weight in zip(shares, weights, strict=True):
        assert not whole or total * weight // whole <= share <= total * weight // whole + 1


def test_equal_remainders_go_by_rank() -> None:
    """Of equal remainders the lower rank gets the unit, wherever it stands."""
    for ranks in permutations(range(3)):
        shares = largest_remainder(1, [1, 1, 1], lambda ranks=ranks: ranks)  # type: ignore[misc]
        assert shares[ranks.index(0)] == 1


def test_a_planted_leak_is_seen() -> None:
    """The conservation law is no tautology: an effect that moves too much breaks it."""
    sums: buckets.Sums = {}
    taken = ledger.Taken(("x#1",), (5,), (1,), (1,), ("base",))
    earned = PointsEarned("points", "x#1", 5, 5, (), (5,), "base", "", "", 1, 2)
    wrong = ledger.PointsRepaid("points", 5, 0, taken)
    buckets.add_effects(sums, [earned, wrong], 1)

    assert sums["points"][buckets.OWED] == -5
