"""What comes back: lines of a sale, and with them what the sale was given and what was used on it.

In this order: points that paid come back; what was given is taken back, by line or by what is left
of the sale; levels that it reached are lost; vouchers it issued, counters it moved and vouchers
used on it follow.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from processors.core.climbing import cancelled, fall, measured, still_reached
from processors.core.draft import Draft, mature
from processors.core.evolve import SALES
from processors.core.exchange import OF_VOUCHER, Issuer
from processors.core.ladder import WALLET, Ladder
from processors.core.left import is_whole, left_of, part_of
from processors.core.linear import counts_purchases
from processors.core.programme import Programme
from processors.core.receipts import USUAL_CHANNEL, Count, Grant, Receipt
from processors.core.rejudging import NOTHING, Kept, kept, to_take_back
from processors.core.remembering import issuing_event
from processors.core.restoring import restore_payments, restore_vouchers
from processors.core.reversing import Back, Short, take_back
from processors.core.rule import Rule
from processors.core.terms import Wallet
from processors.core.undoing import undo_exchanges
from processors.words.allocation import largest_remainder
from schemas import ledger
from schemas.events import STORE_ACCOUNT, SaleRecorded, SaleReturned
from schemas.ledger import NEVER
from schemas.refusals import Refusal

CAME_BACK = "the sale that earned it came back"
"""Why a voucher is cancelled."""


class ReturnedPart(NamedTuple):
    """One returned line: its place in the sale, and how much of it came back."""

    at: int
    quantity_milli: int


@dataclass(frozen=True)
class Returning:
    """A return of a sale that is remembered.

    Attributes:
        event: the return.
        receipt: the sale's, before this return.
        parts: the lines that come back.
        original: the sale; None where its receipt says all there is to know.
        programme: the version that decided the sale; None for none.
        today: the programme in force on the day of the return, at the levels before it.
        remembered: the receipt of a payment.
        issuer: finds the terms that vouchers were issued by.
    """

    event: SaleReturned
    receipt: Receipt
    parts: Sequence[ReturnedPart]
    original: SaleRecorded | None
    programme: Programme | None
    today: Programme | None
    remembered: Callable[[str], Receipt | None]
    issuer: Issuer

    @property
    def returned_milli(self) -> list[int]:
        """By line, what came back with this return and before it."""
        returned = list(self.receipt.returned_milli)
        for at, quantity in self.parts:
            returned[at] += quantity if self.receipt.quantities_milli[at] else 1
        return returned

    @property
    def rules(self) -> Programme | None:
        """The version of the sale at the levels that it was judged at."""
        levels = tuple(self.receipt.levels[1::2])
        if self.programme is None or not levels:
            return self.programme
        return self.programme.at_levels(levels)

    def is_paid_for(self, voucher_id: str) -> bool:
        """Whether a voucher made a refund smaller, and its use came back since."""
        receipt = self.remembered(issuing_event(voucher_id))
        issued = None if receipt is None else receipt.voucher(voucher_id)
        return issued is not None and issued.used_minor < 0


def returned_parts(event: SaleReturned, receipt: Receipt) -> list[ReturnedPart] | Refusal:
    """The lines that come back, or why they cannot.

    Quantity 0 means all that is left of a line; a line sold without a quantity comes back whole.
    """
    parts: dict[int, int] = {}
    for line in event.lines:
        if line.line_no not in receipt.line_numbers:
            return Refusal.RETURN_EXCEEDS_SALE
        at = receipt.line_numbers.index(line.line_no)
        sold, back = receipt.quantities_milli[at], receipt.returned_milli[at]
        if sold == 0:
            if back or at in parts:
                return Refusal.RETURN_EXCEEDS_SALE
            parts[at] = 0
            continue
        left = sold - back - parts.get(at, 0)
        quantity = line.quantity_milli or left
        if left <= 0 or quantity > left:
            return Refusal.RETURN_EXCEEDS_SALE
        parts[at] = parts.get(at, 0) + quantity
    return [ReturnedPart(at, quantity) for at, quantity in sorted(parts.items())]


def return_effects(draft: Draft, one: Returning) -> None:
    """Everything that follows from a return, into the draft."""
    mature(draft, draft.business_date)
    receipt, returned = one.receipt, one.returned_milli
    sold = receipt.quantities_milli
    # A return of nothing after all came back, or of a sale without lines, ends nothing again.
    ends = is_whole(sold, returned) and not is_whole(sold, receipt.returned_milli)
    rules = one.rules
    if one.original is not None:
        restore_payments(draft, one.original, receipt, returned, one.remembered, rules, one.today)
    found = None
    if rules is not None and one.original is not None:
        rest = left_of(one.original, returned)
        found = NOTHING if rest is None else kept(rest, receipt, rules, draft.stopped)
    # Points and vouchers are worth money of the programme's currency, whatever was paid in.
    currency = one.event.currency if rules is None else rules.currency
    short = Short(one.event.original_sale, currency, {})
    ladders = {} if one.today is None else one.today.ladders
    counted = {name: measured(draft, ladder) for name, ladder in ladders.items()}
    _take_points_back(draft, one, rules, found, short)
    lost = set() if one.today is None else fall(draft, one.today, counted, one.is_paid_for)
    if rules is not None:
        if ends:
            lost |= _unreached(draft, rules, one.today)
        gone = _gone(rules, found, lost)
        _take_rewards_back(draft, one, rules, gone, short)
        _take_vouchers_back(draft, receipt, gone, short)
        if found is not None:
            fixed = _fixed_by_wallet(receipt, rules, gone)
            for count in receipt.counts:
                still = _still_counted(count, found, gone, fixed)
                unused = ends and count.counter.startswith(OF_VOUCHER)
                _count_back(draft, count, 0 if unused else still)
    if ends:
        restore_vouchers(draft, one.event.original_sale, receipt.used, one.issuer, one.remembered)
        _purchase_back(draft, one)


def _purchase_back(draft: Draft, one: Returning) -> None:
    """A purchase that came back whole is none, where the rules of its day or today's count them."""
    counting = [rules for rules in (one.programme, one.today) if rules and counts_purchases(rules)]
    if counting and not one.receipt.account_id.startswith(STORE_ACCOUNT):
        channel = one.receipt.channel or USUAL_CHANNEL
        draft.add(ledger.Counted(f"{SALES}{channel}", 0, -1, NEVER))


