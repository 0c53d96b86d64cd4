"""Points that become vouchers by themselves, and vouchers that are issued and redeemed."""

from processors.core.account import Voucher as OpenVoucher
from processors.core.draft import Draft, spendable, taken_from
from processors.core.programme import Convert, Programme
from schemas import ledger
from schemas.events import Header
from schemas.refusals import Refusal

CONVERSIONS_MAX = 30
"""Most vouchers that one record makes; what is left converts with the account's next record."""


def convert(draft: Draft, programme: Programme, header: Header) -> None:
    """Exchange what suffices, as often as it goes, in the order of the document."""
    for one in programme.converts:
        if one.exchange.wallet in draft.account.wallets and (
            one.holds is None or one.holds(header)
        ):
            _exchange(draft, programme, one)


def _exchange(draft: Draft, programme: Programme, one: Convert) -> None:
    name, take = one.exchange.wallet, one.exchange.take
    wallet = draft.account.wallets[name]
    if wallet.outstanding < take:
        return
    lots = spendable(wallet, draft.business_date)
    times = min(sum([lot.left for lot in lots]) // take, CONVERSIONS_MAX)
    if not times:
        return
    head = one.promotion.head
    voucher = programme.vouchers[one.exchange.voucher]
    draft.touch(name)
    draft.add(
        ledger.PointsSpent(
            name,
            times * take,
            taken_from(lots, times * take),
            "convert",
            head.id,
            head.campaign,
            times * voucher.amount_minor,
            programme.currency,
        )
    )
    for _ in range(times):
        issue(draft, programme, voucher.name, head.id, head.campaign, head.funded_by)


def issue(
    draft: Draft,
    programme: Programme,
    name: str,
    promotion_id: str,
    campaign_id: str,
    funded_by: str = "",
    uses: int = 1,
) -> None:
    """A voucher for the account, valid from the day of issue or the next."""
    voucher = programme.vouchers[name]
    draft.add(
        ledger.VoucherIssued(
            draft.next_id(),
            name,
            promotion_id,
            campaign_id,
            funded_by,
            draft.business_date + voucher.starts_after_days,
            draft.business_date + voucher.days,
            voucher.amount_minor,
            programme.currency,
            uses,
        )
    )


def redeem(draft: Draft, reference: str, sale_id: str, amount_minor: int) -> Refusal | None:
    """Use a voucher, named by its id or its definition, on the draft's business date.

    Of several of one definition that hold, the one that ends first is used.
    """
    named = [one for one in draft.account.vouchers if reference in (one.voucher_id, one.voucher)]
    found = min(
        (one for one in named if _refusal(one, draft.business_date) is None),
        key=lambda one: one.last_day,
        default=None,
    )
    if found is None:
        refusals = [_refusal(one, draft.business_date) for one in named]
        return next((one for one in refusals if one is not None), Refusal.VOUCHER_UNKNOWN)
    draft.add(
        ledger.VoucherRedeemed(
            found.voucher_id,
            found.voucher,
            found.promotion_id,
            found.campaign_id,
            found.issued_on,
            sale_id,
            amount_minor or found.amount_minor,
            found.currency,
            found.uses_left == 1,
        )
    )
    return None


def _refusal(voucher: OpenVoucher, business_date: int) -> Refusal | None:
    if business_date < voucher.first_day:
        return Refusal.VOUCHER_NOT_YET_VALID
    if business_date > voucher.last_day:
        return Refusal.VOUCHER_EXPIRED
    if not voucher.uses_left:
        return Refusal.VOUCHER_USED
    return None
