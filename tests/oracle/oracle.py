"""What every event should do: accepted or refused and why, and the account after it."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from schemas import events
from schemas.events import Event, Header
from schemas.refusals import Refusal
from tests.oracle import levels
from tests.oracle.earning import bought, counts, eligible, gains, shares
from tests.oracle.granting import grant, issue, keep_alive, mature, react, settle, standing
from tests.oracle.holding import Account, Lot
from tests.oracle.reading import Words, date_of, in_year, last_day, later, minor, period, share
from tests.oracle.returning import Receipt, undo, whole


class RefusedError(Exception):
    """The event changes nothing; its text is the reason."""


def refuse(applies: bool, reason: Refusal) -> None:
    """Ends the decision where the reason applies."""
    if applies:
        raise RefusedError(reason)


class Oracle:
    """A partition by the documents: `decide` an event, then look at `view` of an account."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.programmes: list[tuple[int, Words]] = []
        self.seen: dict[str, Event] = {}
        self.receipts: dict[str, Receipt] = {}
        self.closed: int | None = None

    def decide(self, event: Event) -> str:
        """The reason of the refusal, empty where the event is accepted."""
        try:
            self.check(event)
            self.of(event.header).number = 0
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

    def view(self, account_id: str) -> dict[str, Any]:
        """The account as far as it is compared: empty wallets and first levels are left out."""
        account = self.accounts.get(account_id, Account())
        wallets = {
            name: (
                sum(lot.left for lot in purse.lots if not lot.pending),
                sum(lot.left for lot in purse.lots if lot.pending),
                purse.owed,
            )
            for name, purse in account.purses.items()
        }
        return {
            "wallets": {name: three for name, three in sorted(wallets.items()) if any(three)},
            "vouchers": sorted((t.voucher, t.last) for t in account.tickets if t.active),
            "levels": {
                name: held.level for name, held in sorted(account.levels.items()) if held.level
            },
        }


def activated(oracle: Oracle, event: events.ProgrammeActivated) -> None:
    """A document holds from a day on."""
    oracle.programmes.append((event.effective_from, json.loads(event.document)))


def enrolled(oracle: Oracle, event: events.MemberEnrolled) -> None:
    """The account has a member now, who may be welcomed."""
    account, header = oracle.of(event.header), event.header
    refuse(account.enrolled_on is not None, Refusal.ALREADY_ENROLLED)
    account.enrolled_on = header.business_date
    account.birthday = (event.birthday_month, event.birthday_day)
    if programme := oracle.programme(header.business_date):
        done = react(account, programme, header, "enrolment", header.business_date)
        if any(granted.gain.points for granted in done):
            settle(account, programme, header)


def labelled(oracle: Oracle, event: events.MemberLabelled) -> None:
    """A label is on or off."""
    labels = oracle.of(event.header).labels
    if event.on:
        labels.add(event.label)
    else:
        labels.discard(event.label)


def entered(oracle: Oracle, event: events.SegmentEntered) -> None:
    """The account is in a segment."""
    oracle.of(event.header).segments.add(event.segment)


def left(oracle: Oracle, event: events.SegmentLeft) -> None:
    """The account is in it no longer."""
    oracle.of(event.header).segments.discard(event.segment)


def active(oracle: Oracle, event: events.ActivityRecorded) -> None:
    """Something that is no purchase."""
    account, header = oracle.of(event.header), event.header
    if programme := oracle.programme(header.business_date):
        mature(account, header.business_date)
        react(
            account, programme, header, "activity", header.business_date,
            lambda promotion: promotion["activity"] == event.activity,
        )  # fmt: skip
        settle(account, programme, header)


def sold(oracle: Oracle, event: events.SaleRecorded) -> None:
    """A receipt."""
    header, day = event.header, event.header.business_date
    programme = oracle.programme(day)
    if programme is None or header.account_id.startswith(events.STORE_ACCOUNT):
        return
    account = oracle.of(header)
    mature(account, day)
    receipt = Receipt(header.account_id, event, programme, bought(programme, event))
    oracle.receipts[header.event_id] = receipt
    before = dict(account.levels)
    account.history.append(("sale", day, receipt))
    after = {
        name: levels.climbed(ladder, account.history, before.get(name, levels.Held()), day)
        for name, ladder in programme.get("tiers", {}).items()
    }
    for name, held in after.items():
        if programme["tiers"][name]["crossing_sale"] == "new_rate":
            account.levels[name] = held
    receipt.standing = standing(account, programme)
    count(account, receipt)
    receipt.rooms = {
        (promotion["id"], what): account.room(promotion, what, day)
        for promotion in programme["promotions"]
        for what in ("times", "items", "units")
    }
    found = gains(
        programme, header, receipt.lines, receipt.standing,
        lambda promotion, what: receipt.rooms[promotion["id"], what],
    )  # fmt: skip
    receipt.granted = grant(account, programme, header, found, day)
    for granted in receipt.granted:
        granted.by_line = shares(granted.gain, receipt.lines)
    account.sales += 1
    account.levels |= after
    for name, held in after.items():
        if held.level > before.get(name, levels.Held()).level:
            celebrate(account, programme, header, name, held.level)
    keep_alive(account, programme, "sale", day)
    settle(account, programme, header)


