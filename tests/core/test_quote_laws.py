"""What a quote says is what the sale brings, on made-up programmes, members and baskets.

The law: a sale that is recorded as it was quoted, at the same moment, differs in nothing from its
quote.  The same vouchers are used and the others refused for the same reasons, and the same points,
vouchers and gifts are given, by promotion and wallet.  And asking changes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from random import Random

import pytest

from processors.core.overlay import Overlay
from processors.core.quote import Quote, quote
from processors.words.calendar import date_of
from schemas import events, ledger
from schemas.events import Discount, Line, SaleRecorded, Tender
from schemas.ledger import Effect
from schemas.records import replace
from tests.core.scene import Scene, day, line
from tests.core.till_scene import article, asked, shop

SECTIONS = """
programme: made-up
version: 1
zone: Europe/Paris
currency: EUR
earns_on: {{price: {price}, tax: {tax}, not_paid_with: [points, voucher], never: {{brands: [T]}}}}
wallets:
  points: {{value: {{units: 100, amount: 1.00}}, pay: {{min: 1, step: 1}}{wallet}}}
  stamps: {{limits: {{per_sale: {{units: 6}}}}}}
tiers:
  club: {{measure: spend, window: calendar_year, crossing_sale: {crossing},
    levels: [{{id: low, from: 0}}, {{id: mid, from: 20.00}}, {{id: top, from: 60.00}}]}}
perks: {{lounge: {{limits: {{per_member: {{times: 1}}}}}}}}
campaigns: {{c: {{control: 50%}}}}
segments: {{regular: {{sales: {{at_least: 3}}}}}}
groups:
  g: {{combine: {first}}}
  h: {{combine: {second}}}
  m: {{combine: {third}}}
vouchers:
  five: {{off: {{amount: 5.00}}, valid: {{days: 30}}}}
  next: {{off: {{amount: 2.00}}, valid: {{starts: next_day, days: 30}}}}
  card: {{off: {{amount: 20.00}}, stored_value: true, valid: {{days: 30}}}}
  share: {{off: {{percent: 20, up_to: 3.00}}, items: {{brands: [B]}}, valid: {{days: 30}}}}
  free: {{off: {{percent: 100, units: 1}}, items: {{brands: [A]}}, valid: {{days: 30}}}}
  big: {{off: {{amount: 3.00}}, basket: {{at_least: 15.00}}, valid: {{days: 30}}}}
  vip: {{off: {{amount: 1.00}}, who: {{labels: [vip]}}, valid: {{days: 30}}}}
  web: {{off: {{amount: 1.00}}, where: {{channels: [web]}}, valid: {{days: 30}}}}
  once: {{off: {{amount: 1.50}}, valid: {{days: 30}}, limits: {{per_sale: {{times: 1}}}}}}
  sole: {{off: {{amount: 1.25}}, valid: {{days: 9}}, limits: {{per_member: {{times: 1}}}}}}
