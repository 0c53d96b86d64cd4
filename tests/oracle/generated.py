"""Programmes and histories made up from a number: small, valid, and full of the odd cases.

The same number always makes the same story.
"""

import random
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from processors.core.document import check
from schemas import events
from schemas.events import Discount, Event, Header, Line, ReturnedLine, SaleRecorded, Tender

Words = dict[str, Any]

START = 20_440
"""18 December 2025: a year's end is near, and so is a February."""
MEMBERS = ("ann", "bob", "cy")
SHELF = (
    ("TEA", "GROCERY", "DRINKS/HOT", "Own", ()),
    ("JUICE", "GROCERY", "DRINKS/COLD", "Sun", ()),
    ("APPLE", "PRODUCE", "FRUIT", "Sun", ()),
    ("BREAD", "BAKERY", "BREAD", "Own", ()),
    ("SMOKES", "MISC", "TOBACCO", "Puff", ()),
    ("CARD", "MISC", "CARDS", "Own", ("gift_card",)),
)
"""sku, department, category, brand, flags; the last two never earn."""
ITEMS = (
    {"brands": ["Own"]},
    {"departments": ["GROCERY", "BAKERY"]},
    {"categories": ["DRINKS"]},
    {"categories": ["DRINKS/HOT", "FRUIT"]},
    {"brands": ["Own"], "departments": ["GROCERY"]},
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
    {"tiers": ["silver", "gold"]},
    {"tiers": ["bronze"]},
)
RATES = (0.5, 1.5, 2, 3, 1.25, {"by_tier": {"silver": 1.5, "gold": 2}})
EXPIRY = (
    {"rolling": {"months": 12, "round_to": "month_end"}},
    {"rolling": {"days": 9}},
    {"rolling": {"months": 1}},
    {"rolling": {"months": 1, "round_to": "quarter_end"}},
)


VOUCHERS = ("ten", "half")


class Dice(random.Random):
    """Chance with words."""

    def one(self, values: Sequence[Any]) -> Any:
        """One of several."""
        return values[int(self.random() * len(values))]

    def upto(self, most: int) -> int:
        """A number from 1 on."""
        return 1 + int(self.random() * most)

    def maybe(self, word: str, values: Sequence[Any], odds: float = 0.3) -> Words:
        """The word with one of several values, more often not."""
        return {word: self.one(values)} if self.random() < odds else {}

    def wallet(self) -> str:
        """More often points than stamps."""
        return str(self.one(("points", "points", "stamps")))


class Story(NamedTuple):
    """What happened under which document; the first event activates it."""

    document: Words
    events: list[Event]


def conditions(dice: Dice) -> Words:
    """Who; mostly anybody."""
    return dice.maybe("who", WHO)


def limits(dice: Dice, what: str, most: int, odds: float = 0.3) -> Words:
    """A limit by sale, or by member and period."""
    if dice.random() > odds:
        return {}
    limit = {what: dice.upto(most)}
    if what != "times" and dice.random() < 0.4:
        return {"limits": {"per_sale": limit}}
    return {"limits": {"per_member": limit | dice.maybe("every", ("day", "week", "month"), 0.6)}}


def per_amount(dice: Dice) -> Words:
    """Points for money."""
    step: Words = dice.one(({"per": 1.00}, {"per": 0.50}, {"per": 3.00}, {"per_full": 5.00}))
    give = {"give": {dice.wallet(): dice.one((1, 1, 2))}}
    return give | step | dice.maybe("items", ITEMS) | on_basket(dice) | limits(dice, "units", 40)


def on_basket(dice: Dice) -> Words:
    """Conditions, now and then one on the basket."""
    return conditions(dice) | dice.maybe("basket", BASKETS, 0.2)


def multiplier(dice: Dice) -> Words:
    """More points, or fewer."""
    words = {"multiply": {dice.wallet(): dice.one(RATES)}} | dice.maybe("items", ITEMS)
    grouped = dice.maybe("group", ("boosts", "rates"), 0.6)
    order = dice.maybe("priority", (1, 2, -1), 0.4)
    return words | grouped | order | on_basket(dice) | limits(dice, "units", 40, 0.2)


def per_item(dice: Dice) -> Words:
    """Points for articles."""
    words = {"give": {dice.wallet(): dice.upto(4)}, "items": dice.one(ITEMS)}
    return words | conditions(dice) | limits(dice, "items", 5)


