"""Joining, changing, being addressed by a campaign, and presenting what it gave."""

from typing import Final

from processors.core.draft import Draft, repay_all
from processors.core.exchange import Issuer, convert, redeem, terms_of, usable
from processors.core.giving import give_for, issue
from processors.core.programme import Programme
from schemas import events, ledger
from schemas.refusals import Refusal

NO_CURRENCY: Final = "XXX"
"""ISO 4217 for none: nobody said what a voucher took off."""
STATUSES: Final = ("active", "blocked", "closed")


def enrol(
    draft: Draft, event: events.MemberEnrolled, programme: Programme | None
) -> Refusal | None:
    """The account gets its member, and what is given for joining; sales before it stay earned."""
    if draft.account.status:
        return Refusal.ALREADY_ENROLLED
    draft.add(
        ledger.MemberEnrolled(
            event.header.member_id,
            event.home_store_id or event.header.store_id,
            event.campaign_id,
            event.language,
            event.birthday_month,
            event.birthday_day,
        )
    )
    if programme is None:
        return None
    give_for(draft, programme, event.header, programme.triggered["enrolment"])
    if any(isinstance(effect, ledger.PointsEarned) for effect in draft.effects):
        repay_all(draft)
        convert(draft, programme, event.header)
    return None


def change(draft: Draft, event: events.MemberChanged) -> Refusal | None:
    """Something about the member changes."""
    if not draft.account.status:
        return Refusal.NOT_ENROLLED
    if draft.account.status == "closed":
        return Refusal.MEMBER_CLOSED
    if event.status and event.status not in STATUSES:
        return Refusal.UNKNOWN_STATUS
    draft.add(
        ledger.MemberChanged(
            event.status,
            event.home_store_id,
            event.language,
            event.birthday_month,
            event.birthday_day,
        )
    )
    return None


def make_offer(
    draft: Draft, event: events.OfferMade, programme: Programme | None
) -> Refusal | None:
    """A campaign addresses the account; a voucher of the programme is issued with its dates."""
    if not draft.account.status:
        return Refusal.NOT_ENROLLED
    if draft.account.status == "closed":
        return Refusal.MEMBER_CLOSED
    if event.voucher and (programme is None or event.voucher not in programme.vouchers):
        return Refusal.VOUCHER_UNKNOWN
    draft.add(
        ledger.OfferMade(
            event.campaign_id,
            event.voucher,
            event.first_day,
            event.last_day,
            event.uses,
            event.held_out,
        )
    )
    if event.voucher and programme is not None and not event.held_out:
        term = (event.first_day, event.last_day)
        issue(draft, programme, event.voucher, term, campaign_id=event.campaign_id, uses=event.uses)
    return None


def present(draft: Draft, event: events.VoucherPresented, issuer: Issuer) -> Refusal | None:
    """A voucher of the account, or a coupon of an offer that names no programme of ours."""
    refusal = may_spend(draft)
    if refusal is not None:
        return refusal
    if not event.campaign_id:
        found = usable(draft, event.voucher_id)
        if not isinstance(found, Refusal) and event.currency not in (found.currency, NO_CURRENCY):
            return Refusal.OTHER_CURRENCY
        terms = None if isinstance(found, Refusal) else terms_of(draft, found, issuer)
        return redeem(draft, event.voucher_id, event.sale_id, event.amount_minor or None, terms)
    day = draft.business_date
    offers = [
        one
        for one in draft.account.offers
        if one.campaign_id == event.campaign_id and not one.held_out
    ]
    if not offers:
        return Refusal.VOUCHER_UNKNOWN
    if all(day < one.first_day for one in offers):
        return Refusal.VOUCHER_NOT_YET_VALID
    if not any(one.first_day <= day <= one.last_day for one in offers):
        return Refusal.VOUCHER_EXPIRED
    draft.add(
        ledger.VoucherRedeemed(
            event.voucher_id,
            "",
            "",
            event.campaign_id,
            0,
            event.sale_id,
            event.amount_minor,
            event.currency,
            False,
        )
    )
    return None


def may_spend(draft: Draft) -> Refusal | None:
    """Who has not joined, has left, or is blocked does not spend."""
    match draft.account.status:
        case "":
            return Refusal.NOT_ENROLLED
        case "closed":
            return Refusal.MEMBER_CLOSED
        case "blocked":
            return Refusal.MEMBER_BLOCKED
    return None
