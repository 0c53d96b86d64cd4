"""Vouchers: how long they hold, which one is taken, and points that become one by themselves."""

import datetime as dt
from collections.abc import Iterator

from schemas.events import SaleRecorded
from schemas.refusals import Refusal
from tests.oracle.account import Account, Voucher, total
from tests.oracle.pricing import Till, off
from tests.oracle.reading import Words, date_of, day_of, in_year, minor
from tests.oracle.receipts import Receipt


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
    account.vouchers.append(Voucher(name, words, promotion, day, *term(words, day)))
    return account.vouchers[-1]


def exchange(account: Account, programme: Words, day: int, issued: int) -> None:
    """What suffices becomes vouchers, in the order of the document; 30 of each in one record."""
    standing = account.standing(programme)
    for promotion in programme["promotions"]:
        if promotion["kind"] != "convert":
            continue
        ((wallet, take),) = promotion["take"].items()
        purse, limit = account.purses[wallet], account.room(promotion, "times", day)
        first, last = term(programme["vouchers"][promotion["give"]["voucher"]], issued)
        acts = first <= last and standing & set(promotion.get("who", {}).get("tiers", standing))
        times = min(total(purse.usable(day)) // int(take), limit, 30) if acts else 0
        for _ in range(times):
            parts = purse.take(purse.usable(day), int(take))
            issue(account, programme, promotion, issued).made_of = parts
        account.use(promotion, "times", day, times)


def chosen(account: Account, name: str, day: int) -> Voucher | None:
    """Of several of a name the one that holds on a day and ends first."""
    ours = [one for one in account.vouchers if one.name == name and not one.took]
    ours = [one for one in ours if one.first <= day <= one.last]
    return min(ours, key=lambda one: one.last, default=None)


Answer = tuple[str, str, tuple[int, ...]]
"""A voucher's name, why it is refused, and what it takes off each line."""


def answered(account: Account, till: Till) -> Iterator[Answer]:
    """What becomes of each voucher that a till asks about, one after the other."""
    gone: list[Voucher] = []
    for name in till.basket.vouchers:
        voucher = chosen(account, name, till.basket.header.business_date)
        prices = till.of(voucher.words) if voucher else []
        reason = why_not(account, till, voucher if voucher not in gone else None, prices)
        if voucher is None or reason:
            yield name, reason, ()
        else:
            gone.append(voucher)
            yield name, "", till.take(off(till, {**voucher.words, **voucher.words["off"]}))


def why_not(account: Account, till: Till, voucher: Voucher | None, prices: list[int]) -> str:
    """Why a voucher takes nothing off a basket; empty if it does."""
    if not account.enrolled:
        return Refusal.NOT_ENROLLED
    if voucher is None:
        return Refusal.VOUCHER_UNKNOWN
    standing = account.standing(till.programme)
    if not standing & set(voucher.words.get("who", {}).get("tiers", standing)):
        return Refusal.VOUCHER_NOT_FOR_MEMBER
    if not till.is_enough(voucher.words):
        return Refusal.VOUCHER_BASKET_TOO_SMALL
    return "" if any(prices) else Refusal.VOUCHER_NO_ITEMS


def use_vouchers(account: Account, receipt: Receipt) -> None:
    """What a sale names is used, if it holds; the sale stands as it was rung up."""
    sale, room = receipt.sale, unsaid(receipt.sale)
    for name in sale.vouchers:
        voucher = chosen(account, name, receipt.day)
        if voucher is None:
            receipt.refused.append((name, Refusal.VOUCHER_UNKNOWN))
            continue
        took = said(voucher, sale)
        if not took:
            took = min(room, worth(voucher))
            room -= took
        voucher.took[receipt.id] = took
        receipt.used.append(voucher)


def worth(voucher: Voucher) -> int:
    """What a voucher takes off if there is room; of a percentage that is not known."""
    return int(minor(voucher.words["off"].get("amount", "0")))


def said(voucher: Voucher, sale: SaleRecorded) -> int:
    """What a sale says that a voucher took off; a tender that names none is the only voucher's."""
    names = (voucher.name, "") if len(sale.vouchers) == 1 else (voucher.name,)
    tenders = [one for one in sale.tenders if one.kind == "voucher" and one.reference_id in names]
    return sum(one.amount_minor for one in tenders)


def unsaid(sale: SaleRecorded) -> int:
    """The most that vouchers took off of which a sale does not say it.

    What the till took off without saying why; if that is nothing, what the articles cost.
    """
    cuts = sum(one.amount_minor for line in sale.lines for one in line.discounts)
    return cuts or sum(max(line.gross_minor, 0) for line in sale.lines)