def bonus(dice: Dice) -> Words:
    """Something fixed for a basket."""
    give = {"give": {dice.wallet(): dice.upto(20)}}
    if dice.random() < 0.5:
        # Without limits: what those left to one that did not act is known to nobody on a return.
        order = dice.maybe("priority", (1, 2, -1), 0.4)
        basket = dice.maybe("basket", BASKETS, 0.6)
        return give | {"group": "boosts"} | order | conditions(dice) | basket
    return give | on_basket(dice) | limits(dice, "times", 4)


def percent_off(dice: Dice) -> Words:
    """A share off prices."""
    words = {"percent": dice.one((10, 15, 25, 50, 100))} | dice.maybe("up_to", (1.00, 2.50), 0.3)
    return words | dice.maybe("items", ITEMS, 0.6)


def amount_off(dice: Dice) -> Words:
    """So much off an article, a line or the basket."""
    words = {"amount": dice.one((0.25, 1.00, 2.00, 4.00))}
    return (
        words | dice.maybe("each", ("unit", "line", "sale"), 0.8) | dice.maybe("items", ITEMS, 0.6)
    )


def buy_get_free(dice: Dice) -> Words:
    """Some of several articles for nothing."""
    return {"buy": dice.upto(2), "free": dice.upto(2)} | dice.maybe("items", ITEMS, 0.6)


def exchange(dice: Dice) -> Words:
    """Points become a voucher by themselves.

    Without a limit by day: what that leaves waits for the account's next record, which a close is
    or is not.
    """
    take = {"take": {dice.wallet(): 39 + dice.upto(60)}, "give": {"voucher": dice.one(VOUCHERS)}}
    limit = dice.maybe("limits", ({"per_member": {"times": 1}}, {"per_member": {"times": 3}}))
    return take | dice.maybe("undone_by_return", (True,), 0.5) | limit | conditions(dice)


def thanks(dice: Dice) -> Words:
    """A voucher for a basket, or for every so many of them."""
    give = {"kind": "bonus", "give": {"voucher": dice.one(VOUCHERS)}}
    nth = {"nth_sale": {dice.one(("is", "every")): dice.upto(3)}}
    return give | (nth if dice.random() < 0.4 else on_basket(dice)) | limits(dice, "times", 3)


def voucher(dice: Dice) -> Words:
    """An amount or a share off, for a few days."""
    off = dice.one(
        ({"amount": 2.00}, {"amount": 5.00}, {"percent": 20}, {"percent": 50, "up_to": 1.00})
    )
    valid = dice.one(
        ({"days": 3}, {"days": 12}, {"days": 9, "starts": "next_day"}, {"through": "month"})
    )
    words = {"off": off, "valid": valid} | dice.maybe("items", ITEMS, 0.3)
    return words | dice.maybe("basket", BASKETS, 0.3) | dice.maybe("who", WHO, 0.15)


def cheaper(dice: Dice) -> Words:
    """A promotion that makes articles cheaper."""
    kind = dice.one((percent_off, amount_off, buy_get_free))
    grouped = dice.maybe("group", ("offers", "deals"), 0.7)
    order = dice.maybe("priority", (1, 2, -1), 0.4)
    return {"kind": kind.__name__} | kind(dice) | grouped | order | on_basket(dice)


KINDS = (*(per_amount,) * 2, *(multiplier,) * 3, per_item, *(bonus,) * 2)


def wallet(dice: Dice) -> Words:
    """Short lives, waiting, all ways to be short."""
    return {
        "value": dice.one(({"units": 100, "amount": 1.00}, {"units": 30, "amount": 1.00})),
        "expiry": dice.one(EXPIRY),
        "when_short": dice.one(("owe", "owe", "owe", "write_off", "only_pending", "charge_refund")),
        "pay": dice.one(({"min": 1, "step": 1}, {"min": 10, "step": 5, "max_share": "50%"})),
        **dice.maybe("pending", ({"days": 2}, {"days": 3, "round_to": "day_end"})),
    }


def ladder(dice: Dice) -> Words:
    """Three levels, by money or by visits."""
    measure = dice.one(("spend", "visits"))
    silver, gold = (20.00, 60.00) if measure == "spend" else (2, 4)
    return {
        "measure": measure,
        "window": dice.one(("calendar_year", "lifetime", {"months": 1}, {"months": 2})),
        "kept_until": dice.one(("end_of_year", "end_of_next_year", {"months": 1})),
        "crossing_sale": dice.one(("old_rate", "new_rate")),
        "review": dice.one(("earned_level", "one_down", "keep")),
        "returns": dice.one(("earned_level", "at_review")),
        **dice.maybe("grace", ({"days": 3},)),
        "levels": [
            {"id": "bronze", "from": 0},
            {"id": "silver", "from": silver},
            {"id": "gold", "from": gold},
        ],
    }