def _take_points_back(
    draft: Draft, one: Returning, rules: Programme | None, found: Kept | None, short: Short
) -> None:
    """Points of promotions of sales, and what counts for levels."""
    receipt = one.receipt
    whole = is_whole(receipt.quantities_milli, one.returned_milli)
    judged: Mapping[tuple[str, str], int] = {}
    if rules is not None and found is not None:
        judged = to_take_back(receipt, rules, found)
    counted: dict[str, int] = {}
    for grant in receipt.grants:
        if _is_reward(grant, rules):
            continue
        by_line = _by_line(grant, receipt, one.parts)
        ladder = _ladder_of(grant, rules)
        points = judged.get((grant.promotion_id, grant.wallet))
        if points is not None:
            by_line = _spread(points, by_line, grant)
        elif ladder is not None and ladder.measure == "visits":
            by_line = _spread(grant.left if whole else 0, by_line, grant)
        elif ladder is not None and ladder.measure == "points" and rules is not None:
            # Behind what it counted, so that it keeps what they keep.
            gone = counted.get(ladder.points_of or next(iter(rules.wallets)), 0)
            by_line = _spread(min(gone, grant.left), by_line, grant)
        if rules is not None and not _is_fixed(grant, rules):
            counted[grant.wallet] = counted.get(grant.wallet, 0) + sum(by_line)
        if any(by_line):
            terms = None if rules is None else rules.wallets.get(grant.wallet)
            _take(draft, one, Back(grant, sum(by_line), by_line), terms, short)


