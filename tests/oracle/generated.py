"""Programmes and histories made up by Hypothesis: small, valid, and full of the odd cases."""

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st

from schemas import events
from schemas.events import Event, Header, Line, ReturnedLine, Tender

Words = dict[str, Any]

START = 20_440
"""18 December 2025: a year's end is near, and so is a February."""
MEMBERS = ("ann", "bob", "cy")
STORES = ("0142", "7")
SHELF = (
    ("TEA", "GROCERY", "DRINKS/HOT", "Own", ("eco",), ()),
    ("JUICE", "GROCERY", "DRINKS/COLD", "Sun", (), ()),
    ("APPLE", "PRODUCE", "FRUIT", "Sun", ("eco",), ()),
    ("BREAD", "BAKERY", "BREAD", "Own", (), ()),
    ("SMOKES", "MISC", "TOBACCO", "Puff", (), ()),
    ("CARD", "MISC", "CARDS", "Own", (), ("gift_card",)),
)
"""sku, department, category, brand, labels, flags; the last two never earn."""

one = st.sampled_from


def maybe(strategy: st.SearchStrategy[Words]) -> st.SearchStrategy[Words]:
    """The words, more often not."""
    return st.one_of(st.just({}), st.just({}), strategy)


def word(name: str, values: Sequence[Any] | st.SearchStrategy[Any]) -> st.SearchStrategy[Words]:
    """One word with one of several values."""
    drawn = values if isinstance(values, st.SearchStrategy) else one(values)
    return drawn.map(lambda value: {name: value})


def joined(*parts: st.SearchStrategy[Words]) -> st.SearchStrategy[Words]:
    """All the words of several draws."""
    return st.tuples(*parts).map(lambda drawn: {k: v for some in drawn for k, v in some.items()})


ITEMS = (
    {"brands": ["Own"]},
    {"departments": ["GROCERY", "BAKERY"]},
    {"categories": ["DRINKS"]},
    {"categories": ["DRINKS/HOT", "FRUIT"]},
    {"labels": ["eco"], "departments": ["GROCERY"]},
    {"except": {"brands": ["Sun"]}},
    {"skus": ["TEA", "BREAD"]},
)
BASKETS = (
    {"at_least": 5.00},
    {"at_least": 12.50},
    {"at_least": 30.00},
    {"at_least": 4.00, "items": {"brands": ["Own"]}},
)
WHO = (
    {"labels": ["vip"]},
    {"tiers": ["silver", "gold"]},
    {"tiers": ["bronze"]},
    {"segments": ["lapsed"]},
    {"first_purchase": True},
    {"member_for": {"days": 5}},
    {"birthday": "day"},
    {"birthday": "month"},
)
WHEN = (
    {"weekdays": ["sat", "sun"]},
    {"hours": {"from": "12:00", "to": "18:00"}},
    {"first_day": "2025-12-24", "last_day": "2026-01-06"},
)
WHERE = ({"stores": ["0142"]}, {"store_groups": ["city"]}, {"channels": ["app"]})
EVERY = ("day", "week", "month")

CONDITIONS = joined(
    maybe(word("who", WHO)),
    maybe(word("when", WHEN)),
    maybe(word("where", WHERE)),
    maybe(maybe(word("campaign", ("spring", "secret")))),
)
PERIODS: st.SearchStrategy[Words] = st.one_of(st.just({}), word("every", EVERY))
SMALL = st.integers(1, 4)


def limits(what: str, most: st.SearchStrategy[int]) -> st.SearchStrategy[Words]:
    """A limit by sale or by member and period."""
    by_member = joined(word(what, most), PERIODS).map(lambda words: {"per_member": words})
    by_sale = word(what, most).map(lambda words: {"per_sale": words})
    return word("limits", by_member if what == "times" else st.one_of(by_member, by_sale))


def kind(name: str, *parts: st.SearchStrategy[Words]) -> st.SearchStrategy[Words]:
    """A promotion of a kind."""
    return joined(st.just({"kind": name}), *parts)


WALLETS = one(("points", "points", "stamps"))
UNITS = st.integers(1, 20)
GIVE = word(
    "give",
    st.one_of(
        st.tuples(WALLETS, UNITS).map(lambda pair: {pair[0]: pair[1]}),
        one(("five", "ten")).map(lambda name: {"voucher": name}),
    ),
)
RATES = one((0.5, 1.5, 2, 3, 1.25, {"by_tier": {"silver": 1.5, "gold": 2}}))

