"""What every event should do: accepted or refused and why, and the account after it.

Of the documents it reads what decides sales, returns, payments with points and the use of vouchers:
what is earned and how it is rounded and limited, lots, levels, vouchers, what is taken off a basket
before it is paid, and the close of a day.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from schemas import events
from schemas.events import Event, Header
from schemas.refusals import Refusal
from tests.oracle import levels
from tests.oracle.account import Account, Lot, Payment, total
from tests.oracle.earning import gains
from tests.oracle.pricing import Till, promoted
from tests.oracle.reading import Words, last_day, minor, plain, share, spendable_on
from tests.oracle.receipts import Receipt, whole
from tests.oracle.returning import undo, used_by
from tests.oracle.vouchers import answered, chosen, exchange, issue, use_vouchers, worth


class RefusedError(Exception):
    """The event changes nothing; its text is the reason."""


def refuse(applies: bool, reason: Refusal) -> None:
    """Ends the decision where the reason applies."""
    if applies:
        raise RefusedError(reason)


def until(lots: Iterable[tuple[int, bool, int]]) -> dict[tuple[int, bool], int]:
    """By last day and whether they wait: how many points."""
    found: Counter[tuple[int, bool]] = Counter()
    for last, pending, left in lots:
        found[last, pending] += left
    return dict(sorted(found.items()))


class Oracle:
    """A partition by the documents: `decide` an event, then look at `view` of an account."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.programmes: list[tuple[int, Words]] = []
        self.seen: dict[str, Event] = {}
        self.receipts: dict[str, Receipt] = {}
        self.payments: dict[str, Payment] = {}
        self.charged: dict[str, int] = {}
        self.closed: int | None = None

    def decide(self, event: Event) -> str:
        """The reason of the refusal, empty where the event is accepted."""
        try:
            self.check(event)
            DECISIONS[type(event)](self, event)
        except RefusedError as refused:
            return str(refused)
        self.seen[event.header.event_id] = event
        return ""

    def check(self, event: Event) -> None:
        """What holds for events of every type."""
        day, event_id = event.header.business_date, event.header.event_id
        if isinstance(event, events.BusinessDayClosed):
            return
        if self.closed is not None:
            refuse(day < self.closed - 400, Refusal.TOO_OLD)
            refuse(day > self.closed + 35, Refusal.AHEAD)
        if event_id in self.seen:
            same = self.seen[event_id] == event
            raise RefusedError(Refusal.DUPLICATE if same else Refusal.CONFLICT)

    def programme(self, day: int) -> Words | None:
        """The version in force on a business date: the last activated of those."""
        return next((words for start, words in reversed(self.programmes) if start <= day), None)

    def of(self, header: Header) -> Account:
        """The account of an event, opened where it was not."""
        return self.accounts.setdefault(header.account_id, Account())

    def quote(self, basket: events.SaleRecorded) -> tuple[list[Any], list[Any]]:
        """What is taken off a basket, by whom and on which lines; and vouchers that are refused."""
        programme = self.programme(basket.header.business_date)
        if programme is None:
            return [], []
        account = self.accounts.get(basket.header.account_id, Account())
        till = Till(programme, basket)
        cuts = list(promoted(till, account.standing(programme)))
        answers = list(answered(account, till))
        cuts += [(name, cut) for name, _, cut in answers if any(cut)]
        return cuts, [(name, reason) for name, reason, _ in answers if reason]

    def gave(self, event_id: str) -> list[Any]:
        """The points that a sale was given: promotion, wallet, and how many by line."""
        granted = [gain for gain in self.receipts[event_id].granted if not gain.voucher]
        return sorted((gain.id, gain.wallet, tuple(gain.by_line)) for gain in granted)

    def used(self, event_id: str) -> tuple[list[Any], list[Any]]:
        """The vouchers that a sale named: what was used and what it took off, what is refused."""
        receipt = self.receipts[event_id]
        return [(one.name, one.took[event_id]) for one in receipt.used], receipt.refused

    def view(self, account_id: str) -> dict[str, Any]:
        """The account as far as it is compared: empty wallets and first levels are left out."""
        account = self.accounts.get(account_id, Account())
        wallets = {
            name: (until((one.last, one.pending, one.left) for one in purse.lots), purse.owed)
            for name, purse in sorted(account.purses.items())
            if purse.lots or purse.owed
        }
        held = sorted(account.levels.items())
        unused = [(one.name, one.first, one.last) for one in account.vouchers if not one.took]
        return {
            "wallets": wallets,
            "levels": {name: one.level for name, one in held if one.level},
            "vouchers": sorted(unused),
        }


