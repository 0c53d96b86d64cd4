"""The words of a file that asks for a quote: a basket, who buys it, where and when."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from processors.words.calendar import FIRST_YEAR, LAST_YEAR, Date
from processors.words.exact import NotNegative, Percent, Some, Whole

STRICT = ConfigDict(extra="forbid", frozen=True)


def _local_time(text: object) -> datetime:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        raise ValueError(f"{text!r} is not a time such as 2026-03-14T10:00:00") from None
    if at.tzinfo is not None:
        raise ValueError("is the store's own time, without a zone")
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(f"the year is between {FIRST_YEAR} and {LAST_YEAR}")
    return at


def _birthday(text: object) -> int:
    try:
        # A leap year, because 29 February is a birthday too.
        date = datetime.fromisoformat(f"2000-{text}")
    except ValueError:
        raise ValueError(f"{text!r} is not a month and day such as 02-29") from None
    return date.month * 100 + date.day


def _named(voucher: Any) -> Any:
    """A voucher's name alone says it, too.  Any: what a file says is not known yet."""
    return {"voucher": voucher} if isinstance(voucher, str) else voucher


LocalTime = Annotated[
    datetime,
    BeforeValidator(_local_time),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
MonthDay = Annotated[int, BeforeValidator(_birthday)]
Words = Annotated[tuple[str, ...], Field(max_length=32)]
"""As many as the event of a sale has room for."""


class HeldVoucher(BaseModel):
    """A voucher that the member holds."""

    model_config = STRICT

    voucher: str
    """Its definition in the programme."""
    id: str = ""
    """Its own id; its definition and its place in the list, if not said."""
    issued_on: Date | None = None
    """The day before the sale, if not said."""
    first_day: Date | None = None
    last_day: Date | None = None
    """By the programme, if not said."""
    amount: NotNegative | None = None
    """Of a stored value: what is left on it."""
    uses: Some | None = None
    """How often it can still be used."""


class Member(BaseModel):
    """Who buys."""

    model_config = STRICT

    id: str = "member"
    enrolled_on: Date | None = None
    """The day of the sale, if not said."""
    birthday: MonthDay | None = None
    """Month and day, such as 02-29."""
    labels: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    tiers: dict[str, str] = {}
    """Ladder → level; the lowest, if not said."""
    points: dict[str, Whole] = {}
    """Wallet → what can be spent."""
    sales: dict[str, Whole] = {}
    """Channel → how many sales there were before."""
    vouchers: tuple[Annotated[HeldVoucher, BeforeValidator(_named)], ...] = ()


class Article(BaseModel):
    """One line of the basket."""

    model_config = STRICT

    sku: str
    gross: NotNegative
    """What all units of it cost on the shelf."""
    quantity: NotNegative = Field(default="1", validate_default=True)
    """Units, or what the scales say: 0.750."""
    department: str = ""
    category: str = ""
    brand: str = ""
    supplier: str = ""
    labels: Words = ()
    flags: Words = ()
    tax_rate: Percent = Field(default="0", validate_default=True)
    discount: NotNegative = Field(default="0", validate_default=True)
    """What the till takes off by itself, before any promotion."""


class BasketFile(BaseModel):
    """The whole file."""

    model_config = STRICT

    programme: str
    """The programme's file, as seen from this one."""
    at: LocalTime
    """The store's own time."""
    business_date: Date | None = None
    """The trading day; the date of `at`, if not said."""
    store: str = ""
    till: str = ""
    channel: str = "pos"
    member: Member | None = None
    """Nobody showed a card, if not said."""
    vouchers: Words = ()
    """Those presented, by id or by definition."""
    coupons: Annotated[tuple[str, ...], Field(max_length=64)] = ()
    lines: Annotated[tuple[Article, ...], Field(max_length=500)] = ()