PER_AMOUNT = kind(
    "per_amount",
    word("give", st.tuples(WALLETS, one((1, 1, 2))).map(lambda pair: {pair[0]: pair[1]})),
    st.one_of(word("per", (1.00, 0.50, 3.00)), word("per_full", (5.00, 2.00))),
    maybe(word("items", ITEMS)),
    maybe(word("basket", BASKETS)),
    CONDITIONS,
    maybe(limits("units", st.integers(5, 40))),
)
MULTIPLIER = kind(
    "multiplier",
    word("multiply", st.tuples(WALLETS, RATES).map(lambda pair: {pair[0]: pair[1]})),
    maybe(word("items", ITEMS)),
    maybe(word("basket", BASKETS)),
    CONDITIONS,
    st.one_of(st.just({}), word("group", ("boosts", "rates"))),
    maybe(limits("units", st.integers(5, 40))),
)
PER_ITEM = kind(
    "per_item",
    word("give", st.tuples(WALLETS, SMALL).map(lambda pair: {pair[0]: pair[1]})),
    word("items", ITEMS),
    CONDITIONS,
    maybe(limits("items", st.integers(1, 5))),
)
BONUS = kind(
    "bonus", GIVE, maybe(word("basket", BASKETS)), CONDITIONS, maybe(limits("times", SMALL))
)
PERSON = joined(
    maybe(word("who", ({"member_for": {"days": 5}}, {"labels": ["vip"]}, {"tiers": ["silver"]}))),
    maybe(maybe(word("campaign", ("spring", "secret")))),
)
NTH = kind(
    "bonus",
    GIVE,
    word(
        "nth_sale",
        joined(
            st.one_of(word("is", SMALL), word("every", SMALL)),
            maybe(word("basket", BASKETS)),
            maybe(st.just({"in": "channel"})),
        ),
    ),
)
REACTION = kind(
    "bonus",
    GIVE,
    st.one_of(
        st.just({"trigger": "enrolment"}),
        st.just({"trigger": "anniversary"}),
        joined(st.just({"trigger": "birthday"}), word("window", ("day", "month"))),
        joined(st.just({"trigger": "tier_reached"}), word("tier", ("silver", "gold"))),
        st.just({"trigger": "activity", "activity": "review"}),
    ),
    PERSON,
    maybe(limits("times", SMALL)),
)
CONVERT = kind(
    "convert",
    st.tuples(WALLETS, st.integers(40, 120)).map(lambda pair: {"take": {pair[0]: pair[1]}}),
    word("give", one(("five", "ten")).map(lambda name: {"voucher": name})),
    maybe(limits("times", SMALL)),
    PERSON,
)
STREAK = kind(
    "streak", GIVE, word("every", EVERY), word("length", (2, 3)), maybe(word("basket", BASKETS))
)
PROMOTION = st.one_of(
    PER_AMOUNT, PER_AMOUNT, MULTIPLIER, MULTIPLIER, PER_ITEM, BONUS, NTH, REACTION, CONVERT, STREAK
)

WALLET = joined(
    word("value", ({"units": 100, "amount": 1.00}, {"units": 30, "amount": 1.00})),
    maybe(maybe(word("pending", ({"days": 2}, {"days": 3, "round_to": "day_end"})))),
    word(
        "expiry",
        (
            {"rolling": {"months": 12, "round_to": "month_end"}},
            {"rolling": {"days": 9}},
            {"rolling": {"months": 1}},
            {"rolling": {"months": 1, "round_to": "quarter_end"}},
            {"calendar": {"dates": ["12-31", "01-31"], "min_age_days": 5}},
            {"inactivity": {"days": 8, "kept_alive_by": ["sale"]}},
            {"inactivity": {"months": 1, "kept_alive_by": ["sale", "redemption"]}},
        ),
    ),
    word("when_short", ("owe", "owe", "owe", "write_off", "only_pending", "charge_refund")),
    word(
        "pay",
        ({"min": 1, "step": 1}, {"min": 10, "step": 5, "max_share": "50%"}),
    ),
)
GROUP = joined(
    word("combine", ("best", "add", "multiply", "first")), word("on", ("line", "line", "sale"))
)
LADDER = joined(
    word("measure", ("spend", "visits")),
    word("window", ("calendar_year", "lifetime", {"months": 1}, {"months": 2})),
    word("kept_until", ("end_of_next_year", {"months": 1})),
    word("crossing_sale", ("old_rate", "new_rate")),
    word("review", ("earned_level", "one_down", "keep")),
    word("returns", ("earned_level", "at_review")),
    maybe(word("grace", ({"days": 3},))),
).map(
    lambda words: (
        words
        | {
            "levels": [
                {"id": "bronze", "from": 0},
                {"id": "silver", "from": 20.00 if words["measure"] == "spend" else 2},
                {"id": "gold", "from": 60.00 if words["measure"] == "spend" else 4},
            ]
        }
    )
)
VOUCHER = word("valid", ({"days": 7}, {"starts": "next_day", "days": 4}, {"through": "month"})).map(
    lambda words: words | {"off": {"amount": 5.00}}
)
EARNS_ON = joined(
    word("price", ("paid", "paid", "shelf")),
    word("tax", ("included", "included", "excluded")),
    st.just(
        {
            "not_paid_with": ["points", "voucher"],
            "never": {"categories": ["TOBACCO"], "flags": ["gift_card"]},
        }
    ),
)
REWARD = joined(
    word("costs", st.tuples(WALLETS, UNITS).map(lambda pair: {pair[0]: pair[1]})),
    word("give", ({"voucher": "ten"}, {"gift": "MUG"})),
    maybe(word("who", ({"tiers": ["silver"]}, {"labels": ["vip"]}))),
    maybe(limits("times", SMALL)),
)