def _take(draft: Draft, one: Returning, back: Back, terms: Wallet | None, short: Short) -> None:
    """Take points back; where they lack, exchanges that a return undoes are undone first."""
    if terms is not None and terms.when_short != "only_pending":
        wanted = back.points - min(back.grant.expired, back.points)
        undo_exchanges(draft, back.grant.wallet, wanted, one.remembered, one.today)
    take_back(draft, back, terms, short)


def _is_reward(grant: Grant, rules: Programme | None) -> bool:
    """Whether points were given for a level reached; they belong to no line."""
    rewards = () if rules is None else rules.triggered["tier_reached"]
    return any(rule.id == grant.promotion_id for rule in rewards)


def _ladder_of(grant: Grant, rules: Programme | None) -> Ladder | None:
    """The ladder that counted something; a visit it was as long as anything is left of it."""
    if rules is None or grant.promotion_id or not grant.wallet.startswith(WALLET):
        return None
    return rules.ladders.get(grant.wallet.removeprefix(WALLET))


def _is_fixed(grant: Grant, rules: Programme) -> bool:
    """Whether points are a bonus or of a streak, which no ladder counts."""
    fixed = (rule for rule in rules.rules if rule and (rule.bonuses or rule.streaks))
    return any(rule.id == grant.promotion_id for rule in fixed)


def _by_line(grant: Grant, receipt: Receipt, parts: Sequence[ReturnedPart]) -> list[int]:
    """By line, what a return takes: of 51 points on two units, 25 for the first and 26 after."""
    by_line = [0] * len(grant.by_line)
    for at, quantity in parts:
        sold, given = receipt.quantities_milli[at], grant.by_line[at]
        back = part_of(given, sold, receipt.returned_milli[at] + quantity) if sold else given
        by_line[at] = back - grant.reversed_by_line[at]
    return by_line


def _spread(points: int, by_line: Sequence[int], grant: Grant) -> list[int]:
    """So many points of a grant by line: first those of the lines that came back."""
    first = [max(one, 0) for one in by_line]
    if points <= sum(first):
        return largest_remainder(points, first, lambda: range(len(first)))
    rows = zip(grant.by_line, grant.reversed_by_line, first, strict=True)
    others = [given - before - now for given, before, now in rows]
    more = largest_remainder(points - sum(first), others, lambda: range(len(others)))
    return [now + later for now, later in zip(first, more, strict=True)]


def _gone(rules: Programme, found: Kept | None, lost: set[str]) -> set[str]:
    """Promotions that give nothing for what is left of the sale, as far as that is judged."""
    gone = {rule.id for rule in rules.triggered["tier_reached"] if rule.head.tier in lost}
    if found is not None:
        of_sales = (rule for rule in rules.rules if rule and rule.head.trigger == "sale")
        gone |= {rule.id for rule in of_sales if not _holds(rule, found)}
    return gone


def _unreached(draft: Draft, rules: Programme, today: Programme | None) -> set[str]:
    """Levels with gifts that the account does not reach without a sale that came back whole.

    Another return may have moved it before, and a ladder that is gone holds nobody.
    """
    ladders = {} if today is None else today.ladders
    unreached: set[str] = set()
    for name, ladder in rules.ladders.items():
        levels = {rule.head.tier for rule in rules.triggered["tier_reached"]} & {*ladder.levels}
        now = ladders.get(name)
        unreached |= {one for one in levels if now is None or not still_reached(draft, now, one)}
    return unreached


def _holds(rule: Rule, found: Kept) -> bool:
    if rule.bonuses or rule.streaks:
        return bool(found.active & rule.bit)
    if rule.cuts:
        return found.items.get(rule.id, 0) > 0
    return any(points for (name, _), points in found.points.items() if name == rule.id)


