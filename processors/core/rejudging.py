"""What the promotions of a sale give on what is left of it, judged as on the day of the sale.

Worked number: 60.00 at a point per 1.00 and 20 more from 50.00 on were 80.  Of 15.00 that come back
15 are taken by line; on the 45.00 that are left the bonus does not hold, so its 20 go too: 35.

The member's own standing is that of the sale.  So are the limits: what the member had left then is
what was granted, where a limit cut, and at least as much where none did.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial

from processors.core.basket import Basket, basket_of
from processors.core.capping import within
from processors.core.earning import Earned, earned, units_milli
from processors.core.judging import judged_again, stands
from processors.core.linear import judged_again_of
from processors.core.programme import Programme
from processors.core.quoted import before_discounts
from processors.core.receipts import Grant, Receipt
from processors.core.rule import Rule
from processors.words.allocation import largest_remainder
from processors.words.cutting import units_cut
from schemas.events import SaleRecorded
from schemas.records import replace


@dataclass(frozen=True)
class Kept:
    """What still holds of a sale.

    Attributes:
        anything: not all of it came back.
        active: a bit per promotion that acts on what is left.
        points: promotion and wallet → points counted on what is left; no bonuses.
        items: promotion → articles that its limits count; of what takes money off, those that the
            receipt says it was taken off.
        counted: promotions whose purchases what is left still counts for.
    """

    anything: bool
    active: int
    points: Mapping[tuple[str, str], int]
    items: Mapping[str, int]
    counted: frozenset[str]


NOTHING = Kept(False, 0, {}, {}, frozenset())
"""All of the sale came back."""


def kept(
    rest: SaleRecorded, receipt: Receipt, rules: Programme, stopped: Collection[str] = ()
) -> Kept:
    """Judge what is left of a sale.

    Args:
        rest: what is left.
        receipt: what the sale was given.
        rules: the version that decided the sale, at the levels it was judged at.
        stopped: promotions that were ended by hand, before the sale or after it.
    """
    basket = basket_of(rest, rules)
    active = judged_again(rest, rules, receipt.held, basket.money)
    gave = {grant.promotion_id for grant in receipt.grants}
    gave |= {voucher.promotion_id for voucher in receipt.issued}
    for rule in rules.rules:
        # What was stopped and gave nothing was stopped before the sale.
        if rule is not None and rule.id in stopped and rule.id not in gave:
            active &= ~rule.bit
    points: dict[tuple[str, str], int] = {}
    items: dict[str, int] = {}
    for one in earned(basket, active, rules):
        owner = rules.rules[one.promotion_at]
        if owner is not None:
            key = (owner.id, one.wallet)
            points[key], items[owner.id] = _within_limits(owner, one, basket, receipt)
    for rule in rules.counting_cuts:
        items[rule.id] = units_cut(rest.lines, rule.id)
    _within_wallets(rules, receipt, points)
    return Kept(True, active, points, items, _counted_purchases(rest, rules, basket))


def _counted_purchases(rest: SaleRecorded, rules: Programme, basket: Basket) -> frozenset[str]:
    """Promotions for which what is left is still a purchase, at the prices by which it was one.

    What takes money off was asked before it did.
    """
    counting = [rule for rule in rules.rules if rule is not None and rule.nth is not None]
    if not counting:
        return frozenset()
    before = basket_of(replace(before_discounts(rest), tenders=()), rules)
    return frozenset(
        rule.id
        for rule in counting
        if rule.nth is not None
        and (
            rule.nth.floor is None
            or stands(rule.nth.floor, rest, before.money if rule.cuts else basket.money)
        )
    )


def _within_limits(rule: Rule, one: Earned, basket: Basket, receipt: Receipt) -> tuple[int, int]:
    """A promotion's points and articles on what is left, behind its limits."""
    items = items_of(basket, one)
    if not rule.caps:
        return one.granted, items
    of_items = [cap for cap in rule.caps if cap.every == "sale" or cap.measure == "items"]
    left = [
        cap.most if cap.every == "sale" else _counted(receipt, f"{rule.id}#{cap.name}")
        for cap in of_items
    ]
    found = within(of_items, left, one.granted, items)
    if len(of_items) < len(rule.caps):
        granted = sum(sum(g.by_line) for g in receipt.granted(rule.id, one.wallet))
        return min(found.points, granted), found.items
    return found.points, found.items


def _within_wallets(rules: Programme, receipt: Receipt, points: dict[tuple[str, str], int]) -> None:
    """What is left behind the limits of wallets, each promotion cut in proportion."""
    rows = {rule.id for rule in rules.rules if rule is not None and not rule.bonuses}
    for name, wallet in rules.wallets.items():
        mine = [key for key in points if key[1] == name]
        if not wallet.caps or not mine:
            continue
        total = sum(points[key] for key in mine)
        granted = sum(
            sum(grant.by_line)
            for grant in receipt.grants
            if grant.wallet == name and grant.promotion_id in rows
        )
        weights = [points[key] for key in mine]
        places = range(len(mine))
        shares = largest_remainder(min(total, granted), weights, partial(_same, places))
        points.update(zip(mine, shares, strict=True))


def _same(places: range) -> range:
    return places


def items_of(basket: Basket, one: Earned) -> int:
    """How many articles a promotion acts on."""
    bit = 1 << one.promotion_at
    rows = zip(basket.lines, basket.masks, strict=True)
    return sum(units_milli(line) for line, mask in rows if mask & bit) // 1000


def _counted(receipt: Receipt, counter: str) -> int:
    return sum(one.by for one in receipt.counts if one.counter == counter)


def to_take_back(receipt: Receipt, rules: Programme, found: Kept) -> dict[tuple[str, str], int]:
    """Promotion and wallet → points to take back, of the promotions that are judged again.

    What a promotion would give more on the rest than it did, because another one fell away, is set
    off against what the others of its wallet lose, those first that give nothing any more: taken
    back is what the rest is not worth.
    """
    again = judged_again_of(rules)
    acting = {rule.id for rule in rules.rules if rule is not None and found.active & rule.bit}
    fixed = {rule.id for rule in rules.rules if rule and (rule.bonuses or rule.streaks)}
    lost: dict[tuple[str, str], int] = {}
    more = {key: points for key, points in found.points.items() if key[0] in again and points}
    for grant in receipt.grants:
        key = (grant.promotion_id, grant.wallet)
        if grant.promotion_id not in again:
            continue
        if grant.promotion_id in fixed:
            stays = (
                grant.left
                if grant.promotion_id in acting
                else _instead(grant, receipt, rules, found)
            )
            lost[key] = max(grant.left - stays, 0)
            continue
        still = more.pop(key, 0)
        lost[key] = max(grant.left - still, 0)
        if still > grant.left:
            more[key] = still - grant.left
    for (_, wallet), points in more.items():
        rest = points
        for key in sorted(lost, key=lambda one: bool(found.points.get(one))):
            if key[1] == wallet and key[0] not in fixed:
                set_off = min(lost[key], rest)
                lost[key] -= set_off
                rest -= set_off
    return lost


def _instead(grant: Grant, receipt: Receipt, rules: Programme, found: Kept) -> int:
    """What is left earns of a bonus behind the one of its group that acted and holds no longer."""
    gave = {one.promotion_id for one in receipt.grants}
    for order in rules.one_bonus:
        group = [rule for at in order if (rule := rules.rules[at]) is not None]
        if any(rule.id == grant.promotion_id for rule in group):
            behind = [rule for rule in group if found.active & rule.bit]
            if behind and behind[0].id not in gave:
                return behind[0].bonus_points(grant.wallet)
    return 0