def document(dice: Dice) -> Words:
    """A programme in its own words."""
    promotions: list[Words] = []
    for number in range(dice.upto(7)):
        kind = dice.one(KINDS)
        promotions.append({"id": f"p{number}", "kind": kind.__name__} | kind(dice))
    if dice.random() < 0.8:
        base = {"id": "base", "kind": "per_amount", "give": {"points": 1}, "per": 1.00}
        promotions.insert(0, base)
    promotions += [{"id": f"q{number}"} | cheaper(dice) for number in range(dice.upto(5) - 1)]
    promotions += [
        {"id": f"x{number}", "kind": "convert"} | exchange(dice)
        for number in range(dice.upto(3) - 1)
    ]
    promotions += [{"id": f"t{number}"} | thanks(dice) for number in range(dice.upto(3) - 1)]
    modes = [
        {"scope": scope, "mode": mode}
        for scope in ("basket", "line", "unit")
        for mode in ("floor", "half_up", "half_even", "ceil")
    ]
    never = {"categories": ["TOBACCO"], "flags": ["gift_card"]}
    return {
        "programme": "made-up",
        "version": 1,
        "zone": "Europe/Paris",
        "currency": "EUR",
        "earns_on": {
            "price": dice.one(("paid", "paid", "shelf")),
            "tax": dice.one(("included", "included", "excluded")),
            "not_paid_with": ["points", "voucher"],
            "never": never,
            "rounding": dice.one(modes) if dice.random() < 0.3 else modes[0],
        },
        "wallets": {"points": wallet(dice), "stamps": wallet(dice)},
        "tiers": {"club": ladder(dice)},
        "groups": {
            name: {
                "combine": dice.one(("best", "add", "multiply", "first")),
                "on": dice.one(("line", "line", "sale")),
            }
            for name in ("boosts", "rates", "offers", "deals")
        },
        "vouchers": {name: voucher(dice) for name in VOUCHERS},
        "promotions": promotions,
    }


def basket(dice: Dice) -> tuple[Line, ...]:
    """One to eight lines, some alike, some by weight, some handed in, some for nothing."""
    lines = []
    for number in range(1, dice.upto(8) + 1):
        article = int(dice.random() * len(SHELF))
        sku, department, category, brand, flags = SHELF[article]
        milli = dice.one((1000, 1000, 2000, 3000, 0, 750))
        price = dice.upto(16) - 2
        net = max(milli, 1000) * (price * 57 if price >= 0 else -120) // 1000
        till = (Discount("till", "", 40),) if net > 0 else ()
        lines.append(
            Line(
                line_no=number, sku=sku, department=department, category=category, brand=brand,
                supplier="", labels=(), quantity_milli=milli, gross_minor=net + (net > 0) * 40,
                discounts=till, net_minor=net, tax_rate_ppm=(200_000, 100_000)[article % 2],
                flags=flags,
            )
        )  # fmt: skip
    return tuple(lines)


