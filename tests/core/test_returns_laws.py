"""The law of returns: a sale that came back whole was never there, unless something was used."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from processors.core.account import Account
from processors.core.judging import levels_of
from processors.core.linear import counts_purchases
from schemas import ledger
from schemas.events import Line, SaleRecorded
from tests.core.scene import Scene, line
from tests.core.test_laws import articles, baskets

HEAD = """
programme: laws
version: 1
zone: Europe/Paris
currency: EUR
earns_on: {tax: included, not_paid_with: [points], never: {categories: [TOBACCO]}}
wallets:
  points: {value: {units: 100, amount: 1.00}, pay: {min: 1}, expiry: {rolling: {months: 6}}}
  stars: {pending: {days: 3}, value: {units: 10, amount: 1.00}, expiry: {rolling: {months: 3}}}
  capped: {value: {units: 10, amount: 1.00}, limits: {per_sale: {units: 60}}}
tiers:
  club:
    measure: spend
    window: {months: 12}
    levels: [{id: low, from: 0}, {id: mid, from: 40.00}, {id: high, from: 120.00}]
  visitors:
    measure: visits
    window: calendar_year
    levels: [{id: new, from: 0}, {id: known, from: 3}]
  collectors:
    measure: points
    wallet: points
    window: lifetime
    crossing_sale: new_rate
    levels: [{id: small, from: 0}, {id: large, from: 100}]
vouchers:
  five: {off: {amount: 5.00}, valid: {days: 9}}
  gift: {off: {percent: 100, units: 1}, valid: {days: 30}}
groups: {boosts: {combine: best}}
promotions:
  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
"""
ROWS = """
  - {id: own, kind: multiplier, multiply: {points: 2}, items: {brands: [Private]}, group: boosts}
  - {id: big, kind: multiplier, multiply: {points: 3}, basket: {at_least: 30.00}, group: boosts}
  - {id: fuel, kind: multiplier, multiply: {points: 0.5}, items: {departments: [FUEL]}}
  - {id: rate, kind: multiplier, multiply: {points: {by_tier: {mid: 1.5, high: 2}}}}
  - {id: deli, kind: per_item, give: {stars: 3}, items: {departments: [DELI]},
     limits: {per_member: [{items: 4, every: day}, {units: 20, every: month}]}}
  - {id: tens, kind: per_amount, give: {capped: 5}, per_full: 10.00}
  - {id: each, kind: per_item, give: {capped: 3}, items: {departments: [GROCERY]},
     limits: {per_sale: {items: 3}, per_member: {times: 2, every: week}}}
  - {id: ten, kind: bonus, give: {points: 10, voucher: five}, basket: {at_least: 25.00}}
  - {id: daily, kind: bonus, give: {stars: 7}, limits: {per_member: {times: 1, every: day}}}
  - {id: units, kind: bonus, give: {points: 30}, limits: {per_member: {units: 50, every: month}}}
  - {id: second, kind: bonus, give: {points: 9}, nth_sale: {every: 2, basket: {at_least: 5.00}}}
  - {id: third, kind: multiplier, multiply: {points: 3}, nth_sale: {is: 3}}
  - {id: first, kind: bonus, give: {points: 5}, who: {first_purchase: true}}
  - {id: weeks, kind: streak, every: week, length: 2, give: {stars: 11, voucher: five}}
  - {id: days, kind: streak, every: day, length: 2, give: {points: 4}}
  - {id: up, trigger: tier_reached, tier: high, kind: bonus, give: {points: 40, voucher: gift},
     limits: {per_member: {times: 1, every: year}}}
  - {id: known, trigger: tier_reached, tier: known, kind: bonus, give: {stars: 5}}
