"""What a return takes back of what its sale was given, and gives back of what was paid with."""

import dataclasses
from collections import Counter
from collections.abc import Mapping

from tests.oracle import levels
from tests.oracle.account import Account, Payment, Voucher, total
from tests.oracle.earning import BASES, TURNS, gains, on_it, rate_of
from tests.oracle.reading import Words
from tests.oracle.receipts import Gain, Receipt


def undo(
    account: Account, receipt: Receipt, back: dict[int, int], payments: Mapping[str, Payment],
    day: int,
) -> int:  # fmt: skip
    """Everything that follows from what came back until now; what the refund is smaller by."""
    ladders = receipt.programme["tiers"]
    before = {name: levels.earned(ladder, account.history, day) for name, ladder in ladders.items()}
    paid_before = paid_back(receipt, payments)
    receipt.back = back
    for reference, points in paid_back(receipt, payments).items():
        restore(account, payments[reference], points - paid_before[reference])
    kept = gains(receipt, receipt.rest()) if receipt.stands else []
    charged = 0
    for gain, points in claimed(receipt, kept):
        gain.reversed += points
        if gain.voucher is None:
            claw(account, receipt, gain, points)
        elif points:
            charged += cancel(account, gain.voucher)
    if not receipt.stands:
        give_back(account, receipt, day)
    free_limits(account, receipt, kept)
    for name, ladder in ladders.items():
        held = account.levels[name]
        account.levels[name] = levels.without(ladder, account.history, held, day, before[name])
    return charged


def paid_back(receipt: Receipt, payments: Mapping[str, Payment]) -> dict[str, int]:
    """Of each payment with points, how many belong to what came back: its share of the money."""
    amounts: Counter[str] = Counter()
    for tender in receipt.sale.tenders:
        payment = payments.get(tender.reference_id)
        owner = receipt.sale.header.account_id
        if tender.kind == "points" and payment and payment.account == owner:
            amounts[tender.reference_id] += tender.amount_minor
    found = {}
    for reference, amount in amounts.items():
        payment = payments[reference]
        points = total(payment.parts) * min(amount, payment.worth) // payment.worth
        part = points * max(receipt.gone, 0) // receipt.paid if receipt.paid > 0 else 0
        found[reference] = min(part, points) if receipt.stands else points
    return found


def restore(account: Account, payment: Payment, points: int) -> None:
    """Points are back in the lots they came from, those taken last first; they pay what is owed."""
    done, upto = 0, min(payment.restored + max(points, 0), total(payment.parts))
    for part in reversed(payment.parts):
        here = min(done + part.left, upto) - max(done, payment.restored)
        done += part.left
        if here > 0:
            account.purses[payment.wallet].put_back(dataclasses.replace(part, left=here))
    if upto > payment.restored:
        account.purses[payment.wallet].repay()
    payment.restored = upto


def give_back(account: Account, receipt: Receipt, day: int) -> None:
    """The vouchers that a sale used hold again, but for those that are over."""
    for voucher in receipt.used:
        if voucher.last >= day:
            voucher.took.pop(receipt.id)
            account.vouchers = [one for one in account.vouchers if one is not voucher] + [voucher]
    receipt.used = []


def cancel(account: Account, voucher: Voucher) -> int:
    """A voucher that is no longer earned goes; one that was used is charged, once: how much."""
    if voucher.took and not voucher.is_paid:
        voucher.is_paid = True
        return sum(voucher.took.values())
    if not voucher.is_paid:
        account.vouchers = [one for one in account.vouchers if one is not voucher]
    return 0


def claimed(receipt: Receipt, kept: list[Gain]) -> list[tuple[Gain, int]]:
    """How much to take back now of what each promotion gave.

    What is not judged again comes back by line.  Of the rest, what one promotion would give more
    than it did is set off against what the others of its wallet lose, but not against a bonus, and
    first against those that give nothing any more.  A bonus leaves what the rest earns of the one
    behind it in its group.
    """
    claws, again = {}, judged_again(receipt.programme)
    keeps = {gain.id: gain.points for gain in kept}
    spare = Counter({one.wallet: 0 for one in kept})
    for gain in kept:
        gave = [one.points - one.reversed for one in receipt.granted if one.id == gain.id]
        if gain.id in again and not gain.is_bonus:
            spare[gain.wallet] += max(0, gain.points - sum(gave))
    for gain in sorted(receipt.granted, key=lambda one: bool(keeps.get(one.id))):
        left = gain.points - gain.reversed
        if gain.id not in again:
            claws[gain.id] = max(0, left - sum(receipt.left_of(gain.by_line)))
            continue
        lost = max(0, left - keeps.get(gain.id, 0) - behind(receipt, gain, kept))
        off = 0 if gain.is_bonus else min(spare[gain.wallet], lost)
        spare[gain.wallet] -= off
        claws[gain.id] = lost - off
    return [(gain, claws[gain.id]) for gain in receipt.granted]


