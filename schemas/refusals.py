"""Why an event is refused: one closed list, in order of precedence.

The first reason of this order that applies is the one given.  A refused event changes nothing;
its one ledger record says why.  Names are for ever: they are in the ledger.
"""

from enum import StrEnum


class Refusal(StrEnum):
    """A reason, and the sentence people see beside it (`sentence`)."""

    UNREADABLE = "UNREADABLE"
    UNKNOWN_SCHEMA = "UNKNOWN_SCHEMA"
    INVALID = "INVALID"
    WRONG_PARTITION = "WRONG_PARTITION"
    TOO_OLD = "TOO_OLD"
    AHEAD = "AHEAD"
    CONFLICT = "CONFLICT"
    DUPLICATE = "DUPLICATE"
    ALREADY_ENROLLED = "ALREADY_ENROLLED"
    NOT_ENROLLED = "NOT_ENROLLED"
    MEMBER_CLOSED = "MEMBER_CLOSED"
    MEMBER_BLOCKED = "MEMBER_BLOCKED"
    UNKNOWN_STATUS = "UNKNOWN_STATUS"
    SALE_UNKNOWN = "SALE_UNKNOWN"
    RETURN_EXCEEDS_SALE = "RETURN_EXCEEDS_SALE"
    UNKNOWN_WALLET = "UNKNOWN_WALLET"
    WALLET_CANNOT_PAY = "WALLET_CANNOT_PAY"
    OTHER_CURRENCY = "OTHER_CURRENCY"
    BELOW_MINIMUM = "BELOW_MINIMUM"
    NOT_A_STEP = "NOT_A_STEP"
    AMOUNT_DIFFERS = "AMOUNT_DIFFERS"
    ABOVE_SHARE = "ABOVE_SHARE"
    NO_APPROVER = "NO_APPROVER"
    INSUFFICIENT_POINTS = "INSUFFICIENT_POINTS"
    HOLD_EXISTS = "HOLD_EXISTS"
    HOLD_UNKNOWN = "HOLD_UNKNOWN"
    CAPTURE_EXCEEDS_HOLD = "CAPTURE_EXCEEDS_HOLD"
    REWARD_UNKNOWN = "REWARD_UNKNOWN"
    REWARD_NOT_FOR_MEMBER = "REWARD_NOT_FOR_MEMBER"
    REWARD_NOT_NOW = "REWARD_NOT_NOW"
    LIMIT_REACHED = "LIMIT_REACHED"
    TIER_UNKNOWN = "TIER_UNKNOWN"
    REDEMPTION_UNKNOWN = "REDEMPTION_UNKNOWN"
    VOUCHER_UNKNOWN = "VOUCHER_UNKNOWN"
    VOUCHER_NOT_YET_VALID = "VOUCHER_NOT_YET_VALID"
    VOUCHER_EXPIRED = "VOUCHER_EXPIRED"
    VOUCHER_USED = "VOUCHER_USED"
    VOUCHER_RESERVED = "VOUCHER_RESERVED"
    VOUCHER_NOT_FOR_MEMBER = "VOUCHER_NOT_FOR_MEMBER"
    VOUCHER_NOT_HERE = "VOUCHER_NOT_HERE"
    VOUCHER_BASKET_TOO_SMALL = "VOUCHER_BASKET_TOO_SMALL"
    VOUCHER_NO_ITEMS = "VOUCHER_NO_ITEMS"
    INVALID_PROGRAMME = "INVALID_PROGRAMME"
    VERSION_CONFLICT = "VERSION_CONFLICT"
    DAY_CLOSED = "DAY_CLOSED"
    DAY_SKIPPED = "DAY_SKIPPED"
    TOO_MANY_EFFECTS = "TOO_MANY_EFFECTS"
    TOO_MANY_POINTS = "TOO_MANY_POINTS"

    @property
    def sentence(self) -> str:
        """What happened, in one sentence for people."""
        return _SENTENCES[self]


NOT_OURS: frozenset[Refusal] = frozenset(
    {Refusal.UNREADABLE, Refusal.UNKNOWN_SCHEMA, Refusal.WRONG_PARTITION}
)
"""Reasons that speak of a broken producer; too many of them halt a partition."""

