"""`campaign_members`: who was addressed by a campaign and who redeemed; `campaigns` sums it up.

A member held out as control was not addressed.  Redemptions count whoever made them, with or
without an offer, and whether the voucher belongs to a programme or not, until the sale comes back
and the voucher holds again, or the return gives another one for its use.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from projections.tables.place import Place
from projections.tables.writes import Change, Write, numbers, texts
from schemas.ledger import OfferMade, VoucherIssued, VoucherRedeemed, VoucherRestored

_UPSERT = """
    INSERT INTO campaign_members AS c (
        campaign_id, member_id, offer_count, redemption_count, first_day, last_day
    )
    SELECT u.campaign_id, u.member_id, u.offer_count, u.redemption_count,
        DATE '1970-01-01' + u.first_day, DATE '1970-01-01' + u.last_day
    FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::int[], %s::int[])
        AS u (campaign_id, member_id, offer_count, redemption_count, first_day, last_day)
    ON CONFLICT (campaign_id, member_id) DO UPDATE SET
        offer_count = c.offer_count + excluded.offer_count,
        redemption_count = c.redemption_count + excluded.redemption_count,
        first_day = LEAST(c.first_day, excluded.first_day),
        last_day = GREATEST(c.last_day, excluded.last_day)
"""


class Target(Struct):
    """What a batch says of a campaign and a member."""

    offer_count: int = 0
    redemption_count: int = 0
    first_day: int | None = None
    last_day: int | None = None


Rows = dict[tuple[str, str], Target]
"""(campaign, member) → what the batch says."""


def _offered(rows: Rows, place: Place, effect: OfferMade) -> None:
    target = _target(rows, place, effect.campaign_id)
    target.offer_count += not effect.held_out
    if target.first_day is None or effect.first_day < target.first_day:
        target.first_day = effect.first_day
    if target.last_day is None or effect.last_day > target.last_day:
        target.last_day = effect.last_day


def _redeemed(rows: Rows, place: Place, effect: VoucherRedeemed) -> None:
    if effect.campaign_id:
        _target(rows, place, effect.campaign_id).redemption_count += 1


def _restored(rows: Rows, place: Place, effect: VoucherRestored) -> None:
    if effect.campaign_id:
        _target(rows, place, effect.campaign_id).redemption_count -= 1


def _issued(rows: Rows, place: Place, effect: VoucherIssued) -> None:
    # A return gives none but for a use that came back, which a refund was charged for before.
    if effect.campaign_id and place.record.event_type == "SaleReturned":
        _target(rows, place, effect.campaign_id).redemption_count -= 1


def _target(rows: Rows, place: Place, campaign_id: str) -> Target:
    key = (campaign_id, place.record.member_id or place.record.account_id)
    found = rows.get(key)
    if found is None:
        found = rows[key] = Target()
    return found


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {
    OfferMade: _offered,
    VoucherRedeemed: _redeemed,
    VoucherRestored: _restored,
    VoucherIssued: _issued,
}


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's members of campaigns, in key order."""
    if not rows:
        return
    keys = sorted(rows)
    targets = [rows[key] for key in keys]
    yield Change(
        _UPSERT,
        (
            texts([campaign for campaign, _ in keys]),
            texts([member for _, member in keys]),
            numbers([one.offer_count for one in targets]),
            numbers([one.redemption_count for one in targets]),
            numbers([one.first_day for one in targets]),
            numbers([one.last_day for one in targets]),
        ),
    )
