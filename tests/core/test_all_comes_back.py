"""When everything that was bought has come back, the customer is not short of a cent or a point.

The law, on made-up stories: what was refunded, less what refunds were charged for, and what open
vouchers are still worth are together at least what was paid; and no point is there or owed, but for
what a voucher was made of that was used, or that is still there.
"""

from collections.abc import Callable
from random import Random

import pytest

from processors.core.overlay import Overlay
from processors.core.quote import quote
from schemas import ledger
from schemas.events import ReturnedLine, SaleRecorded, Tender
from schemas.records import replace
from tests.core.scene import Scene, line, scene_of

RULES = """
programme: rules
version: 1
zone: Europe/Paris
currency: EUR
earns_on: {not_paid_with: [voucher]}
wallets: {points: {value: {units: 10, amount: 1.00}}}
vouchers:
  five: {off: {amount: 5.00}, valid: {days: 60}}
  three: {off: {amount: 3.00}, valid: {days: 60}}
  stored: {off: {amount: 20.00}, stored_value: true, valid: {days: 60}}
  twice: {off: {amount: 4.00}, uses: 2, valid: {days: 60}}
groups: {offers: {combine: best, on: line}}
promotions:
  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
  - {id: double, kind: multiplier, multiply: {points: 2}, items: {skus: [A1]}}
  - {id: forty, kind: bonus, give: {voucher: three}, basket: {at_least: 40.00}}
  - {id: sixty, kind: bonus, give: {points: 30}, basket: {at_least: 60.00}}
  - {id: seventy, kind: bonus, give: {voucher: twice}, basket: {at_least: 70.00}}
  - {id: ninety, kind: bonus, give: {voucher: stored}, basket: {at_least: 90.00}}
  - {id: swap, kind: convert, take: {points: 50}, give: {voucher: five}, undone_by_return: UNDONE}
  - {id: tenth, kind: percent_off, percent: 10, items: {skus: [A2]}, group: offers}
  - {id: third, kind: buy_get_free, buy: 2, free: 1, items: {skus: [A1, A2]}, group: offers}
"""
POINTS_OF_FIVE = 50
PRICES = (2_99, 5_00, 10_00, 15_50, 25_00, 40_00)


class Customer:
    """One who buys by quotes, with the vouchers that are there, and brings back."""

    def __init__(self, seed: int, undone: str) -> None:
        self.dice = Random(seed)
        self.scene: Scene = scene_of(RULES.replace("UNDONE", undone))
        self.bought: dict[SaleRecorded, list[int]] = {}
        self.paid = self.refunded = self.charged = self.number = 0

    def buys(self) -> None:
        """A basket, with some of the vouchers."""
        dice, lines = self.dice, []
        for at in range(1, dice.randint(1, 3) + 1):
            units = dice.choice((1, 1, 2, 3, 4))
            lines.append(line(at, units * dice.choice(PRICES), quantity_milli=units * 1000))
        vouchers = [one.voucher_id for one in self.scene.account().vouchers if one.uses_left]
        dice.shuffle(vouchers)
        self.number += 1
        basket = self.scene.sale(str(self.number), lines, vouchers=vouchers[: dice.randint(0, 3)])
        priced = quote(Overlay(self.scene.state), replace(basket, tenders=()))
        sale = replace(
            basket,
            lines=priced.lines,
            tenders=(Tender("card", priced.to_pay_minor),),
            vouchers=tuple(one.reference for one in priced.vouchers if one.refusal is None),
        )
        assert self.scene.when(sale).decision == "ACCEPTED"
        self.paid += priced.to_pay_minor
        self.bought[sale] = [one.quantity_milli for one in sale.lines]

    def brings_back(self, sale: SaleRecorded, some: Callable[[int], int]) -> None:
        """So much of each line, for its part of the price; nothing if that is nothing."""
        left, parts = self.bought[sale], []
        for at, one in enumerate(sale.lines):
            now = some(left[at])
            before, after = one.quantity_milli - left[at], one.quantity_milli - left[at] + now
            net = one.net_minor * after // one.quantity_milli
            net -= one.net_minor * before // one.quantity_milli
            left[at] -= now
            if now:
                parts.append(ReturnedLine(one.line_no, one.sku, now, net))
        if not any(left):
            del self.bought[sale]
        if not parts:
            return
        self.number += 1
        back = self.scene.back(str(self.number), sale, {}, on="2026-03-14")
        record = self.scene.when(replace(back, lines=tuple(parts)))
        assert record.decision == "ACCEPTED"
        self.refunded += sum(one.net_minor for one in parts)
        self.charged += sum(
            one.amount_minor for one in record.effects if isinstance(one, ledger.RefundReduced)
        )

    def lives(self) -> None:
        """Buys and brings back at will; then all that is left comes back, in any order."""
        for _ in range(self.dice.randint(2, 7)):
            if self.bought and self.dice.random() < 0.4:
                sale = self.dice.choice(list(self.bought))
                self.brings_back(sale, lambda left: self.dice.randint(0, left // 1000) * 1000)
            else:
                self.buys()
        for sale in self.dice.sample(list(self.bought), len(self.bought)):
            self.brings_back(sale, lambda left: left)


@pytest.mark.parametrize("undone", ["true", "false"])
def test_who_brought_everything_back_is_not_short(undone: str) -> None:
    """300 stories, with exchanges that are undone and with such that stand."""
    for seed in range(300):
        customer = Customer(seed, undone)
        customer.lives()
        account = customer.scene.account()
        fives = sum(one.uses_left for one in account.vouchers if one.voucher == "five")
        worth = sum(
            one.amount_minor * one.uses_left for one in account.vouchers if one.voucher != "five"
        )
        wallet = customer.scene.wallet()

        assert customer.refunded == customer.paid, seed
        assert worth >= customer.charged, seed
        assert wallet.left - wallet.owed + fives * POINTS_OF_FIVE == 0, seed
        assert customer.scene.refolded().digest() == customer.scene.state.digest(), seed