_SENTENCES: dict[Refusal, str] = {
    Refusal.UNREADABLE: "The bytes are not a whole event of the schema they name.",
    Refusal.UNKNOWN_SCHEMA: "The message names a schema that is not an event of this system.",
    Refusal.INVALID: "A field is outside the bounds its schema documents.",
    Refusal.WRONG_PARTITION: "The event lies in a partition that is not its account's.",
    Refusal.TOO_OLD: "The business date is more than 400 days before the last closed day.",
    Refusal.AHEAD: "The business date is more than 35 days after the last closed day.",
    Refusal.CONFLICT: "An event with this id but other content was decided before.",
    Refusal.DUPLICATE: "This event was decided before; nothing is done twice.",
    Refusal.ALREADY_ENROLLED: "The member is enrolled already.",
    Refusal.NOT_ENROLLED: "Nobody has enrolled for this account yet, so it cannot spend.",
    Refusal.MEMBER_CLOSED: "The membership is closed.",
    Refusal.MEMBER_BLOCKED: "The membership is blocked.",
    Refusal.UNKNOWN_STATUS: "The status is none of active, blocked and closed.",
    Refusal.SALE_UNKNOWN: "The account has no such sale, or none of its points wait for an order.",
    Refusal.RETURN_EXCEEDS_SALE: "More would come back than was sold.",
    Refusal.UNKNOWN_WALLET: "The programme in force has no wallet of this name.",
    Refusal.WALLET_CANNOT_PAY: "The programme in force does not let this wallet pay.",
    Refusal.OTHER_CURRENCY: "The programme in force counts in another currency.",
    Refusal.BELOW_MINIMUM: "Fewer points than the least that may be spent at once.",
    Refusal.NOT_A_STEP: "Points are spent in whole steps, and this is not one.",
    Refusal.AMOUNT_DIFFERS: "The amount is not what these points are worth.",
    Refusal.ABOVE_SHARE: "Points may pay only a part of the basket, and this is more.",
    Refusal.NO_APPROVER: "A correction needs a second person who approved it.",
    Refusal.INSUFFICIENT_POINTS: "The account has fewer spendable points than that.",
    Refusal.HOLD_EXISTS: "A hold with this id was placed before.",
    Refusal.HOLD_UNKNOWN: "The account has no open hold with this id.",
    Refusal.CAPTURE_EXCEEDS_HOLD: "More points would be spent than the hold has set aside.",
    Refusal.REWARD_UNKNOWN: "The programme in force has no such reward.",
    Refusal.REWARD_NOT_FOR_MEMBER: "The reward is for other members.",
    Refusal.REWARD_NOT_NOW: "The reward is not to be had today.",
    Refusal.LIMIT_REACHED: "The member has had it as often as allowed.",
    Refusal.TIER_UNKNOWN: "The programme in force has no such ladder or level.",
    Refusal.REDEMPTION_UNKNOWN: "The account has no such redemption that could be undone.",
    Refusal.VOUCHER_UNKNOWN: "The account has no such voucher.",
    Refusal.VOUCHER_NOT_YET_VALID: "The voucher's first day has not come.",
    Refusal.VOUCHER_EXPIRED: "The voucher's last day is over.",
    Refusal.VOUCHER_USED: "The voucher was used before.",
    Refusal.VOUCHER_RESERVED: "The voucher is set aside for another basket that is open.",
    Refusal.VOUCHER_NOT_FOR_MEMBER: "The voucher is for other members.",
    Refusal.VOUCHER_NOT_HERE: "The voucher does not hold in this store, or at this time.",
    Refusal.VOUCHER_BASKET_TOO_SMALL: "The basket is smaller than the voucher asks for.",
    Refusal.VOUCHER_NO_ITEMS: "The basket holds nothing that the voucher is for.",
    Refusal.INVALID_PROGRAMME: "The document is not a valid programme; the old one stays.",
    Refusal.VERSION_CONFLICT: "Another document of this version was activated before.",
    Refusal.DAY_CLOSED: "The business day was closed before.",
    Refusal.DAY_SKIPPED: "The business day before this one is still open.",
    Refusal.TOO_MANY_EFFECTS: "The event would have more than 64 effects.",
    Refusal.TOO_MANY_POINTS: "It would come to more points or money than a ledger should count.",
}
