"""One account: only what is open.  Lots, what is owed, vouchers, offers, holds, counts, standing.

Kept as packed bytes between events (`processors.core.packing`).
"""

from typing import Final, final

from mypy_extensions import mypyc_attr

from processors.core.lot import Lot, read_lots
from processors.core.voucher import Voucher, read_vouchers
from schemas.ledger import NEVER
from schemas.wire.source import Source


@mypyc_attr(acyclic=True)
@final
class Wallet:
    """What an account has in one kind of points; nothing, when it is made.

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

    __slots__ = (
        "first_end", "held", "last_earned", "latest", "left", "matures_on", "owed", "sealed",
        "sealed_count",
    )  # fmt: skip

    def __init__(self) -> None:
        self.sealed = b""
        self.sealed_count = 0
        self.latest: list[Lot] = []
        self.owed = 0
        self.held = 0
        self.left = 0
        self.first_end = NEVER
        self.last_earned = 0
        self.matures_on = NEVER

    @property
    def lots(self) -> list[Lot]:
        """All open lots in consumption order: earliest last day, then earliest earned."""
        if self.sealed_count:
            self.latest = read_lots(Source(self.sealed, 0), self.sealed_count) + self.latest
            self.sealed, self.sealed_count = b"", 0
        return self.latest


@mypyc_attr(acyclic=True)
@final
class Offer:
    """An offer of no programme of ours: its coupons are presented by number."""

    __slots__ = ("campaign_id", "first_day", "held_out", "last_day")

    def __init__(self, campaign_id: str, first_day: int, last_day: int, held_out: bool) -> None:
        self.campaign_id: Final = campaign_id
        self.first_day: Final = first_day
        self.last_day: Final = last_day
        self.held_out: Final = held_out


@mypyc_attr(acyclic=True)
@final
class Hold:
    """Points set aside for a till on a business date; parts of lots as they were taken."""

    __slots__ = ("expires_at", "lots", "placed_on", "wallet")

    def __init__(self, wallet: str, expires_at: int, lots: list[Lot], placed_on: int) -> None:
        self.wallet: Final = wallet
        self.expires_at: Final = expires_at
        self.lots: Final = lots
        self.placed_on: Final = placed_on

    @property
    def points(self) -> int:
        """How many it holds."""
        return sum([lot.left for lot in self.lots])


@mypyc_attr(acyclic=True)
@final
class Reserved:
    """A voucher, or one of its uses, set aside for a basket; see the effect `VoucherReserved`."""

    __slots__ = (
        "campaign_id", "expires_at", "order_id", "placed_on", "promotion_id", "store_id",
        "till_id", "voucher", "voucher_id",
    )  # fmt: skip

    def __init__(
        self,
        voucher_id: str,
        voucher: str,
        promotion_id: str,
        campaign_id: str,
        store_id: str,
        till_id: str,
        order_id: str,
        expires_at: int,
        placed_on: int,
    ) -> None:
        self.voucher_id: Final = voucher_id
        self.voucher: Final = voucher
        self.promotion_id: Final = promotion_id
        self.campaign_id: Final = campaign_id
        self.store_id: Final = store_id
        self.till_id: Final = till_id
        self.order_id: Final = order_id
        self.expires_at: Final = expires_at
        self.placed_on: Final = placed_on


@mypyc_attr(acyclic=True)
@final
class Standing:
    """A level on a ladder: which, since when, kept until when, set by a person, kept in grace."""

    __slots__ = ("grace", "last_day", "level", "locked", "since")

    def __init__(
        self, level: str, since: int, last_day: int, locked: bool, grace: bool = False
    ) -> None:
        self.level: Final = level
        self.since: Final = since
        self.last_day: Final = last_day
        self.locked: Final = locked
        self.grace: Final = grace


@mypyc_attr(acyclic=True)
@final
class Account:
    """Everything open of one account; nothing, when it is made.

    Most sales use no voucher, so all vouchers are sealed between events and unpacked when somebody
    asks for them.

    Attributes:
        due_on: the first business date whose close changes it, NEVER for none; worked out when
            the account is packed.
        status: empty before enrolment, then active, blocked or closed.
        enrolled_on: the business date, 0 before.
        wallets: by name; one without lots and debt is not kept.
        sealed_vouchers, vouchers_due: all vouchers, packed, and the first last day of one that can
            still be used; empty and not valid once somebody has asked for them.
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

    __slots__ = (
        "_vouchers",
        "birthday",
        "counts",
        "due_on",
        "enrolled_on",
        "forget_from",
        "holds",
        "labels",
        "merge_from",
        "offers",
        "reserved",
        "sales",
        "sealed_vouchers",
        "segments",
        "status",
        "tiers",
        "vouchers_due",
        "wallets",
    )  # fmt: skip

    def __init__(self) -> None:
        self.due_on = NEVER
        self.status = ""
        self.enrolled_on = 0
        self.wallets: dict[str, Wallet] = {}
        self.sealed_vouchers = b""
        self.vouchers_due = NEVER
        self._vouchers: list[Voucher] = []
        self.offers: list[Offer] = []
        self.birthday = 0
        self.sales: dict[str, int] = {}
        self.labels: list[str] = []
        self.segments: list[str] = []
        self.counts: dict[str, tuple[int, int]] = {}
        self.tiers: dict[str, Standing] = {}
        self.holds: dict[str, Hold] = {}
        self.merge_from = 0
        self.forget_from = NEVER
        self.reserved: dict[str, Reserved] = {}

    @property
    def vouchers(self) -> list[Voucher]:
        """All vouchers, in order of issue."""
        if self.sealed_vouchers:
            self._vouchers = read_vouchers(self.sealed_vouchers)
            self.sealed_vouchers = b""
        return self._vouchers

    @vouchers.setter
    def vouchers(self, vouchers: list[Voucher]) -> None:
        self._vouchers = vouchers
        self.sealed_vouchers = b""