class Teller:
    """Tells one thing after the other: knows the day, and what was bought and paid so far."""

    def __init__(self, dice: Dice, words: Words) -> None:
        self.dice = dice
        self.worth = {name: one["value"] for name, one in words["wallets"].items()}
        self.day = START
        self.closed = START - 1
        self.told: list[Event] = []
        self.sales: list[SaleRecorded] = []
        self.payments: list[events.PointsRedeemed] = []

    def header(self, what: str, member: str = "", late: int = 0) -> Header:
        """The header of a member's event, some days late."""
        dice, day = self.dice, self.day - late
        owner, hour = member or dice.one(MEMBERS[:2] * 2 + MEMBERS), dice.one((9, 12, 17, 18))
        return Header(
            f"{what}|{len(self.told)}", owner, owner, day * 86_400_000 + hour * 3_600_000, 60, day,
            dice.one(("0142", "7")), "1",
        )  # fmt: skip

    def sale(self) -> list[Event]:
        """A basket, a part of it paid with points now and then."""
        lines, late = basket(self.dice), self.dice.one((0, 0, 0, 0, 1, 3, 12))
        header = self.header("sale", late=late)
        total = sum(one.net_minor for one in lines)
        paid = [one for one in self.payments if one.header.account_id == header.account_id][-1:]
        tenders = [Tender("points", one.amount_minor, one.header.event_id) for one in paid]
        if self.dice.random() < 0.7 or total <= sum(one.amount_minor for one in tenders):
            tenders = []
        rest = total - sum(one.amount_minor for one in tenders)
        named = [one for one in (*VOUCHERS, "none") if self.dice.random() < 0.3]
        if named and self.dice.random() < 0.4 and rest > 100:
            reference = named[0] if len(named) > 1 else self.dice.one((named[0], ""))
            tenders, rest = [*tenders, Tender("voucher", 100, reference)], rest - 100
        sold = SaleRecorded(
            header,
            f"{len(self.told)}",
            "",
            "",
            "EUR",
            lines,
            (*tenders, Tender("card", rest)),
            tuple(named),
        )
        self.sales.append(sold)
        return [sold]

    def back(self) -> list[Event]:
        """Some units, some lines, or all of an earlier sale."""
        if not self.sales:
            return []
        sale, whole = self.dice.one(self.sales[-5:]), self.dice.random() < 0.3
        chosen = [one for one in sale.lines if whole or self.dice.random() < 0.4]
        lines = tuple(
            ReturnedLine(one.line_no, one.sku, self.dice.one((0, 1000, one.quantity_milli)), 0)
            for one in chosen or sale.lines[:1]
        )
        header = self.header("return", sale.header.account_id)
        return [events.SaleReturned(header, "", sale.header.event_id, "EUR", lines)]

    def points(self, most: int) -> int:
        """What is to be spent, sometimes against the terms."""
        return self.dice.upto(most) if self.dice.random() < 0.2 else 5 * self.dice.upto(most // 5)

    def amount(self, wallet: str, points: int) -> int:
        """What points of a wallet pay, in minor units."""
        value = self.worth[wallet]
        return int(points * round(value["amount"] * 100) // value["units"])

    def redeem(self) -> list[Event]:
        """Points as payment, sometimes against the terms."""
        dice, name = self.dice, self.dice.wallet()
        points = self.points(40)
        amount = self.amount(name, points)
        eligible = dice.one((0, 3 * amount, 3 * amount, amount))
        off = int(dice.random() < 0.05)
        header = self.header("redeem")
        paid = events.PointsRedeemed(header, name, points, amount + off, "EUR", eligible)
        self.payments.append(paid)
        return [paid]

    def present(self) -> list[Event]:
        """A voucher is used beside a sale, or apart from any."""
        sale = self.dice.one([*self.sales[-3:], None])
        header = self.header("present", sale.header.account_id if sale else "")
        name, amount = self.dice.one((*VOUCHERS, "none")), self.dice.one((0, 150))
        used_on = sale.header.event_id if sale else ""
        return [events.VoucherPresented(header, name, "", used_on, amount, "EUR")]

    def days(self) -> list[Event]:
        """Days go by; all that are over are closed, but sometimes the last."""
        self.day += self.dice.one((1, 1, 1, 2, 3, 5, 9, 31))
        through = self.day - self.dice.one((1, 1, 2))
        days = range(self.closed + 1, through + 1)
        self.closed = max(self.closed, through)
        return [closing(day) for day in days]

    def again(self) -> list[Event]:
        """An earlier event once more, or another one under its name."""
        if not self.told:
            return []
        event = self.dice.one(self.told)
        if isinstance(event, SaleRecorded) and self.dice.random() < 0.3:
            fields = {name: getattr(event, name) for name in event.__match_args__}
            return [SaleRecorded(**(fields | {"receipt_no": "another"}))]
        return [event]

    def enrol(self, member: str = "") -> list[Event]:
        """A member joins, perhaps once more."""
        return [events.MemberEnrolled(self.header("enrol", member))]


STEPS = (
    *(Teller.sale,) * 8, *(Teller.back,) * 5, *(Teller.redeem,) * 3,
    *(Teller.days,) * 3, Teller.present, Teller.again, Teller.enrol,
)  # fmt: skip


def closing(day: int) -> events.BusinessDayClosed:
    """The end of a business day."""
    return events.BusinessDayClosed(Header(f"day|{day}", "", "", day * 86_400_000, 0, day))


def activation(text: str, day: int = START - 2_000, name: str = "programme") -> Event:
    """A programme, in force from a day on."""
    checked = check(text)
    return events.ProgrammeActivated(
        header=Header(name, "", "", day * 86_400_000, 0, day),
        document=checked.document,
        document_hash=checked.document_hash,
        effective_from=day,
    )


def history(
    dice: Dice, words: Words, steps: int, kinds: Sequence[Callable[[Teller], list[Event]]] = STEPS
) -> list[Event]:
    """Most members join; then some things happen."""
    teller = Teller(dice, words)
    teller.told.append(closing(START - 1))
    for member in MEMBERS:
        teller.told += teller.enrol(member) if dice.random() < 0.9 else []
    for _ in range(steps):
        teller.told += dice.one(kinds)(teller)
    return teller.told
