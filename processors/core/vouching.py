"""What vouchers take off a basket that is about to be paid, and what a recorded sale used of them.

A voucher takes its cut behind the promotions, on what is then to pay, by the terms of the programme
that issued it.  What does not hold is refused as data; the rest goes on.

Worked number: 20.00 of stored value on a basket of 13.40: 13.40 off, 6.60 stay on it.
"""

from collections.abc import Callable, Sequence
from itertools import zip_longest

from processors.core.draft import Draft
from processors.core.exchange import Issuer, may_be_used, redeem, terms_of, usable
from processors.core.judging import stands
from processors.core.membership import may_spend
from processors.core.pricing import Setting
from processors.core.programme import Programme
from processors.core.terms import Voucher
from processors.core.till import Till
from processors.core.voucher import Voucher as OpenVoucher
from processors.words.cutting import Article, spread
from schemas import ledger
from schemas.events import SaleRecorded
from schemas.refusals import Refusal


def take_voucher(setting: Setting, till: Till, reference: str, issuer: Issuer) -> Refusal | None:
    """Take a voucher off the basket, and off the draft's account; or say why not.

    Args:
        setting: who buys.
        till: the basket at the prices so far.
        reference: the voucher's id or definition.
        issuer: finds the terms it was issued by.
    """
    draft = setting.draft
    refusal = may_spend(draft)
    if refusal is not None:
        return refusal
    found = usable(draft, reference)
    if isinstance(found, Refusal):
        return found
    if found.currency != setting.basket.currency:
        return Refusal.OTHER_CURRENCY
    rules = terms_of(draft, found, issuer, setting.rules)
    terms = None if rules is None else rules.vouchers.get(found.voucher)
    if rules is None or terms is None:
        return Refusal.VOUCHER_UNKNOWN
    refusal = _against_terms(setting, till, terms)
    if refusal is None and not may_be_used(draft, terms):
        refusal = Refusal.LIMIT_REACHED
    if refusal is not None:
        return refusal
    off = till.offer(till.articles(terms.matches, till.prices), _cutting(found, terms)).off
    if not any(off):
        return Refusal.VOUCHER_NO_ITEMS
    funded_by = rules.body.vouchers[found.voucher].funded_by
    till.take("voucher", found.voucher, found.voucher_id, off, funded_by)
    return redeem(draft, found.voucher_id, draft.event_id, sum(off), rules)


def _against_terms(setting: Setting, till: Till, terms: Voucher) -> Refusal | None:
    header = setting.basket.header
    if terms.fits is not None and not terms.fits(setting.person, header.business_date):
        return Refusal.VOUCHER_NOT_FOR_MEMBER
    if terms.occasion is not None and not terms.occasion.holds(header):
        return Refusal.VOUCHER_NOT_HERE
    if terms.floor is not None and not stands(terms.floor, setting.basket, till.money):
        return Refusal.VOUCHER_BASKET_TOO_SMALL
    return None


def _cutting(found: OpenVoucher, terms: Voucher) -> Callable[[Sequence[Article]], list[int]]:
    """What it takes off; of a stored value, at most what is left of it."""
    if not terms.stored_value:
        return terms.cutting
    return lambda articles: spread(articles, found.amount_minor)


def use_vouchers(
    draft: Draft,
    sale: SaleRecorded,
    programme: Programme,
    issuer: Issuer,
    answers: Sequence[Refusal | None] = (),
) -> None:
    """Redeem what was presented with a recorded sale, for what the sale says it took off.

    Of a stored value that is at most what is stored, as `redeem` says.  Where the sale does not say
    it, that is what the voucher is worth, as far as the basket had room for it; but of a receipt
    that names what was taken off, a voucher that the quote refused took nothing, and stays.  A
    voucher of another currency than the sale's is refused, as by a quote: what it took off is no
    amount of its own.

    Args:
        draft: the account.
        sale: the receipt.
        programme: the rules in force.
        issuer: finds the terms that a voucher was issued by.
        answers: what the quote said of each voucher; nothing if there was none.
    """
    left = taken_by_vouchers(sale) if sale.vouchers else {}
    room = _room(sale)
    if answers and not _names_discounts(sale):
        answers = ()
    for reference, answer in zip_longest(sale.vouchers, answers):
        found = usable(draft, reference)
        if not isinstance(found, Refusal) and found.currency != sale.currency:
            found = Refusal.OTHER_CURRENCY
        if isinstance(found, Refusal):
            draft.add(ledger.VoucherRefused(reference, (answer or found).value))
            continue
        taken = _claimed(left, reference, found, several=len(sale.vouchers) > 1)
        if not taken and answer is not None:
            draft.add(ledger.VoucherRefused(reference, answer.value))
            continue
        if not taken:
            taken = min(found.amount_minor, room)
            room -= taken
        terms = terms_of(draft, found, issuer, programme)
        refusal = redeem(draft, reference, sale.header.event_id, taken, terms)
        if refusal is not None:
            draft.add(ledger.VoucherRefused(reference, refusal.value))


def _names_discounts(sale: SaleRecorded) -> bool:
    """Whether a receipt says why it took something off; a mere sum may be a voucher's, too."""
    off = [one for line in sale.lines for one in line.discounts]
    return not off or any(one.source_id for one in off)


def _room(sale: SaleRecorded) -> int:
    """The most that vouchers took off a sale which does not say what each did.

    What the till took off without saying why may be theirs; if that is nothing, they took no more
    than the basket came to.
    """
    if not sale.vouchers:
        return 0
    off = [one for line in sale.lines for one in line.discounts if not one.source_id]
    unnamed = sum([one.amount_minor for one in off])
    return unnamed or sum([max(line.gross_minor, 0) for line in sale.lines])


def taken_by_vouchers(sale: SaleRecorded) -> dict[str, int]:
    """Id or definition, as the sale says it → what it took off, as a tender or off the lines."""
    off: dict[str, int] = {}
    for line in sale.lines:
        for one in line.discounts:
            if one.source == "voucher":
                off[one.source_id] = off.get(one.source_id, 0) + one.amount_minor
    paid: dict[str, int] = {}
    for tender in sale.tenders:
        if tender.kind == "voucher":
            paid[tender.reference_id] = paid.get(tender.reference_id, 0) + tender.amount_minor
    return off | {name: amount for name, amount in paid.items() if amount}


def _claimed(left: dict[str, int], reference: str, found: OpenVoucher, *, several: bool) -> int:
    """What one voucher took off, however the sale calls it; 0 if the sale does not say.

    A tender that names none is the only voucher's.  Of several vouchers of one definition, and of
    several uses of one voucher, each took at most what it is worth.
    """
    names = [reference, found.voucher_id, found.voucher, *([] if several else [""])]
    name = next((one for one in names if left.get(one)), None)
    if name is None:
        return 0
    taken = left[name]
    shared = name == found.voucher or found.uses_left > 1
    if several and shared and found.amount_minor:
        taken = min(taken, found.amount_minor)
    left[name] -= taken
    return taken