def count(account: Account, receipt: Receipt) -> None:
    """The sale counts among the nth sales and the periods of streaks."""
    header = receipt.sale.header
    for promotion in receipt.programme["promotions"]:
        name = counts(promotion, header, receipt.lines, True)
        if name is None:
            continue
        receipt.names[promotion["id"]] = name
        if promotion["kind"] != "streak":
            account.counted[name] += 1
            receipt.standing["numbers"][promotion["id"]] = account.counted[name]
            continue
        at = period(header.business_date, promotion["every"])
        account.periods.setdefault(name, Counter())[at] += 1
        if filled := streak(account, promotion, at):
            receipt.standing["completed"][name] = filled


def streak(account: Account, promotion: Words, at: int) -> list[int]:
    """The periods in a row around one that make a streak full; each serves one streak only."""
    step = {"day": {"days": 1}, "week": {"days": 7}, "month": {"months": 1}}[promotion["every"]]
    full = account.full.setdefault(promotion["id"], set())
    free = [day for day, many in account.periods[promotion["id"]].items() if many > 0]
    run: list[int] = []
    for day in sorted(set(free) - full):
        run = [*run, day] if run and later(run[-1], step) == day else [day]
        if at in run and later(day, step) not in set(free) - full:
            break
    else:
        return []
    if len(run) < int(promotion["length"]):
        return []
    filled = run[: int(promotion["length"])]
    full.update(filled)
    return filled


def celebrate(account: Account, programme: Words, header: Header, ladder: str, level: int) -> None:
    """A level is reached."""
    name = programme["tiers"][ladder]["levels"][level]["id"]
    done = react(
        account, programme, header, "tier_reached", header.business_date,
        lambda promotion: promotion["tier"] == name,
    )  # fmt: skip
    account.reached += [(ladder, level, granted) for granted in done]


def returned(oracle: Oracle, event: events.SaleReturned) -> None:
    """Goods come back: what they gave is taken back."""
    account, header = oracle.of(event.header), event.header
    if not event.original_sale:
        return
    receipt = oracle.receipts.get(event.original_sale)
    if receipt is None or receipt.account != header.account_id:
        raise RefusedError(Refusal.SALE_UNKNOWN)
    back, sizes = dict(receipt.back), {one.line_no: one for one in receipt.sale.lines}
    for line in event.lines:
        refuse(line.line_no not in sizes, Refusal.RETURN_EXCEEDS_SALE)
        line_sold = sizes[line.line_no]
        rest = whole(line_sold) - back.get(line.line_no, 0)
        came = (line_sold.quantity_milli and line.quantity_milli) or rest
        refuse(came > rest or rest == 0, Refusal.RETURN_EXCEEDS_SALE)
        back[line.line_no] = whole(line_sold) - rest + came
    mature(account, header.business_date)
    undo(account, receipt, back, header.business_date)


def redeemed(oracle: Oracle, event: events.PointsRedeemed) -> None:
    """Points as payment."""
    account, day = oracle.of(event.header), event.header.business_date
    refuse(account.enrolled_on is None, Refusal.NOT_ENROLLED)
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
    refuse(ready(account, event.wallet, day) < event.points, Refusal.INSUFFICIENT_POINTS)
    spend(account, event.wallet, event.points, day)
    keep_alive(account, programme, "redemption", day)


def ready(account: Account, wallet: str, day: int) -> int:
    """What a wallet can spend on a day: what is available, or would be if the day were closed."""
    lots = account.purse(wallet).lots
    return sum(
        lot.left for lot in lots if lot.last >= day and (lot.ready <= day or not lot.pending)
    )


def spend(account: Account, wallet: str, points: int, day: int) -> None:
    """Points go, oldest end first."""
    mature(account, day)
    purse = account.purse(wallet)
    purse.take(purse.usable(day), points)


