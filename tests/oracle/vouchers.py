"""Vouchers: how long they hold, whether one is taken, and points that become one by themselves."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from schemas.events import SaleRecorded
from schemas.refusals import Refusal
from tests.oracle.account import Account, Lot
from tests.oracle.pricing import Till, off
from tests.oracle.reading import Words, day_of, in_year, date_of, minor
import datetime as dt


@dataclass(eq=False)
class Voucher:
    """A voucher of an account; `took` is what its uses took off, by the event that used it."""

    name: str
    words: Words
    first: int
    last: int
    made_of: list[Lot] = field(default_factory=list)
    promotion: Words = field(default_factory=dict)
    issued: int = 0
    took: dict[str, int] = field(default_factory=dict)
    over: bool = False
    is_paid: bool = False


def term(words: Words, day: int) -> tuple[int, int]:
    """The first and the last day of a voucher that is issued on a day."""
    valid = words["valid"]
    first = day + (valid.get("starts") == "next_day")
    if "until" in valid:
        return first, day_of(dt.date.fromisoformat(valid["until"]))
    if "through" in valid:
        date = date_of(first)
        return first, in_year(date.year, 12 if valid["through"] == "year" else date.month, 31)
    return first, day + int(valid["days"])


def issue(account: Account, programme: Words, promotion: Words, day: int) -> Voucher:
    """One voucher more."""
    name = promotion["give"]["voucher"]
    words = programme["vouchers"][name]
    voucher = Voucher(name, words, *term(words, day), promotion=promotion, issued=day)
    account.vouchers.append(voucher)
    return voucher


def chosen(account: Account, name: str, day: int) -> Voucher | Refusal:
    """Of several of a name the one that holds on a day and ends first; or that there is none."""
    ours = [one for one in account.vouchers if one.name == name and not one.took]
    ours = [one for one in ours if one.first <= day <= one.last]
    return min(ours, key=lambda one: one.last, default=Refusal.VOUCHER_UNKNOWN)


def exchange(account: Account, programme: Words, levels: set[str], day: int, issued_on: int) -> None:
    """What suffices becomes vouchers, in the order of the document."""
    for promotion in programme["promotions"]:
        if promotion["kind"] != "convert" or not levels & set(
            promotion.get("who", {}).get("tiers", levels)
        ):
            continue
        ((wallet, take),) = promotion["take"].items()
        first, last = term(programme["vouchers"][promotion["give"]["voucher"]], issued_on)
        purse = account.purse(wallet)
        while (
            first <= last
            and sum(lot.left for lot in purse.usable(day)) >= int(take)
            and account.room(promotion, "times", day) > 0
        ):
            parts = purse.take(purse.usable(day), int(take))
            account.use(promotion, "times", day, 1)
            issue(account, programme, promotion, issued_on).made_of = parts


def presented(
    account: Account, till: Till, levels: set[str], names: tuple[str, ...], day: int
) -> Iterator[tuple[str, Voucher | Refusal, tuple[int, ...]]]:
    """For each voucher that a till asks about: which it is or why it is refused, and its cut."""
    gone: list[Voucher] = []
    for name in names:
        voucher = chosen(account, name, day) if account.enrolled else Refusal.NOT_ENROLLED
        if isinstance(voucher, Refusal):
            yield name, voucher, ()
            continue
        prices = till.of(voucher.words, set())
        if voucher in gone:
            voucher = Refusal.VOUCHER_UNKNOWN
        elif not levels & set(voucher.words.get("who", {}).get("tiers", levels)):
            voucher = Refusal.VOUCHER_NOT_FOR_MEMBER
        elif not till.is_enough(voucher.words):
            voucher = Refusal.VOUCHER_BASKET_TOO_SMALL
        elif not any(prices):
            voucher = Refusal.VOUCHER_NO_ITEMS
        if isinstance(voucher, Refusal):
            yield name, voucher, ()
            continue
        gone.append(voucher)
        yield name, voucher, till.take(off(till, voucher.words["off"], prices))


def said(voucher: Voucher, sale: SaleRecorded) -> int:
    """What a sale says that a voucher took off; a tender that names none is the only voucher's."""
    names = (voucher.name, "") if len(sale.vouchers) == 1 else (voucher.name,)
    tenders = [one for one in sale.tenders if one.kind == "voucher" and one.reference_id in names]
    return sum(one.amount_minor for one in tenders)


def unsaid(sale: SaleRecorded) -> int:
    """The most that vouchers took off of which a sale does not say it.

    What the till took off without saying why; if that is nothing, what the articles cost.
    """
    off = sum(one.amount_minor for line in sale.lines for one in line.discounts)
    return off or sum(max(line.gross_minor, 0) for line in sale.lines)