def activated(oracle: Oracle, event: events.ProgrammeActivated) -> None:
    """A document holds from a day on."""
    oracle.programmes.append((event.effective_from, json.loads(event.document)))


def enrolled(oracle: Oracle, event: events.MemberEnrolled) -> None:
    """The account has a member now."""
    account = oracle.of(event.header)
    refuse(account.enrolled, Refusal.ALREADY_ENROLLED)
    account.enrolled = True


def sold(oracle: Oracle, event: events.SaleRecorded) -> None:
    """A receipt: judged at the levels before it or after it, given, and owed points paid."""
    account, day = oracle.of(event.header), event.header.business_date
    programme = oracle.programme(day)
    if programme is None:
        return
    account.mature(day)
    receipt = oracle.receipts[event.header.event_id] = Receipt(event, programme, set())
    account.history.append(("sale", day, receipt))
    after = {}
    for name, ladder in programme["tiers"].items():
        before = account.levels[name]
        after[name] = levels.climbed(ladder, account.history, before, day)
        held = after[name] if ladder["crossing_sale"] == "new_rate" else before
        receipt.levels.add(ladder["levels"][held.level]["id"])
    receipt.programme = plain(programme, receipt.levels)
    use_vouchers(account, receipt)
    number = sum(one.stands for what, _, one in account.history if what == "sale")
    for promotion in receipt.programme["promotions"]:
        for what in ("times", "items", "units"):
            room = account.room(promotion, what, day) * counts(promotion, number)
            receipt.rooms[promotion["id"], what] = room
    receipt.granted = gains(receipt, receipt.lines)
    grant(account, receipt)
    account.levels |= after
    for purse in account.purses.values():
        purse.repay()
    exchange(account, programme, day, day)


def counts(promotion: Words, number: int) -> bool:
    """Whether the purchase of a number is one that the promotion is for."""
    words = promotion.get("nth_sale", {"every": 1})
    return number == int(words["is"]) if "is" in words else number % int(words["every"]) == 0


def grant(account: Account, receipt: Receipt) -> None:
    """Gains become lots or vouchers, and use up limits.

    To what is left of the sale a limit leaves what it left to the sale: at most what was given.
    """
    receipt.uses = used_by(receipt.granted)
    for gain in receipt.granted:
        for what in ("times", "items", "units"):
            account.use(gain.promotion, what, receipt.day, receipt.uses[gain.id, what])
        if gain.wallet == "voucher":
            gain.voucher = issue(account, receipt.programme, gain.promotion, receipt.day)
            continue
        words, day = receipt.programme["wallets"][gain.wallet], receipt.day
        ready, last = spendable_on(words, day), last_day(words, day)
        lot = Lot(gain.points, ready, last, day, receipt.id, gain.id, ready > day)
        account.purses[gain.wallet].add(lot)
    for promotion in receipt.programme["promotions"]:
        if "units" in promotion.get("limits", {}).get("per_member", {}):
            receipt.rooms[promotion["id"], "units"] = receipt.uses[promotion["id"], "units"]


def returned(oracle: Oracle, event: events.SaleReturned) -> None:
    """Goods come back: what they gave is taken back."""
    account, day = oracle.of(event.header), event.header.business_date
    if not event.original_sale:
        return
    receipt = oracle.receipts.get(event.original_sale)
    if receipt is None or receipt.sale.header.account_id != event.header.account_id:
        raise RefusedError(Refusal.SALE_UNKNOWN)
    back, sold_lines = dict(receipt.back), {one.line_no: one for one in receipt.sale.lines}
    for line in event.lines:
        refuse(line.line_no not in sold_lines, Refusal.RETURN_EXCEEDS_SALE)
        size = whole(sold_lines[line.line_no])
        rest = size - back.get(line.line_no, 0)
        came = (sold_lines[line.line_no].quantity_milli and line.quantity_milli) or rest
        refuse(came > rest or rest == 0, Refusal.RETURN_EXCEEDS_SALE)
        back[line.line_no] = size - rest + came
    account.mature(day)
    charged = undo(account, receipt, back, oracle.payments, day)
    oracle.charged[event.header.event_id] = charged