promotions:
"""
VOUCHERS = ("five", "next", "card", "share", "free", "big", "vip", "web", "once", "sole")
PROMOTIONS = (
    "kind: percent_off, percent: 33.3",
    "kind: percent_off, percent: 50, up_to: 2.50, limits: {per_member: {times: 2, every: day}}",
    "kind: percent_off, percent: 10, nth_sale: {every: 2, basket: {at_least: 20.00}}",
    "kind: percent_off, percent: 20, who: {tiers: [mid, top]}",
    "kind: amount_off, amount: 1.00, each: unit, limits: {per_member: {items: 4, every: week}}",
    "kind: amount_off, amount: 0.25, each: line, funded_by: maker, campaign: c",
    "kind: amount_off, amount: 5.00, basket: {at_least: 20.00}",
    "kind: buy_get_free, buy: 2, free: 1, limits: {per_sale: {items: 3, mode: reject}}",
    "kind: buy_get_free, buy: 1, free: 1, items: {brands: [A]}",
    "kind: bundle_price, price: 3.00, items: [{brands: [A]}, {brands: [B], units: 2}]",
    "kind: member_price, prices: {A1: 1.99, B2: 0.00}",
    "kind: per_amount, give: {points: 1}, per: 1.00",
    "kind: per_amount, give: {stamps: 2}, per_full: 2.50, limits: {per_member: {units: 9}}",
    "kind: per_item, give: {stamps: 1}, items: {brands: [A], paid: true}",
    "kind: per_item, give: {points: 2}, items: {brands: [B]}, limits: {per_member: {items: 4}}",
    "kind: multiplier, multiply: {points: 2}, basket: {at_least: 10.00}",
    "kind: multiplier, multiply: {points: 0.5}, items: {brands: [B]}, campaign: c",
    "kind: multiplier, multiply: {stamps: 3}, who: {segments: [regular]}",
    "kind: bonus, give: {points: 5}, limits: {per_member: {times: 1, every: day}}",
    "kind: bonus, give: {voucher: five}, basket: {units: 3}, who: {first_purchase: false}",
    "kind: bonus, give: {gift: MUG}, basket: {coupon: C1}, nth_sale: {every: 2}",
    "kind: bonus, give: {perk: lounge}, where: {channels: [web]}",
    "kind: streak, give: {voucher: next}, every: day, length: 2",
    "kind: convert, take: {points: 10}, give: {voucher: card}",
    "kind: convert, take: {stamps: 5}, give: {gift: CAP}, limits: {per_member: {times: 3}}",
)
"""Each is in a group now and then, and some only in the late morning."""
GROUPED = ("percent_off", "amount_off", "buy_get_free", "bundle_price", "member_price")


def document(dice: Random) -> str:
    """Some of the promotions, in any order."""
    combine = ("best", "first", "add", "multiply")
    ways = [f"{dice.choice(combine)}, on: {dice.choice(('line', 'sale'))}" for _ in range(3)]
    text = SECTIONS.format(
        price=dice.choice(("paid", "paid", "shelf")),
        tax=dice.choice(("included", "excluded")),
        wallet=dice.choice(("", ", pending: {days: 2}", ", limits: {per_member: {units: 8}}")),
        crossing=dice.choice(("old_rate", "new_rate")),
        first=ways[0], second=ways[1], third=ways[2],
    )  # fmt: skip
    for number, words in enumerate(dice.sample(PROMOTIONS, dice.randint(4, 14))):
        kind = words.split(",")[0].removeprefix("kind: ")
        group = dice.choice("gh") if kind in GROUPED else "m" if kind == "multiplier" else ""
        more = f", group: {group}" if group and dice.random() < 0.6 else ""
        if dice.random() < 0.15:
            more += ', when: {hours: {from: "10:00", to: "12:30"}}'
        if dice.random() < 0.3:
            more += f", priority: {dice.choice((1, 2, -1))}"
        text += f"  - {{id: p{number}, {words}{more}}}\n"
    return text


def articles(dice: Random) -> list[Line]:
    """Some alike, some by weight, some for nothing, some handed in, some reduced by the till."""
    lines = []
    for number in range(1, dice.randint(1, 6) + 1):
        sku, milli = dice.choice(("A1", "A2", "B1", "B2", "T1")), dice.choice((1000, 2000, 750, 0))
        gross = dice.choice((0, 99, 250, 333, 999, 1500)) * max(milli, 1000) // 1000
        off = 50 if gross > 50 and dice.random() < 0.1 else 0
        gross = -120 if dice.random() < 0.07 else gross
        off = min(off, max(gross, 0))
        lines.append(
            line(
                number, gross - off, sku=sku, brand=sku[0], quantity_milli=milli, gross_minor=gross,
                discounts=(Discount("till", "damaged", off),) if off else (),
                tax_rate_ppm=dice.choice((0, 200_000)),
            )
        )  # fmt: skip
    return lines


def counted(rows: Iterable[tuple[str, int]]) -> Counter[str]:
    """How much of each; nothing of what comes to nothing."""
    sums: Counter[str] = Counter()
    for name, many in rows:
        sums[name] += many
    return +sums


def used(effects: Sequence[Effect]) -> Counter[str]:
    """Vouchers that were used, with what they took off."""
    rows = [one for one in effects if isinstance(one, ledger.VoucherRedeemed)]
    return counted((one.voucher_id, one.amount_minor) for one in rows)


def refused(effects: Sequence[Effect]) -> list[tuple[str, str]]:
    """Vouchers that were not, and why."""
    rows = [one for one in effects if isinstance(one, ledger.VoucherRefused)]
    return [(one.voucher_id, one.reason) for one in rows]


def earned(effects: Sequence[Effect]) -> Counter[str]:
    """Points by promotion and wallet, but those that count for a level."""
    rows = [one for one in effects if isinstance(one, ledger.PointsEarned)]
    rows = [one for one in rows if not one.wallet.startswith("tier:")]
    return counted((f"{one.promotion_id} {one.wallet}", one.granted) for one in rows)


def given(effects: Sequence[Effect]) -> list[tuple[str, str, int]]:
    """What else was given, in order."""
    found = []
    for one in effects:
        if isinstance(one, ledger.RewardGiven):
            found.append((one.promotion_id, one.item, one.quantity))
        if isinstance(one, ledger.VoucherIssued):
            found.append((one.promotion_id, one.voucher, 1))
    return found


class Shop:
    """Days at two tills: members buy by quotes, bring back, and have things set aside."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.scene = Scene(document(self.dice))
        self.day, self.minute, self.number = day("2026-03-11"), 0, 0
        self.scene.close("2026-03-10")
        self.sales: list[SaleRecorded] = []
        for member in "AB":
            self.scene.enrolled(member, "2026-03-10")
            self.endow(member)

    def endow(self, member: str) -> None:
        """Vouchers that hold for some days, perhaps a label, perhaps a segment."""
        dice, scene, first = self.dice, self.scene, self.day
        for number in range(dice.randint(0, 6)):
            header, last = scene.header(f"offer|{member}|{number}", member, "2026-03-10"), first + 9
            name, days, uses = dice.choice(VOUCHERS), dice.randint(0, 9), dice.choice((1, 1, 2))
            scene.when(events.OfferMade(header, "c", name, first, last - days, uses))
        header = scene.header(f"said|{member}", member, "2026-03-10")
        if dice.random() < 0.4:
            scene.when(events.MemberLabelled(header, "vip", True))
        if dice.random() < 0.4:
            header = replace(header, event_id=f"in|{member}")
            scene.when(events.SegmentEntered(header, "regular", "hash"))

    def header(self, what: str, member: str) -> events.Header:
        """The next minute at one of the tills, from ten o'clock on."""
        self.number += 1
        at = self.day * 86_400_000 + (600 + self.minute) * 60_000
        header = self.scene.header(f"{what}|{self.number}", member, str(date_of(self.day)))
        channel = self.dice.choice(("pos", "pos", "web"))
        return replace(header, occurred_at=at, till_id=self.dice.choice("12"), channel=channel)

    def goes_on(self) -> None:
        """The clock goes on; what is set aside is sometimes over by then, and a day ends."""
        self.minute += self.dice.choice((1, 20, 60))
        if self.minute > 600 or self.dice.random() < 0.25:
            self.scene.close(str(date_of(self.day)))
            self.day, self.minute = self.day + 1, 0

    def sets_aside(self, member: str) -> None:
        """Points or a voucher, for minutes or hours."""
        until = self.day * 86_400_000 + (600 + self.minute + self.dice.choice((5, 90))) * 60_000
        header, account = self.header("hold", member), self.scene.account(member)
        if account.vouchers and self.dice.random() < 0.6:
            voucher, order = self.dice.choice(account.vouchers), self.dice.choice(("", "O1"))
            self.scene.when(
                events.VoucherReserved(header, f"h{self.number}", voucher.voucher_id, until, order)
            )
        else:
            self.scene.when(events.HoldPlaced(header, f"h{self.number}", "points", 2, until))

    def brings_back(self) -> None:
        """Some lines of a sale."""
        sale = self.dice.choice(self.sales)
        parts = {one.line_no: 0 for one in sale.lines if self.dice.random() < 0.5}
        self.number += 1
        if parts:
            back = self.scene.back(str(self.number), sale, parts, on=str(date_of(self.day)))
            self.scene.when(back)

    def presented(self, member: str) -> Sequence[str]:
        """Vouchers by id or by name, one more than once, and one that nobody knows."""
        held = self.scene.account(member).vouchers
        names = [name for one in held for name in (one.voucher_id, one.voucher)]
        return [self.dice.choice([*names, "nothing"]) for _ in range(self.dice.randint(0, 3))]

    def buys(self, member: str) -> None:
        """A basket by a quote, which says what the sale then brings."""
        dice, scene = self.dice, self.scene
        currency = "USD" if dice.random() < 0.05 else "EUR"
        basket = scene.sale("", articles(dice), vouchers=self.presented(member), currency=currency)
        basket = replace(
            basket, header=self.header("sale", member), tenders=(),
            coupons=dice.choice(((), ("C1",))), order_id=dice.choice(("", "O1")),
        )  # fmt: skip
        before = scene.state.digest()
        answer = quote(Overlay(scene.state), basket)
        assert quote(Overlay(scene.state), basket) == answer
        assert scene.state.digest() == before

        paid = (Tender("card", answer.to_pay_minor),) if answer.to_pay_minor > 0 else ()
        sale = replace(basket, quote_id="Q", lines=answer.lines, tenders=paid)
        record = scene.when(sale)
        assert record.decision == "ACCEPTED"
        assert not any(isinstance(one, ledger.QuoteDiffered) for one in record.effects)
        assert refused(record.effects) == [
            (one.reference, one.refusal) for one in answer.vouchers if one.refusal is not None
        ]
        cuts = [one for one in answer.cuts if one.source == "voucher"]
        assert used(record.effects) == counted((one.voucher_id, one.amount_minor) for one in cuts)
        assert earned(record.effects) == counted(
            (f"{one.promotion_id} {one.wallet}", one.points) for one in answer.earned
        )
        assert given(record.effects) == [
            (one.promotion_id, one.item, one.quantity) for one in answer.gives
        ]
        off = sum(one.gross_minor - one.net_minor for one in answer.lines)
        by_till = sum(one.gross_minor - one.net_minor for one in basket.lines)
        assert off - by_till == sum(one.amount_minor for one in answer.cuts)
        assert all(part >= 0 for one in answer.cuts for part in one.by_line)
        self.sales.append(sale)

    def lives(self) -> None:
        """Some days."""
        for _ in range(12):
            self.goes_on()
            member, chance = self.dice.choice("AAB"), self.dice.random()
            if chance < 0.2:
                self.sets_aside(member)
            elif chance < 0.35 and self.sales:
                self.brings_back()
            else:
                self.buys(member)