"""
MORE = ROWS.split("\n  - ")[1:]
"""Whatever asks for a whole basket, a count, whole steps, a limit or a level."""

programmes = st.lists(st.sampled_from(MORE), unique=True, max_size=len(MORE)).map(
    lambda rows: HEAD + "".join(f"  - {row}\n" for row in rows)
)
DAYS = ("2026-03-02", "2026-03-03", "2026-03-09", "2026-03-10")


def of(account: Account, scene: Scene) -> tuple[object, ...]:
    """What an account is worth: points lot by lot, counters, vouchers, levels, purchases."""
    lots = {
        name: (wallet.owed, [(lot.lot_id, lot.left, lot.last_day) for lot in wallet.lots])
        for name, wallet in account.wallets.items()
    }
    vouchers = [(one.voucher_id, one.uses_left) for one in account.vouchers]
    programme = scene.state.programmes[0].programme
    sales = account.sales if counts_purchases(programme) else {}
    return lots, account.counts, vouchers, levels_of(account, programme), sales


@settings(max_examples=100, deadline=None)
@given(
    programmes,
    st.lists(baskets, max_size=4),
    st.lists(articles, min_size=1, max_size=4),
    st.permutations([1, 2, 3, 4]),
    st.booleans(),
)
def test_a_sale_that_came_back_whole_was_never_there(
    programme: str,
    earlier: list[tuple[Line, ...]],
    rows: list[dict[str, object]],
    order: list[int],
    in_parts: bool,
) -> None:
    """Every wallet, counter, limit, purchase and level is as it was, however the lines come back.

    And the ledger alone gives the state back.
    """
    scene = Scene(programme)
    scene.enrolled()
    for number, (lines, on) in enumerate(zip(earlier, DAYS, strict=False)):
        scene.when(scene.sale(f"e{number}", lines, on=on))
    last = DAYS[max(len(earlier) - 1, 0)]
    before = of(scene.account(), scene)
    lines = [line(at + 1, **row) for at, row in enumerate(rows)]  # type: ignore[arg-type]
    sale = scene.sale("s", lines, on=last)
    scene.when(sale)

    for number, back in enumerate(returns(sale, order, in_parts=in_parts)):
        record = scene.when(scene.back(f"r{number}", sale, back, on=last))
        assert record.decision == "ACCEPTED"

    assert of(scene.account(), scene) == before
    assert scene.refolded().digest() == scene.state.digest()


def returns(sale: SaleRecorded, order: Sequence[int], *, in_parts: bool) -> list[dict[int, int]]:
    """The whole sale at once, or line by line, the first of them in two parts."""
    numbers = [number for number in order if number <= len(sale.lines)]
    if not in_parts:
        return [dict.fromkeys(numbers, 0)]
    first = sale.lines[numbers[0] - 1]
    half = [{first.line_no: 1000}] if first.quantity_milli > 1000 else []
    return half + [{number: 0} for number in numbers]


@settings(max_examples=100, deadline=None)
@given(programmes, baskets, st.permutations([1, 2, 3, 4, 5, 6]), st.integers(0, 200))
def test_no_return_takes_more_than_was_given(
    programme: str, lines: tuple[Line, ...], order: list[int], spent: int
) -> None:
    """Over all returns, what is reversed and owed is what was granted, to the point."""
    scene = Scene(programme)
    scene.enrolled()
    sale = scene.sale("s", lines)
    records = [scene.when(sale)]
    spent = min(spent, scene.available())
    if spent:
        scene.when(scene.redemption("1", spent, spent, on="2026-03-14"))
    for number, back in enumerate(returns(sale, order, in_parts=True)):
        records.append(scene.when(scene.back(f"r{number}", sale, back, on="2026-03-14")))
        taken = [
            effect
            for record in records
            for effect in record.effects
            if isinstance(effect, ledger.PointsReversed)
        ]
        assert all(min(effect.points_by_line, default=0) >= 0 for effect in taken)

    given_points = total(records, ledger.PointsEarned, "granted")
    back_points = total(records, ledger.PointsReversed, "points")
    owed = total(records, ledger.PointsOwed, "points")
    assert {name: back_points.get(name, 0) + owed.get(name, 0) for name in given_points} == (
        given_points
    )
    assert owed.get("points", 0) == spent


def total(
    records: Sequence[ledger.Record], kind: type[ledger.Effect], field: str
) -> dict[str, int]:
    """By wallet, the points of one kind of effect."""
    found: dict[str, int] = {}
    for effect in (effect for record in records for effect in record.effects):
        if isinstance(effect, kind):
            wallet = effect.wallet  # type: ignore[union-attr]  # asked of effects that have one
            found[wallet] = found.get(wallet, 0) + getattr(effect, field)
    return found
