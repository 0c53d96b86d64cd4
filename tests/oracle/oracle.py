"""What every event should do: accepted or refused and why, and the account after it.

Of the documents it reads what decides sales, returns and payments with points: what is earned and
how it is rounded and limited, lots, levels, and the close of a day.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from schemas import events
from schemas.events import Event, Header
from schemas.refusals import Refusal
from tests.oracle import levels
from tests.oracle.account import Account, Lot, Payment
from tests.oracle.earning import bought, gains, plain
from tests.oracle.pricing import Till, promoted
from tests.oracle.reading import (
    Words,
    last_day,
    minor,
    share,
    spendable_on,
)
from tests.oracle.vouchers import chosen, exchange, issue, presented, said, unsaid
from tests.oracle.returning import Receipt, undo, used_by, whole


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
        self.charges: dict[str, int] = {}
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

    def quote(self, basket: events.SaleRecorded) -> Any:
        """What is taken off a basket before it is paid: by whom, and how much of each line."""
        programme = self.programme(basket.header.business_date)
        account = self.accounts.get(basket.header.account_id, Account())
        if programme is None:
            return [], []
        held = levels_of(account, programme)
        till = Till(programme, basket)
        cuts = list(promoted(till, held))
        answers = []
        for name, voucher, cut in presented(account, till, held, basket.vouchers, basket.header.business_date):
            answers.append((name, voucher if isinstance(voucher, Refusal) else None))
            cuts += [(name, cut)] if any(cut) else []
        return cuts, answers

    def gave(self, event_id: str) -> list[Any]:
        """The points that a sale was given: promotion, wallet, and how many by line."""
        granted = self.receipts[event_id].granted
        return sorted(
            (gain.id, gain.wallet, tuple(gain.by_line))
            for gain in granted
            if gain.wallet != "voucher"
        )

    def view(self, account_id: str) -> dict[str, Any]:
        """The account as far as it is compared: empty wallets and first levels are left out."""
        account = self.accounts.get(account_id, Account())
        wallets = {
            name: (until((one.last, one.pending, one.left) for one in purse.lots), purse.owed)
            for name, purse in sorted(account.purses.items())
            if purse.lots or purse.owed
        }
        held = sorted(account.levels.items())
        return {
            "vouchers": sorted(
                (one.name, one.first, one.last) for one in account.vouchers if not one.took
            ),
            "wallets": wallets,
            "levels": {name: one.level for name, one in held if one.level},
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
    mature(account, day)
    receipt = Receipt(event.header.account_id, event, programme, bought(programme, event))
    oracle.receipts[event.header.event_id] = receipt
    account.history.append(("sale", day, receipt))
    after = {}
    for name, ladder in programme["tiers"].items():
        before = account.levels.get(name, levels.Held())
        after[name] = levels.climbed(ladder, account.history, before, day)
        held = after[name] if ladder["crossing_sale"] == "new_rate" else before
        receipt.levels.add(ladder["levels"][held.level]["id"])
    receipt.programme = plain(programme, receipt.levels)
    use_vouchers(account, receipt, event)
    receipt.rooms = {
        (promotion["id"], what): account.room(promotion, what, day)
        for promotion in receipt.programme["promotions"]
        for what in ("times", "items", "units")
    }
    ordinal = sum(one.stands for what, _, one in account.history if what == "sale")
    for promotion in receipt.programme["promotions"]:
        receipt.rooms[promotion["id"], "nth"] = is_due(promotion.get("nth_sale"), ordinal)
    receipt.granted = gains(receipt.programme, receipt.lines, receipt.levels, receipt.room)
    grant(account, receipt)
    account.levels |= after
    for purse in account.purses.values():
        purse.repay()
    exchange(account, programme, levels_of(account, programme), day, day)


def levels_of(account: Account, programme: Words) -> set[str]:
    """The levels that a member is on."""
    return {
        ladder["levels"][account.levels.get(name, levels.Held()).level]["id"]
        for name, ladder in programme["tiers"].items()
    }


def is_due(words: Words | None, ordinal: int) -> int:
    """Whether it is this purchase that counts, of so many."""
    if not words:
        return 1
    return ordinal == int(words["is"]) if "is" in words else ordinal % int(words["every"]) == 0


def use_vouchers(account: Account, receipt: Receipt, sale: events.SaleRecorded) -> None:
    """What the sale names is used, if it holds."""
    day = sale.header.business_date
    room = unsaid(sale)
    for name in sale.vouchers:
        voucher = chosen(account, name, day)
        if isinstance(voucher, Refusal):
            receipt.refused.append((name, str(voucher)))
        else:
            took = said(voucher, sale)
            if not took:
                took = min(room, int(minor(voucher.words["off"].get("amount", "0"))))
                room -= took
            voucher.took[sale.header.event_id] = took
            receipt.used.append(voucher)


def grant(account: Account, receipt: Receipt) -> None:
    """Gains become lots and use up limits.

    To what is left of the sale a limit leaves what it left to the sale: at most what was given.
    """
    day, event_id = receipt.sale.header.business_date, receipt.sale.header.event_id
    receipt.uses = used_by(receipt.granted)
    for gain in receipt.granted:
        account.use(gain.promotion, "times", day, 1)
        if gain.wallet == "voucher":
            gain.voucher = issue(account, receipt.programme, gain.promotion, day)
            continue
        words = receipt.programme["wallets"][gain.wallet]
        ready, last = spendable_on(words, day), last_day(words, day)
        lot = Lot(gain.points, ready, last, day, event_id, gain.id, ready > day)
        account.purse(gain.wallet).add(lot)
        for what in ("items", "units"):
            account.use(gain.promotion, what, day, receipt.uses[gain.id, what])
    for promotion in receipt.programme["promotions"]:
        if "units" in promotion.get("limits", {}).get("per_member", {}):
            given = receipt.uses.get((promotion["id"], "units"), 0)
            receipt.rooms[promotion["id"], "units"] = given


def mature(account: Account, day: int) -> None:
    """What may be spent on a day is available."""
    for purse in account.purses.values():
        for lot in purse.lots:
            lot.pending = lot.pending and lot.ready > day


def returned(oracle: Oracle, event: events.SaleReturned) -> None:
    """Goods come back: what they gave is taken back."""
    account, day = oracle.of(event.header), event.header.business_date
    if not event.original_sale:
        return
    receipt = oracle.receipts.get(event.original_sale)
    if receipt is None or receipt.account != event.header.account_id:
        raise RefusedError(Refusal.SALE_UNKNOWN)
    back, sizes = dict(receipt.back), {one.line_no: one for one in receipt.sale.lines}
    for line in event.lines:
        refuse(line.line_no not in sizes, Refusal.RETURN_EXCEEDS_SALE)
        line_sold = sizes[line.line_no]
        rest = whole(line_sold) - back.get(line.line_no, 0)
        came = (line_sold.quantity_milli and line.quantity_milli) or rest
        refuse(came > rest or rest == 0, Refusal.RETURN_EXCEEDS_SALE)
        back[line.line_no] = whole(line_sold) - rest + came
    mature(account, day)
    receipt.charged = undo(account, receipt, back, oracle.payments, day)
    oracle.charges[event.header.event_id] = receipt.charged


def redeemed(oracle: Oracle, event: events.PointsRedeemed) -> None:
    """Points as payment."""
    account, day = oracle.of(event.header), event.header.business_date
    refuse(not account.enrolled, Refusal.NOT_ENROLLED)
    programme = oracle.programme(day)
    wallet = programme["wallets"].get(event.wallet) if programme else None
    if programme is None or wallet is None:
        raise RefusedError(Refusal.UNKNOWN_WALLET)
    pay = wallet.get("pay")
    if pay is None:
        raise RefusedError(Refusal.WALLET_CANNOT_PAY)
    refuse(event.currency != programme["currency"], Refusal.OTHER_CURRENCY)
    refuse(event.points < int(pay.get("min", 0)), Refusal.BELOW_MINIMUM)
    refuse(event.points % int(pay.get("step", 1)) != 0, Refusal.NOT_A_STEP)
    worth = event.points * minor(wallet["value"]["amount"]) / int(wallet["value"]["units"])
    refuse(event.amount_minor != int(worth), Refusal.AMOUNT_DIFFERS)
    most = share(pay.get("max_share", "100%")) * event.eligible_minor
    refuse(event.eligible_minor > 0 and event.amount_minor > most, Refusal.ABOVE_SHARE)
    purse = account.purse(event.wallet)
    ready = [lot for lot in purse.lots if lot.last >= day and (lot.ready <= day or not lot.pending)]
    refuse(sum(lot.left for lot in ready) < event.points, Refusal.INSUFFICIENT_POINTS)
    mature(account, day)
    parts = purse.take(purse.usable(day), event.points)
    oracle.payments[event.header.event_id] = Payment(
        event.header.account_id, event.wallet, event.amount_minor, parts
    )


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


def changes(account: Account, programme: Words, day: int) -> bool:
    """Whether something of an account begins or ends with a day."""
    lots = [lot for purse in account.purses.values() for lot in purse.lots]
    return (
        any(lot.last <= day or (lot.pending and lot.ready <= day + 1) for lot in lots)
        or any(one.last <= day and not one.took for one in account.vouchers)
        or any(held.level and held.last <= day for held in account.levels.values())
        or any(
            levels.counted(ladder, receipt) and levels.counted_until(ladder, at) <= day
            for ladder in programme["tiers"].values()
            for what, at, receipt in account.history
            if what == "sale" and not receipt.is_over
        )
    )


def close(account: Account, programme: Words, day: int) -> None:
    """What is spendable tomorrow matures, the rest ends, and levels are reviewed."""
    due = changes(account, programme, day)
    for name, ladder in programme["tiers"].items():
        held = account.levels.get(name, levels.Held())
        account.levels[name] = levels.reviewed(ladder, account.history, held, day)
    mature(account, day + 1)
    if due:
        exchange(account, programme, levels_of(account, programme), day, day + 1)
    for purse in account.purses.values():
        purse.end(day)
    for one in account.vouchers:
        one.over = one.over or one.last <= day
    account.vouchers = [one for one in account.vouchers if one.last > day]
    for what, at, receipt in account.history:
        if what == "sale" and all(levels.counted_until(one, at) <= day for one in programme["tiers"].values()):
            receipt.is_over = True
    account.history.append(("close", day, None))


DECISIONS: dict[type[Event], Callable[[Oracle, Any], None]] = {
    events.ProgrammeActivated: activated,
    events.MemberEnrolled: enrolled,
    events.SaleRecorded: sold,
    events.SaleReturned: returned,
    events.PointsRedeemed: redeemed,
    events.BusinessDayClosed: closed,
}