def _take_rewards_back(
    draft: Draft, one: Returning, rules: Programme, gone: set[str], short: Short
) -> None:
    """Points that were given for a level which is lost, or no longer reached."""
    for grant in one.receipt.grants:
        if grant.left and grant.promotion_id in gone and _is_reward(grant, rules):
            terms = rules.wallets.get(grant.wallet)
            _take(draft, one, Back(grant, grant.left, ()), terms, short)


def _take_vouchers_back(draft: Draft, receipt: Receipt, gone: set[str], short: Short) -> None:
    """Vouchers of what no longer holds: unused ones end, used ones make the refund smaller.

    What made a refund smaller is paid for: if its use came back since, it is the customer's.
    """
    for issued in receipt.issued:
        if issued.promotion_id not in gone:
            continue
        voucher_id = f"{short.sale_id}#{issued.number}"
        for voucher in list(draft.account.vouchers):
            paid_for = issued.used_minor < 0
            if voucher.voucher_id == voucher_id and voucher.uses_left and not paid_for:
                draft.add(cancelled(voucher_id, draft, CAME_BACK))
        if issued.used_minor > 0:
            draft.add(
                ledger.RefundReduced(
                    short.sale_id, voucher_id, issued.used_minor, short.currency, "voucher_used"
                )
            )


def _fixed_by_wallet(receipt: Receipt, rules: Programme, gone: set[str]) -> dict[str, int]:
    """By wallet, what stays of the points that are given whole: bonuses, streaks, levels."""
    stays: dict[str, int] = {}
    for grant in receipt.grants:
        if grant.promotion_id not in gone and (_is_fixed(grant, rules) or _is_reward(grant, rules)):
            stays[grant.wallet] = stays.get(grant.wallet, 0) + grant.left
    return stays


def _still_counted(count: Count, found: Kept, gone: set[str], fixed: Mapping[str, int]) -> int:
    """How much of what a sale counted it still counts; `fixed` as `_fixed_by_wallet`."""
    name, *words = count.counter.split("#")
    what = words[-1].split("/")[0]
    if words[0] == "wallet":
        points = sum(points for (_, wallet), points in found.points.items() if wallet == name)
        points += fixed.get(name, 0)
        return min(count.by, points if what == "units" else int(points > 0))
    if what == "sales":
        return count.by if name in found.counted else 0
    if words[0] == "perk":
        return count.by  # what was given of it stays
    if name in gone:
        return 0
    if name not in found.items:
        return count.by
    if what == "items":
        return min(count.by, found.items[name])
    points = sum(points for (promotion, _), points in found.points.items() if promotion == name)
    return min(count.by, points) if what == "units" else count.by


def _count_back(draft: Draft, count: Count, still: int) -> None:
    if still < count.by:
        by = still - count.by
        draft.add(ledger.Counted(count.counter, count.period, by, count.last_day))


def return_context(
    event: SaleReturned, receipt: Receipt | None, parts: list[ReturnedPart]
) -> ledger.Sale:
    """The return as the ledger keeps it; amounts are what came back, positive."""
    if receipt is None:
        numbers = [line.line_no for line in event.lines]
        quantities = [line.quantity_milli for line in event.lines]
        nets = [line.net_minor for line in event.lines]
    else:
        numbers = [receipt.line_numbers[part.at] for part in parts]
        quantities = [part.quantity_milli for part in parts]
        nets = [
            sum(line.net_minor for line in event.lines if line.line_no == number)
            for number in numbers
        ]
    net = sum(nets)
    return ledger.Sale(
        event.receipt_no,
        event.currency,
        event.original_sale,
        tuple(numbers),
        tuple(quantities),
        tuple(nets),
        net,
        0,
        net,
        sum(tender.amount_minor for tender in event.refunds if tender.kind == "points"),
        "",
    )
