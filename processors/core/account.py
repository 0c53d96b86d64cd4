"""One account: only what is open.  Lots, what is owed, vouchers, offers, holds, counts, standing.

Kept as packed bytes between events (`processors.core.packing`).
"""

from msgspec import Struct, field, msgpack

from processors.core.sealing import list_of
from schemas.ledger import NEVER


class Lot(Struct, array_like=True, gc=False):
    """Points earned together.

    Attributes:
        lot_id: the earning event's id, `#` and a counter.
        left: how many are left, positive.
        spendable_on, last_day: as in the effect that made it.
        earned_on: its business date.
        promotion_id: what gave it; empty for a correction.
        pending: not yet spendable.
    """

    lot_id: str
    left: int
    spendable_on: int
    last_day: int
    earned_on: int
    promotion_id: str
    pending: bool


_LOTS = msgpack.Decoder(list[Lot])


class Wallet(Struct, array_like=True, gc=False):
    """What an account has in one kind of points.

    An account has dozens of lots, and almost every sale only adds one.  So all but the last are
    sealed between events and unpacked when somebody asks for `lots`; what every record asks of
    them is kept beside them (`processors.core.lots`).

    Attributes:
        sealed, sealed_count: the first lots, packed one behind the other, and how many they are.
        latest: those behind them; all, where none are sealed.
        owed, held: points.
        left: points in all lots; 0 if there are none.
        first_end: the first last day of a lot; NEVER if there are none.
        last_earned: the last business date on which one was earned; 0 if there are none.
        matures_on: the first day on which one that waits may be spent; NEVER if none waits.
    """

    sealed: bytes = b""
    sealed_count: int = 0
    latest: list[Lot] = field(default_factory=list)
    owed: int = 0
    held: int = 0
    left: int = 0
    first_end: int = NEVER
    last_earned: int = 0
    matures_on: int = NEVER

    @property
    def lots(self) -> list[Lot]:
        """All open lots in consumption order: earliest last day, then earliest earned."""
        if self.sealed_count:
            sealed = _LOTS.decode(list_of(self.sealed, self.sealed_count))
            self.latest = sealed + self.latest
            self.sealed, self.sealed_count = b"", 0
        return self.latest


class Voucher(Struct, array_like=True, gc=False):
    """A voucher not yet expired.  uses_left 0: used up, kept until its last day to say so."""

    voucher_id: str
    voucher: str
    promotion_id: str
    campaign_id: str
    issued_on: int
    first_day: int
    last_day: int
    amount_minor: int
    currency: str
    uses_left: int


class Offer(Struct, array_like=True, gc=False):
    """An offer of no programme of ours: its coupons are presented by number."""

    campaign_id: str
    first_day: int
    last_day: int
    held_out: bool


class Hold(Struct, array_like=True, gc=False):
    """Points set aside for a till on a business date; parts of lots as they were taken."""

    wallet: str
    expires_at: int
    lots: list[Lot]
    placed_on: int = 0

    @property
    def points(self) -> int:
        """How many it holds."""
        return sum([lot.left for lot in self.lots])


class Reserved(Struct, array_like=True, gc=False):
    """A voucher, or one of its uses, set aside for a basket; see the effect `VoucherReserved`."""

    voucher_id: str
    voucher: str
    promotion_id: str
    campaign_id: str
    store_id: str
    till_id: str
    order_id: str
    expires_at: int
    placed_on: int = 0


class Standing(Struct, array_like=True, gc=False):
    """A level on a ladder: which, since when, kept until when, set by a person, kept in grace."""

    level: str
    since: int
    last_day: int
    locked: bool
    grace: bool = False


class Due(Struct, array_like=True, gc=False):
    """The first field of an account, which can be read without the others."""

    due_on: int


class Account(Struct, array_like=True, gc=False):
    """Everything open of one account.

    Attributes:
        due_on: the first business date whose close changes it, NEVER for none; worked out when
            the account is packed.
        status: empty before enrolment, then active, blocked or closed.
        enrolled_on: the business date, 0 before.
        wallets: by name; one without lots and debt is not kept.
        vouchers: in order of issue.
        offers: in order of making.
        birthday: month and day as 229 for 29 February; 0 if not told.
        sales: how many sales were recorded, by channel.
        labels, segments: those that hold, sorted.
        counts: counter and period, as `big-shop#times/day@20544` → how often, and the last day
            of the period.
        tiers: ladder → level; the lowest is not kept.
        holds: by id.
        merge_from: the first business date on which an event of the account merges old lots.
        forget_from: the first business date on which an event of the account drops what is over.
        reserved: vouchers set aside for open baskets, by the id of the hold.
    """

    due_on: int = NEVER
    status: str = ""
    enrolled_on: int = 0
    wallets: dict[str, Wallet] = field(default_factory=dict)
    vouchers: list[Voucher] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    birthday: int = 0
    sales: dict[str, int] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    segments: list[str] = field(default_factory=list)
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    tiers: dict[str, Standing] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    merge_from: int = 0
    forget_from: int = NEVER
    reserved: dict[str, Reserved] = field(default_factory=dict)