def test_a_sale_brings_what_its_quote_said() -> None:
    """200 stories, each with its own programme."""
    for seed in range(200):
        Shop(seed).lives()


GIVING = """
    {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
    {id: ten, kind: bonus, give: {points: 5}, basket: {at_least: 10.00}}
    {id: own, kind: per_item, give: {points: 1}, items: {brands: [A]}, basket: {at_least: 9.99}}
    {id: third, kind: multiplier, multiply: {points: 3}, basket: {at_least: 9.00, items: ITEMS}}
    {id: gift, kind: bonus, give: {gift: MUG}, basket: {at_least: 50.00, units: 4}}
    {id: vip, kind: bonus, give: {points: 9}, basket: {at_least: 20.00}, who: {labels: [vip]}}
"""
CUTTING = (
    "{id: forty, kind: percent_off, percent: 10, basket: {at_least: 40.00, items: ITEMS}}",
    "{id: pair, kind: buy_get_free, buy: 1, free: 1, basket: {at_least: 25.00}}",
)


def has(answer: Quote, promotion: str) -> bool:
    """Whether a promotion acts on a basket."""
    rows = {one.promotion_id for one in (*answer.earned, *answer.gives)}
    return promotion in rows | {one.source_id for one in answer.cuts}


@pytest.mark.parametrize("promotions", [GIVING, *CUTTING])
def test_what_a_prompt_says_is_missing_is_enough_and_no_cent_less(promotions: str) -> None:
    """One more article of just that price brings it, one of a cent less does not."""
    dice, scene = Random(1), shop(promotions.replace("ITEMS", "{brands: [A]}"))
    for _ in range(100):
        lines = [
            article(at, dice.choice((99, 250, 333, 1500)) * many, many, sku=brand, brand=brand)
            for at in range(1, dice.randint(1, 4) + 1)
            for many, brand in [(dice.randint(1, 2), dice.choice("ABT"))]
        ]
        for prompt in asked(scene, lines).prompts:
            by, promotion = prompt.split(" more for ")
            price = round(float(by) * 100)
            at = len(lines) + 1
            enough, short = (
                asked(scene, [*lines, article(at, cents, sku="A", brand="A")])
                for cents in (price, price - 1)
            )
            assert has(enough, promotion), prompt
            assert not has(short, promotion), prompt