def adjusted(oracle: Oracle, event: events.PointsAdjusted) -> None:
    """A correction by hand."""
    account, day = oracle.of(event.header), event.header.business_date
    programme = oracle.programme(day)
    if programme is None or event.wallet not in programme["wallets"]:
        raise RefusedError(Refusal.UNKNOWN_WALLET)
    refuse(not event.approved_by, Refusal.NO_APPROVER)
    refuse(ready(account, event.wallet, day) < -event.points, Refusal.INSUFFICIENT_POINTS)
    spend(account, event.wallet, max(0, -event.points), day)
    if event.points > 0:
        end = last_day(programme["wallets"][event.wallet], day)
        lot = Lot(event.points, day, end, day, event.header.event_id, 0, False)
        account.purse(event.wallet).lots.append(lot)
    settle(account, programme, event.header)


def claimed(oracle: Oracle, event: events.RewardClaimed) -> None:
    """Something from the catalogue."""
    account, header, day = oracle.of(event.header), event.header, event.header.business_date
    refuse(account.enrolled_on is None, Refusal.NOT_ENROLLED)
    programme = oracle.programme(day)
    words = programme.get("rewards", {}).get(event.reward) if programme else None
    if programme is None or words is None:
        raise RefusedError(Refusal.REWARD_UNKNOWN)
    reward = {"id": event.reward, **words}
    (wallet, much), *_ = reward["costs"].items()
    needed = int(much) * event.quantity
    refuse(ready(account, wallet, day) < needed, Refusal.INSUFFICIENT_POINTS)
    for word, reason in (
        ("who", Refusal.REWARD_NOT_FOR_MEMBER),
        ("when", Refusal.REWARD_NOT_NOW),
    ):
        only = {word: reward[word]} if word in reward else {}
        refuse(not eligible(programme, only, header, standing(account, programme)), reason)
    refuse(account.room(reward, "times", day) < event.quantity, Refusal.LIMIT_REACHED)
    spend(account, wallet, needed, day)
    account.use(reward, "times", day, event.quantity)
    for _ in range(event.quantity):
        if voucher := reward["give"].get("voucher"):
            issue(account, programme, voucher, day)
    keep_alive(account, programme, "redemption", day)


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
            header = Header(f"{event.header.event_id}|{name}", name, name, 0, 0, day)
            close(account, programme, header)


def close(account: Account, programme: Words, header: Header) -> None:
    """What is spendable tomorrow matures, then converts, then the rest ends.

    It converts only if something is due in the account.
    """
    day, account.number = header.business_date, 0
    lots = [lot for purse in account.purses.values() for lot in purse.lots]
    due = any(lot.last <= day or (lot.pending and lot.ready <= day + 1) for lot in lots)
    due |= any(ticket.active and ticket.last <= day for ticket in account.tickets)
    due |= any(held.level and held.last <= day for held in account.levels.values())
    due |= any(
        what == "sale" and levels.counted_until(ladder, at) == day and receipt.spend
        for ladder in programme.get("tiers", {}).values()
        for what, at, receipt in account.history
    )
    mature(account, day + 1)
    if remember(account, programme, header) or due:
        settle(account, programme, header)
    for purse in account.purses.values():
        purse.lots = [lot for lot in purse.lots if lot.last > day]
    for ticket in account.tickets:
        ticket.active = ticket.active and ticket.last > day
    for name, ladder in programme.get("tiers", {}).items():
        held = account.levels.get(name, levels.Held())
        account.levels[name] = levels.reviewed(ladder, account.history, held, day)
    account.history.append(("close", day, None))


def remember(account: Account, programme: Words, header: Header) -> bool:
    """Tomorrow may be a birthday, the first day of its month, or a year since enrolment."""
    month, date = account.birthday
    if account.enrolled_on is None:
        return False
    day = header.business_date + 1
    today, joined = date_of(day), date_of(account.enrolled_on)
    starts: dict[str, int] = {}
    if month:
        starts["day"] = in_year(today.year, month, date)
        starts["month"] = in_year(today.year, month, 1)
    done = react(
        account, programme, header, "birthday", day,
        lambda promotion: starts.get(promotion.get("window", "day")) == day,
    )  # fmt: skip
    if today.year > joined.year and in_year(today.year, joined.month, joined.day) == day:
        done += react(account, programme, header, "anniversary", day)
    return bool(done)


DECISIONS: dict[type[Event], Callable[[Oracle, Any], None]] = {
    events.ProgrammeActivated: activated,
    events.MemberEnrolled: enrolled,
    events.MemberLabelled: labelled,
    events.SegmentEntered: entered,
    events.SegmentLeft: left,
    events.ActivityRecorded: active,
    events.SaleRecorded: sold,
    events.SaleReturned: returned,
    events.PointsRedeemed: redeemed,
    events.PointsAdjusted: adjusted,
    events.RewardClaimed: claimed,
    events.BusinessDayClosed: closed,
}
