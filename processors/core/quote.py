"""What a till shows before payment: `quote(overlay, basket) -> Quote`, by the rules that decide.

A quote changes nothing.  Promotions take their part off the basket, then the vouchers that were
presented, one after the other, on what is then to pay; what the sale would earn if it were bought
so is decided by the same function that will decide the sale.

Worked number: a flat white of 3.40 and a latte of 3.60 with a voucher for a drink: 3.60 off the
latte, 3.40 to pay, one stamp.
"""

from msgspec import Struct

from processors.core.draft import Draft
from processors.core.holding import end_holds
from processors.core.ladder import WALLET
from processors.core.messages import LANGUAGE
from processors.core.overlay import Overlay
from processors.core.packing import unpack
from processors.core.pricing import priced, setting_of
from processors.core.prompting import prompts
from processors.core.selling import sale_effects
from processors.core.till import Cut
from processors.core.vouching import take_voucher
from schemas.events import STORE_ACCOUNT, Line, SaleRecorded, Tender
from schemas.ledger import PointsEarned, RewardGiven, VoucherIssued
from schemas.records import replace
from schemas.refusals import Refusal

__all__ = ["Cut", "Earns", "Gives", "Quote", "VoucherAnswer", "quote"]


class VoucherAnswer(Struct, frozen=True):
    """What became of a voucher that was presented; refusal is None if it was taken."""

    reference: str
    refusal: Refusal | None


class Earns(Struct, frozen=True):
    """Points that a promotion will give in a wallet."""

    promotion_id: str
    wallet: str
    points: int


class Gives(Struct, frozen=True):
    """Something that is not points, which a promotion will give: a threshold's mug, a voucher.

    `kind` is voucher, gift, gift_card, donation or perk; `item` which one.
    """

    promotion_id: str
    kind: str
    item: str
    quantity: int


class Quote(Struct, frozen=True):
    """The answer to a till.

    Attributes:
        to_pay_minor: what is left to pay, in minor units.
        cuts: what promotions and vouchers take off, in order.
        vouchers: an answer for each that was presented, in order.
        earned: what the sale will earn if it is paid as the basket says, or else by card.
        gives: what else it will bring then; a till adds a gift as a line of its own at 0.
        prompts: what to say to the customer before payment.
        lines: as the till will record them, with discounts and net.
    """

    to_pay_minor: int
    cuts: tuple[Cut, ...]
    vouchers: tuple[VoucherAnswer, ...]
    earned: tuple[Earns, ...]
    gives: tuple[Gives, ...]
    prompts: tuple[str, ...]
    lines: tuple[Line, ...]


def quote(overlay: Overlay, basket: SaleRecorded, language: str = LANGUAGE) -> Quote:
    """The basket as the rules in force on its business date price it for its account.

    Args:
        overlay: the state; it stays as it is.
        basket: the lines, each with gross and net at its full price, or with discounts of the till;
            the vouchers presented; tenders only if they are decided on already.
        language: of the prompts.
    """
    header = basket.header
    programme = overlay.programme_on(header.business_date)
    if programme is None:
        to_pay = sum(line.net_minor for line in basket.lines)
        unknown = [VoucherAnswer(one, Refusal.VOUCHER_UNKNOWN) for one in basket.vouchers]
        return Quote(to_pay, (), tuple(unknown), (), (), (), basket.lines)
    setting = setting_of(basket, programme, _met(overlay, basket), overlay.stopped)
    till = priced(setting)
    answers = tuple(
        VoucherAnswer(one, take_voucher(setting, till, one, overlay.issuer))
        for one in basket.vouchers
    )
    lines = till.lines()
    to_pay = sum(till.prices)
    sale = replace(
        basket,
        quote_id="",
        lines=lines,
        tenders=basket.tenders or ((Tender("card", to_pay),) if to_pay > 0 else ()),
        vouchers=tuple(one.reference for one in answers if one.refusal is None),
    )
    draft = _met(overlay, basket)
    if not header.account_id.startswith(STORE_ACCOUNT):
        sale_effects(draft, sale, programme, overlay.issuer)
    earned = _earned(draft)
    said = prompts(setting, till, draft.effects, language)
    return Quote(to_pay, tuple(till.cuts), answers, earned, _given(draft), said, lines)


def _met(overlay: Overlay, basket: SaleRecorded) -> Draft:
    """The account as the sale would meet it: what was held until then is free again."""
    header = basket.header
    account = unpack(overlay.packed(header.account_id))
    checkout = (header.store_id, header.till_id, basket.order_id)
    draft = Draft(account, header.event_id, header.business_date, overlay.stopped, checkout)
    end_holds(draft, header.occurred_at)
    return draft


def _earned(draft: Draft) -> tuple[Earns, ...]:
    """What the sale would earn, by promotion and wallet, in the order of the document."""
    points: dict[tuple[str, str], int] = {}
    for effect in draft.effects:
        if not isinstance(effect, PointsEarned) or effect.wallet.startswith(WALLET):
            continue  # What counts for a level is nothing that a customer gets.
        if effect.granted:
            key = (effect.promotion_id, effect.wallet)
            points[key] = points.get(key, 0) + effect.granted
    return tuple(Earns(*key, granted) for key, granted in points.items())


def _given(draft: Draft) -> tuple[Gives, ...]:
    """What else the sale would bring, in the order in which it is decided."""
    given = []
    for effect in draft.effects:
        match effect:
            case RewardGiven():
                one = Gives(effect.promotion_id, effect.kind, effect.item, effect.quantity)
                given.append(one)
            case VoucherIssued():
                given.append(Gives(effect.promotion_id, "voucher", effect.voucher, 1))
            case _:
                pass
    return tuple(given)