def redeemed(oracle: Oracle, event: events.PointsRedeemed) -> None:
    """Points as payment."""
    account, day = oracle.of(event.header), event.header.business_date
    refuse(not account.enrolled, Refusal.NOT_ENROLLED)
    programme = oracle.programme(day) or {"wallets": {}}
    refuse(event.wallet not in programme["wallets"], Refusal.UNKNOWN_WALLET)
    wallet = programme["wallets"][event.wallet]
    refuse("pay" not in wallet, Refusal.WALLET_CANNOT_PAY)
    pay, value = wallet["pay"], wallet["value"]
    refuse(event.currency != programme["currency"], Refusal.OTHER_CURRENCY)
    refuse(event.points < int(pay.get("min", 0)), Refusal.BELOW_MINIMUM)
    refuse(event.points % int(pay.get("step", 1)) != 0, Refusal.NOT_A_STEP)
    worth_minor = event.points * minor(value["amount"]) / int(value["units"])
    refuse(event.amount_minor != int(worth_minor), Refusal.AMOUNT_DIFFERS)
    most = share(pay.get("max_share", "100%")) * event.eligible_minor
    refuse(event.eligible_minor > 0 and event.amount_minor > most, Refusal.ABOVE_SHARE)
    purse = account.purses[event.wallet]
    refuse(total(purse.usable(day)) < event.points, Refusal.INSUFFICIENT_POINTS)
    account.mature(day)
    parts = purse.take(purse.usable(day), event.points)
    owner = event.header.account_id
    payment = Payment(owner, event.wallet, event.amount_minor, parts)
    oracle.payments[event.header.event_id] = payment


def presented(oracle: Oracle, event: events.VoucherPresented) -> None:
    """A voucher is used apart from a sale, or on one that did not name it."""
    account = oracle.of(event.header)
    refuse(not account.enrolled, Refusal.NOT_ENROLLED)
    voucher = chosen(account, event.voucher_id, event.header.business_date)
    if voucher is None:
        raise RefusedError(Refusal.VOUCHER_UNKNOWN)
    voucher.took[event.sale_id or event.header.event_id] = event.amount_minor or worth(voucher)
    receipt = oracle.receipts.get(event.sale_id)
    if receipt is not None and receipt.sale.header.account_id == event.header.account_id:
        receipt.used.append(voucher)


def closed(oracle: Oracle, event: events.BusinessDayClosed) -> None:
    """A day is over."""
    day = event.header.business_date
    if oracle.closed is not None:
        refuse(day <= oracle.closed, Refusal.DAY_CLOSED)
        refuse(day > oracle.closed + 1, Refusal.DAY_SKIPPED)
    oracle.closed = day
    programme = oracle.programme(day)
    for name, account in sorted(oracle.accounts.items()):
        if programme is not None and name:
            close(account, programme, day)


def close(account: Account, programme: Words, day: int) -> None:
    """Levels are reviewed, what is spendable tomorrow matures and is exchanged, the rest ends."""
    changes = is_due(account, programme, day)
    for name, ladder in programme["tiers"].items():
        held = account.levels[name]
        account.levels[name] = levels.reviewed(ladder, account.history, held, day)
    account.mature(day + 1)
    if changes:
        exchange(account, programme, day, day + 1)
    for purse in account.purses.values():
        purse.end(day)
    account.vouchers = [one for one in account.vouchers if one.last > day]
    account.history.append(("close", day, None))


def is_due(account: Account, programme: Words, day: int) -> bool:
    """Whether something of an account begins or ends with a day: nobody else's points are asked."""
    lots = [lot for purse in account.purses.values() for lot in purse.lots]
    ends = [lot.last for lot in lots] + [one.last for one in account.vouchers if not one.took]
    ends += [one.last for one in account.levels.values() if one.level]
    ends += [lot.ready - 1 for lot in lots if lot.pending]
    for ladder in programme["tiers"].values():
        ends += levels.ending(ladder, account.history)
    return min(ends, default=day + 1) <= day


DECISIONS: dict[type[Event], Callable[[Oracle, Any], None]] = {
    events.ProgrammeActivated: activated,
    events.MemberEnrolled: enrolled,
    events.SaleRecorded: sold,
    events.SaleReturned: returned,
    events.PointsRedeemed: redeemed,
    events.VoucherPresented: presented,
    events.BusinessDayClosed: closed,
}
