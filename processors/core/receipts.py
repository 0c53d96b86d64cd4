"""What was decided before: one entry per accepted event, for duplicates, conflicts and returns.

Kept outside the accounts, and for `HORIZON_DAYS` behind the last closed day only.
"""

from collections.abc import Sequence

from msgspec import Struct

USUAL_CHANNEL = "pos"
"""Nearly every sale's, so that it takes no bytes."""
HORIZON_DAYS = 400
"""How long an event's key and a sale's lines are remembered (`horizon_days`)."""


class Grant(Struct, array_like=True, gc=False):
    """What one promotion gave on a sale: the counter of its lot's id, by line, and taken back.

    Points that belong to no line, such as those of a level reached, are one number.  Of those not
    taken back, `expired` ended unused.
    """

    wallet: str
    lot_no: int
    promotion_id: str
    campaign_id: str
    by_line: Sequence[int]
    reversed_by_line: list[int]
    expired: int = 0

    @property
    def left(self) -> int:
        """How many were not taken back yet."""
        return sum(self.by_line) - sum(self.reversed_by_line)


class Count(Struct, array_like=True, gc=False):
    """How far a sale moved a counter, as far as it was not moved back."""

    counter: str
    period: int
    by: int
    last_day: int


class Issued(Struct, array_like=True, gc=False):
    """A voucher that a sale's promotion gave: the counter of its id, and what it took off so far.

    What a refund was reduced by is no longer in it, so it is negative if that use came back since.
    """

    number: int
    promotion_id: str
    used_minor: int = 0


class Used(Struct, array_like=True, gc=False):
    """A voucher used on a sale: what it took off, whether no use was left, and whence it was."""

    voucher_id: str
    amount_minor: int
    used_up: bool
    voucher: str = ""
    issued_on: int = 0
    promotion_id: str = ""
    campaign_id: str = ""


class Spent(Struct, array_like=True, gc=False):
    """Points that a payment took: the lots in the order they were taken, and how many came back.

    Of a voucher that an exchange made of them: by which event, and how often it is used.
    """

    wallet: str
    amount_minor: int
    lot_ids: Sequence[str]
    points: Sequence[int]
    last_days: Sequence[int]
    earned_on: Sequence[int]
    promotion_ids: Sequence[str]
    restored: int = 0
    event_id: str = ""
    uses: int = 0

    @property
    def left(self) -> int:
        """How many points are still spent."""
        return sum(self.points) - self.restored


class Receipt(Struct, array_like=True, gc=False):
    """One accepted event.  What is empty at its end takes no bytes.

    Attributes:
        digest: SHA-256 of the event's datum.
        source_offset: where it lies in the input.
        programme_version: that decided it; 0 for none.
        account_id: of a sale or a payment; empty for other events, as are the rest.
        line_numbers, quantities_milli, nets_minor: of a sale, by line.
        returned_milli: so far, by line; of a line without quantity 1 once it came back.
        grants: what it earned.
        again: a return needs the sale's event, to judge what is left of it or to find payments.
        channel: of the sale; empty for `USUAL_CHANNEL`, and for what is no purchase.
        levels, held: as in `SaleJudged`; empty where nothing is judged again.
        counts: the counters that it moved.
        issued: vouchers that its promotions gave.
        used: vouchers that were used on it.
        spent: of a payment, or of a voucher under `exchanged_for`: the points.
    """

    digest: bytes
    source_offset: int
    programme_version: int
    account_id: str = ""
    line_numbers: Sequence[int] = ()
    quantities_milli: Sequence[int] = ()
    nets_minor: Sequence[int] = ()
    returned_milli: Sequence[int] = ()
    grants: Sequence[Grant] = ()
    again: bool = False
    channel: str = ""
    levels: Sequence[str] = ()
    held: Sequence[str] = ()
    counts: Sequence[Count] = ()
    issued: Sequence[Issued] = ()
    used: Sequence[Used] = ()
    spent: Spent | None = None

    def granted(self, promotion_id: str, wallet: str) -> list[Grant]:
        """What a promotion gave in a wallet."""
        key = (promotion_id, wallet)
        return [one for one in self.grants if (one.promotion_id, one.wallet) == key]

    def voucher(self, voucher_id: str) -> Issued | None:
        """The entry of a voucher, by its id, that this event's promotions gave."""
        number = voucher_id.rpartition("#")[2]
        return next((one for one in self.issued if str(one.number) == number), None)
