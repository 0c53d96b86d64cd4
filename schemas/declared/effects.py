"""Effects beside what is earned and used: levels, counts, labels, holds, rewards, control.

They are members of the one union `schemas.ledger.Effect`, behind those that it had first.
"""

from msgspec import Struct


class Taken(Struct, frozen=True, gc=False):
    """Points of several lots, as parallel lists in the order they were taken.

    Attributes:
        lot_ids: the lots.
        points: how many of each, positive.
        last_days: each lot's last valid day, NEVER for none.
        earned_on: each lot's business date.
        promotion_ids: the promotion that gave each lot; empty for an adjustment.
    """

    lot_ids: tuple[str, ...]
    points: tuple[int, ...]
    last_days: tuple[int, ...]
    earned_on: tuple[int, ...]
    promotion_ids: tuple[str, ...]


class PointsRestored(Struct, frozen=True, gc=False):
    """A payment or exchange is undone.  Moves spent → available, into the lots it came from.

    Attributes:
        taken: the lots and how much each gets back, with the terms they had; but with the last
            day that is right now, if the wallet was kept alive meanwhile.
        original_event: the redemption or sale that had spent them.
    """

    wallet: str
    points: int
    taken: Taken
    original_event: str


class PointsWrittenOff(Struct, frozen=True, gc=False):
    """A return took more than was there, and the programme does not ask for the rest.

    Adds to adjusted and to reversed, so that the sum is even and the cost is seen.

    Attributes:
        policy: write_off, only_pending or charge_refund; expired for points that had ended unused.
        charge_minor: what the cash refund is to be reduced by; 0 unless charge_refund.
    """

    wallet: str
    points: int
    promotion_id: str
    original_sale: str
    policy: str
    charge_minor: int
    currency: str


class PointsExtended(Struct, frozen=True, gc=False):
    """The wallet was kept alive: every open lot, a held one too, now ends on this day.

    Moves nothing.
    """

    wallet: str
    last_day: int


class HoldPlaced(Struct, frozen=True, gc=False):
    """Points are set aside for a till.  Moves available → held.

    Attributes:
        hold_id: as the till chose it.
        expires_at: UTC milliseconds; an event of the account at or after it ends the hold.
    """

    hold_id: str
    wallet: str
    points: int
    taken: Taken
    expires_at: int


class HoldEnded(Struct, frozen=True, gc=False):
    """A hold is captured, voided or over.  Moves held → spent, and the rest back to available.

    Attributes:
        outcome: captured, voided or expired.
        points: captured; 0 for the others.
        released: given back to the lots.
        taken: the lots that were captured, with the terms they have; empty for the others.
        amount_minor, currency: what the captured points paid.
    """

    hold_id: str
    wallet: str
    outcome: str
    points: int
    released: int
    taken: Taken
    amount_minor: int
    currency: str


class Counted(Struct, frozen=True, gc=False):
    """A count of the account moves: uses of a limit, qualifying sales, weeks of a streak.

    Attributes:
        counter: the promotion, perk or voucher that counts, with what it counts behind `#`.
        period: the first day of the period counted in; 0 for one without end.
        by: how much, signed.
        last_day: the count may be forgotten when this day is closed.
    """

    counter: str
    period: int
    by: int
    last_day: int


class TierChanged(Struct, frozen=True, gc=False):
    """The account's level on a ladder.

    Attributes:
        from_level, to_level: level ids; equal when only the term changes.
        since: the business date it holds from.
        last_day: the last day it is kept without being earned again; NEVER for life.
        reason: reached, returned, review, manual.
        measured: what the ladder counted then.
        locked: set by a person; no rule moves it before its last day.
    """

    ladder: str
    from_level: str
    to_level: str
    since: int
    last_day: int
    reason: str
    measured: int
    locked: bool


class VoucherCancelled(Struct, frozen=True, gc=False):
    """An unused voucher is taken back: the sale that earned it came back, or a person said so."""

    voucher_id: str
    voucher: str
    promotion_id: str
    campaign_id: str
    issued_on: int
    reason: str