@st.composite
def programmes(draw: st.DrawFn) -> str:
    """A document in the words of a programme, as JSON, which is YAML too."""
    promotions = draw(st.lists(PROMOTION, min_size=1, max_size=7))
    base = {"kind": "per_amount", "give": {"points": 1}, "per": 1.00}
    if draw(one((True, True, True, False))):
        promotions = [base, *promotions]
    return json.dumps(
        {
            "programme": "made-up",
            "version": 1,
            "zone": "Europe/Paris",
            "currency": "EUR",
            "earns_on": draw(EARNS_ON),
            "wallets": {"points": draw(WALLET), "stamps": draw(WALLET)},
            "tiers": {"club": draw(LADDER)},
            "vouchers": {"five": draw(VOUCHER), "ten": draw(VOUCHER)},
            "rewards": {"mug": draw(REWARD)},
            "segments": {"lapsed": {"last_sale": {"more_than_days_ago": 60}}},
            "store_groups": {"city": ["7", "8"]},
            "campaigns": {
                "spring": {"first_day": "2025-12-20", "last_day": "2026-01-03", "control": "40%"},
                "secret": {"audience": {"segments": ["lapsed"]}},
            },
            "groups": {"boosts": draw(GROUP), "rates": draw(GROUP)},
            "promotions": [{"id": f"p{at}"} | words for at, words in enumerate(promotions)],
        }
    )


class Step(NamedTuple):
    """Something that happens; numbers beyond what there is are taken modulo it."""

    what: str
    member: int
    which: int
    much: int
    lines: tuple[tuple[int, int, int], ...]
    late: int


AT_ALL = (
    "sale", "sale", "sale", "sale", "sale", "sale", "return", "return", "whole", "redeem",
    "redeem", "adjust", "reward", "days", "days", "label", "segment", "activity", "again",
    "enrol",
)  # fmt: skip
STEP = st.builds(
    Step,
    one(AT_ALL),
    one((0, 0, 0, 0, 1, 1, 2)),
    st.integers(0, 7),
    st.integers(1, 40),
    st.lists(
        st.tuples(st.integers(0, 5), one((1, 1, 2, 3, 0)), st.integers(-1, 14)), max_size=8
    ).map(tuple),
    one((0, 0, 0, 1, 3, 12)),
)


def line(number: int, article: int, many: int, price: int) -> Line:
    """A line of so many units at one of some prices; a price of -1 is something handed in."""
    sku, department, category, brand, labels, flags = SHELF[article]
    net = max(many, 1) * (price * 57 if price >= 0 else -120)
    return Line(
        line_no=number, sku=sku, department=department, category=category, brand=brand,
        supplier="", labels=labels, quantity_milli=many * 1000, gross_minor=net + (net > 0) * 40,
        discounts=(), net_minor=net, tax_rate_ppm=(200_000, 100_000)[article % 2], flags=flags,
    )  # fmt: skip


