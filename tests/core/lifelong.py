"""Members for life: points that never end, so that accounts would grow with every sale."""

from collections.abc import Iterator, Sequence

from hypothesis import strategies as st

from producers.pos import iso
from schemas import events
from schemas.events import Event
from schemas.ledger import Record
from tests.core.scene import Scene, day, line

LIFELONG = """
programme: lifelong
version: 1
zone: Europe/Paris
currency: EUR
wallets:
  points: {value: {units: 100, amount: 1.00}, pay: {min: 1, step: 1}}
  stars: {}
  fresh: {pending: {days: 3}, expiry: {rolling: {months: 24, round_to: month_end}}}
tiers:
  club:
    measure: visits
    window: lifetime
    levels: [{id: guest, from: 0}, {id: regular, from: 30}]
promotions:
  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
  - {id: soup, kind: per_item, give: {points: 5}, items: {categories: [SOUP]}}
  - {id: visit, kind: per_amount, give: {stars: 1}, per: 1.00}
  - {id: new, kind: per_amount, give: {fresh: 1}, per: 1.00}
"""
"""Points and stars that never end, points that end after two years, and a ladder for life."""
ENDLESS = "".join(row for row in LIFELONG.splitlines(keepends=True) if "fresh" not in row)
"""The same without the points that end: a closed day changes nothing by itself."""
FIRST = "2024-01-02"


def lifelong(programme: str = LIFELONG) -> Scene:
    """A partition in which no day has closed, and a member of 2020."""
    scene = Scene(programme, "2020-01-01")
    scene.enrolled(on="2020-01-01")
    return scene


steps = st.lists(
    st.tuples(
        st.sampled_from(("sale", "sale", "sale", "pay", "undo", "hold", "back", "give")),
        st.integers(0, 30),
        st.integers(1, 60),
    ),
    min_size=30,
    max_size=60,
)
"""What happens, so many days behind the event before, and how much of it."""


def told(scene: Scene, script: Sequence[tuple[str, int, int]]) -> list[tuple[str, Event]]:
    """The events of one account over some years, each with its date.

    What comes back, and which payment is undone, is remembered: else a closed day alone would tell.
    """
    today = day(FIRST)
    sales: list[events.SaleRecorded] = []
    paid: list[events.PointsRedeemed] = []
    found: list[tuple[str, Event]] = []
    for number, (what, days, much) in enumerate(script):
        today += days
        on = iso(today)
        header = scene.header(f"{what}|{number}", "A", on)
        sales = [one for one in sales if one.header.business_date > today - 300]
        paid = [one for one in paid if one.header.business_date > today - 300]
        event: Event
        match what:
            case "pay":
                event = scene.redemption(str(number), much, much, on=on)
                paid.append(event)
            case "undo" if paid:
                event = events.RedemptionReversed(
                    header, paid.pop(much % len(paid)).header.event_id
                )
            case "hold":
                later = header.occurred_at + 1
                found.append((on, events.HoldPlaced(header, f"h{number}", "points", much, later)))
                ended = scene.header(f"void|{number}", "A", on)
                event = events.HoldVoided(ended, f"h{number}")
                if much % 2:
                    points = 1 + much // 2
                    event = events.HoldCaptured(ended, f"h{number}", points, points, "EUR")
            case "back" if sales:
                event = scene.back(str(number), sales[much % len(sales)], {1: 0}, on)
            case "give":
                event = scene.adjustment(str(number), much, on=on)
            case _:
                event = scene.sale(str(number), [line(1, much * 1_00)], on=on)
                sales.append(event)
        found.append((on, event))
    return found


def played(
    programme: str, script: Sequence[tuple[str, int, int]]
) -> Iterator[tuple[Scene, Record, Scene, Record]]:
    """The same events twice: each lot kept, and old lots merged; what both say of each.

    A partition that has closed no day merges nothing.
    """
    kept, merging = lifelong(programme), lifelong(programme)
    closed = day(FIRST) + 430
    for on, event in told(kept, script):
        while closed < day(on) - 1:
            closed += 1
            merging.close(iso(closed))
        yield kept, kept.when(event), merging, merging.when(event)