class VoucherRestored(Struct, frozen=True, gc=False):
    """A used voucher holds again: the sale it was used on came back.

    Attributes:
        first_day, last_day: its term now.
        amount_minor, currency: what it takes off.
        uses: how many uses it has again.
        was_used_up: no use had been left, so that it counts as redeemed no longer.
        sale_id: the sale it had been used on.
    """

    voucher_id: str
    voucher: str
    promotion_id: str
    campaign_id: str
    issued_on: int
    first_day: int
    last_day: int
    amount_minor: int
    currency: str
    uses: int
    was_used_up: bool
    sale_id: str


class RewardGiven(Struct, frozen=True, gc=False):
    """Something that is neither points nor a voucher: a gift, a gift card, a donation, a perk.

    Attributes:
        reward_id: of the catalogue; empty if a promotion gives it.
        promotion_id: what gives it; empty if it was taken from the catalogue.
        kind: gift, gift_card, donation, perk, delivery.
        item: the sku, the beneficiary or the perk.
        quantity: how many.
        amount_minor, currency: its money value; 0 for none.
    """

    reward_id: str
    promotion_id: str
    campaign_id: str
    kind: str
    item: str
    quantity: int
    amount_minor: int
    currency: str


class MemberLabelled(Struct, frozen=True, gc=False):
    """A label is on or off."""

    label: str
    on: bool
    by: str


class SegmentMoved(Struct, frozen=True, gc=False):
    """The account is in a segment from now on, or no longer."""

    segment: str
    entered: bool
    definition_hash: str


class WithheldFromControl(Struct, frozen=True, gc=False):
    """The account is control of a campaign: what a promotion would have given, and did not.

    Attributes:
        wallet, points: points it would have given; empty and 0 for none.
        given: vouchers, gifts and perks it would have given, by name.
        amount_minor: what it would have taken off.
    """

    promotion_id: str
    campaign_id: str
    wallet: str
    points: int
    given: tuple[str, ...]
    amount_minor: int


class QuoteDiffered(Struct, frozen=True, gc=False):
    """A sale bought by a quote took off something else than the rules give; it stands as it was.

    Attributes:
        source_id: the promotion or voucher.
        quoted_minor, taken_minor: what the rules give, and what the receipt says.
    """

    quote_id: str
    source_id: str
    quoted_minor: int
    taken_minor: int


class SaleJudged(Struct, frozen=True, gc=False):
    """What of the member's own standing counted for a sale, kept so that a return judges alike.

    Attributes:
        held: promotions with conditions on the member that held.
        levels: ladder and level, in turns.
    """

    held: tuple[str, ...]
    levels: tuple[str, ...]


class PromotionStopped(Struct, frozen=True, gc=False):
    """A promotion gives nothing more from here on, in this partition as in all."""

    promotion_id: str
    because: str


class RefundReduced(Struct, frozen=True, gc=False):
    """The cash refund of a return is to be smaller: what the sale gave was used.

    Moves nothing: the points that a refund is charged for are in PointsWrittenOff.

    Attributes:
        original_sale: the sale that gave it.
        source_id: the voucher that was used.
        amount_minor, currency: by how much.
        why: voucher_used.
    """

    original_sale: str
    source_id: str
    amount_minor: int
    currency: str
    why: str


class LotsMerged(Struct, frozen=True, gc=False):
    """Lots that no return can name any more become one, under the first one's id and terms.

    Moves nothing.  Parts of them that are held stay as they are.

    Attributes:
        taken: the lots, at least two, and all that is in each; equal in last day, promotion and
            month.
    """

    wallet: str
    taken: Taken


class VoucherReserved(Struct, frozen=True, gc=False):
    """A voucher, or one of its uses, is set aside for a basket.

    Attributes:
        hold_id: as the till chose it.
        order_id: whose sale may use it; if empty, a sale at this till of this store may.
        expires_at: UTC milliseconds; an event of the account at or after it ends the reservation.
    """

    hold_id: str
    voucher_id: str
    voucher: str
    promotion_id: str
    campaign_id: str
    store_id: str
    till_id: str
    order_id: str
    expires_at: int


class VoucherReleased(Struct, frozen=True, gc=False):
    """A reservation is over: used, voided or expired."""

    hold_id: str
    voucher_id: str
    voucher: str
    promotion_id: str
    campaign_id: str
    outcome: str