class Story:
    """Steps told as events: knows the day and what was bought so far."""

    def __init__(self, wallets: Words) -> None:
        self.worth = {name: words["value"] for name, words in wallets.items()}
        self.day = START
        self.closed = START - 1
        self.told: list[Event] = []
        self.bought: list[events.SaleRecorded] = []

    def header(self, event_id: str, step: Step, late: int = 0) -> Header:
        """The header of a member's event, some days late."""
        member, day = MEMBERS[step.member], self.day - late
        hour, store = (9, 12, 17, 18)[step.which % 4], STORES[step.much % 2]
        return Header(
            f"{event_id}|{len(self.told)}", member, member, day * 86_400_000 + hour * 3_600_000,
            60, day, store, "1", ("pos", "app")[step.which // 4],
        )  # fmt: skip

    def tell(self, step: Step) -> list[Event]:
        """The events of a step."""
        happens: dict[str, Callable[[Step], list[Event]]] = {
            "sale": self.sale, "return": self.back, "whole": self.back, "days": self.days,
            "again": self.again,
        }  # fmt: skip
        new = happens.get(step.what, self.other)(step)
        self.told += new
        return new

    def sale(self, step: Step) -> list[Event]:
        """A basket, a part of it paid with points now and then."""
        lines = tuple(line(at + 1, *words) for at, words in enumerate(step.lines))
        total = sum(one.net_minor for one in lines)
        points = step.much * 5 if step.which == 3 and total > 200 else 0
        tenders = (Tender("points", points), Tender("card", total - points))
        sold = events.SaleRecorded(
            self.header("sale", step, step.late), f"{len(self.told)}", "", "", "EUR", lines,
            tenders if points else tenders[1:],
        )  # fmt: skip
        self.bought.append(sold)
        return [sold]

    def back(self, step: Step) -> list[Event]:
        """Some units, some lines, or all of an earlier sale."""
        if not self.bought:
            return []
        sold = self.bought[-1 - step.much % min(len(self.bought), 4)]
        if not sold.lines:
            return []
        all_of_it = step.what == "whole"
        chosen = sold.lines if all_of_it else sold.lines[step.which % 3 : 1 + step.which % 5]
        lines = tuple(
            ReturnedLine(one.line_no, one.sku, one.quantity_milli if all_of_it else 1000, 0)
            for one in chosen
        )
        header = self.header("return", step)
        owner = sold.header.account_id
        header = Header(header.event_id, owner, owner, *_rest(header))
        return [events.SaleReturned(header, "", sold.header.event_id, "EUR", lines)]

    def days(self, step: Step) -> list[Event]:
        """Days go by; all that are over are closed, but sometimes the last."""
        self.day += 1 + step.much % 9 if step.much < 38 else 31
        through = self.day - 1 - step.which % 2
        closes = [
            events.BusinessDayClosed(Header(f"day|{day}", "", "", day * 86_400_000, 0, day))
            for day in range(self.closed + 1, through + 1)
        ]
        self.closed = max(self.closed, through)
        return list(closes)

    def again(self, step: Step) -> list[Event]:
        """An earlier event once more, or another one under its name."""
        if not self.told:
            return []
        event = self.told[step.much % len(self.told)]
        if step.which == 0 and isinstance(event, events.SaleRecorded):
            return [_with(event, receipt_no="another")]
        return [event]

    def other(self, step: Step) -> list[Event]:
        """All that is one event of a member."""
        much, header = step.much, self.header(step.what, step)
        match step.what:
            case "enrol":
                born = ((0, 0), (2, 29), (12, 24), (1, 3), (1, 31))[much % 5]
                return [events.MemberEnrolled(header, birthday_month=born[0], birthday_day=born[1])]
            case "redeem":
                wallet = ("points", "points", "stamps")[step.which % 3]
                points = much if step.which == 7 else 5 * (1 + much % 6)
                value = self.worth[wallet]
                amount = points * round(value["amount"] * 100) // value["units"]
                eligible = (0, 3 * amount, amount)[much % 3]
                return [
                    events.PointsRedeemed(
                        header, wallet, points, amount + (step.which == 6), "EUR", eligible
                    )
                ]
            case "adjust":
                wallet = ("points", "stamps", "other", "points")[step.which % 4]
                points = much * 2 if step.which < 6 else -much
                approver = "boss" if much > 3 else ""
                return [events.PointsAdjusted(header, wallet, points, "so", approver)]
            case "label":
                return [events.MemberLabelled(header, "vip", much % 3 > 0)]
            case "segment":
                moved = events.SegmentEntered if much % 3 else events.SegmentLeft
                return [moved(header, "lapsed", "")]
            case "activity":
                return [events.ActivityRecorded(header, "review" if much % 4 else "survey")]
        return [events.RewardClaimed(header, "mug" if much % 9 else "cup", 1 + step.which // 5)]


def _rest(header: Header) -> tuple[Any, ...]:
    """A header's fields behind whose it is."""
    return (
        header.occurred_at, header.utc_offset_min, header.business_date, header.store_id,
        header.till_id, header.channel, header.actor,
    )  # fmt: skip


def _with(event: events.SaleRecorded, **changed: Any) -> events.SaleRecorded:
    """The sale with something changed."""
    fields = {name: getattr(event, name) for name in event.__struct_fields__}
    return events.SaleRecorded(**(fields | changed))


ENROLS = st.tuples(*(STEP for _ in MEMBERS)).map(
    lambda drawn: [
        step._replace(what="enrol", member=at)
        for at, step in enumerate(drawn)
        if step.much % 8 or at == 0
    ]
)
SOME = st.lists(STEP, min_size=3, max_size=15)
HISTORIES = st.tuples(ENROLS, SOME, SOME, SOME).map(
    lambda parts: [step for part in parts for step in part]
)
"""Most enrol first; then some two dozen things happen."""