def behind(receipt: Receipt, gain: Gain, kept: list[Gain]) -> int:
    """What the rest earns of a bonus that takes the place of this one."""
    gave = {one.id for one in receipt.granted}
    name = gain.promotion.get("group", gain.id)
    others = [one for one in kept if one.is_bonus and gain.is_bonus and one.id not in gave]
    return sum(
        one.points
        for one in others
        if (one.promotion.get("group"), one.wallet) == (name, gain.wallet)
    )


def judged_again(programme: Words) -> set[str]:
    """The promotions that are judged again on what is left, by their ids.

    With a threshold, whole steps or a limit; multipliers of which one acts on a sale; multipliers
    on such a base; the other members of a group of such a multiplier; and the base under one that
    takes from it or gives way to another.
    """
    promotions = programme["promotions"]
    turns = {name for name, one in programme["groups"].items() if one["combine"] in TURNS}
    of_sale = {name for name in turns if programme["groups"][name]["on"] == "sale"}
    found = {one["id"] for one in promotions if is_whole(one) or one.get("group") in of_sale}
    before: set[str] = set()
    while before != found:
        before = set(found)
        for base in promotions:
            ours = on_it(programme, base, promotions) if base["kind"] in BASES else []
            if base["id"] in before:
                found |= {one["id"] for one in ours}
            judged = [one for one in ours if one["id"] in before]
            if any(one.get("group") in turns or rate_of(one) < 1 for one in judged):
                found.add(base["id"])
        groups = {one.get("group") for one in promotions if one["id"] in before} - {None}
        found |= {one["id"] for one in promotions if one.get("group") in groups}
    return found


def is_whole(promotion: Words) -> bool:
    """A threshold, whole steps, or a limit on what it gives."""
    limited = {word for scope in promotion.get("limits", {}).values() for word in scope}
    whole_words = "basket" in promotion or "per_full" in promotion
    return promotion["kind"] == "bonus" or whole_words or bool(limited & {"items", "units"})


def claw(account: Account, receipt: Receipt, gain: Gain, points: int) -> None:
    """Points are taken out of their own lot, then others, then by the wallet's policy.

    Those that ended unused are gone already.
    """
    source, purse = (receipt.id, gain.id), account.purses[gain.wallet]
    policy = receipt.programme["wallets"][gain.wallet]["when_short"]
    gone = min(points, purse.ended[source])
    purse.ended[source] -= gone
    points -= gone
    if policy == "only_pending":
        lots = [lot for lot in purse.ranked() if lot.pending and lot.event == receipt.id]
    else:
        while total(purse.lots) < points and undone(account, gain.wallet):
            pass
        lots = purse.ranked()
    lots.sort(key=lambda lot: lot.source != source)
    short = points - total(purse.take(lots, points))
    purse.owed += short * (policy == "owe")


def undone(account: Account, wallet: str) -> bool:
    """The last voucher that points of a wallet became is points again, if it is unused."""
    for voucher in reversed(account.vouchers):
        words = voucher.promotion
        if words.get("undone_by_return") and wallet in words["take"] and not voucher.took:
            account.vouchers.remove(voucher)
            account.use(words, "times", voucher.issued, -1)
            for part in reversed(voucher.made_of):
                account.purses[wallet].put_back(part)
            return True
    return False


def free_limits(account: Account, receipt: Receipt, kept: list[Gain]) -> None:
    """Limits are free again by what the rest does not use.

    A promotion that gives nothing for the rest has not acted, unless some of it stays that is its
    own, and no bonus behind it.
    """
    now = used_by(kept)
    for gain in receipt.granted:
        if gain.reversed < gain.points and not behind(receipt, gain, kept):
            now[gain.id, "times"] = 1
    for gain in receipt.granted:
        for what in ("times", "items", "units"):
            before = receipt.uses[gain.id, what]
            receipt.uses[gain.id, what] = min(before, now[gain.id, what])
            account.use(gain.promotion, what, receipt.day, receipt.uses[gain.id, what] - before)


def used_by(found: list[Gain]) -> Counter[tuple[str, str]]:
    """What gains use of the limits of their promotions."""
    uses: Counter[tuple[str, str]] = Counter()
    for gain in found:
        for what, much in (("times", 1), ("items", gain.items), ("units", gain.points)):
            uses[gain.id, what] = much
    return uses
