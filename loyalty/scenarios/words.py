"""The words of the events of a scenario, as people write them.

Money is in units of the currency, quantities in units of the article, times are local.  What an
event does not say is empty, or what the scenario came to before.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct, field

LocalTime = Annotated[dt.datetime, Meta(tz=False)]
Birthday = Annotated[str, Meta(pattern=r"^(\d\d-\d\d)?$")]
"""A month and a day: 02-29."""
Rate = Annotated[str, Meta(pattern=r"^\d{1,3}(\.\d{1,4})?%$")]
"""A tax rate: 20%, 5.5%."""
Names = tuple[str, ...]


class Where(Struct, frozen=True, forbid_unknown_fields=True):
    """What every event may say: when and where it happens, and the name of its result.

    Attributes:
        id: the scenario's own name for it.
        at: on the store's clock; the time of what went before if not said.
        business_date: the trading day; the date of `at` if not said.
        store, till, channel, currency, zone: as in the file's `defaults` if not said.
        actor: cashier, agent, customer or system.
    """

    id: str = ""
    at: LocalTime | None = None
    business_date: dt.date | None = None
    store: str = ""
    till: str = ""
    channel: str = ""
    currency: str = ""
    zone: str = ""
    actor: str = ""


class Discount(Struct, frozen=True, forbid_unknown_fields=True):
    """What was taken off a line: by a promotion, a voucher, or a `source` such as staff."""

    amount: Decimal
    promotion: str = ""
    voucher: str = ""
    source: str = ""
    source_id: str = ""
    funded_by: str = ""


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a receipt; `gross` is before its discounts, `net` after them."""

    sku: str
    net: Decimal | None = None
    gross: Decimal | None = None
    quantity: Decimal = Decimal(1)
    line_no: int = 0
    department: str = ""
    category: str = ""
    brand: str = ""
    supplier: str = ""
    labels: Names = ()
    flags: Names = ()
    tax_rate: Rate = "0%"
    discounts: tuple[Discount, ...] = ()


class Tender(Struct, frozen=True, forbid_unknown_fields=True):
    """One way of paying; `reference` is a voucher or the name of a redemption."""

    kind: str
    amount: Decimal
    reference: str = ""


class Consent(Struct, frozen=True, forbid_unknown_fields=True):
    """One yes or no."""

    purpose: str
    channel: str
    given: bool = True


class Enrol(Struct, frozen=True, forbid_unknown_fields=True):
    """A member joins."""

    member: str
    birthday: Birthday = ""
    home_store: str = ""
    campaign: str = ""
    referred_by: str = ""
    language: str = ""
    consents: tuple[Consent, ...] = ()
    terms: str = ""
    cashier: str = ""


class Change(Struct, frozen=True, forbid_unknown_fields=True):
    """Something about a member changes."""

    member: str
    status: str = ""
    birthday: Birthday = ""
    home_store: str = ""
    language: str = ""
    consents: tuple[Consent, ...] = ()
    reason: str = ""


class Sale(Struct, frozen=True, forbid_unknown_fields=True):
    """A receipt: its lines, or the quote it follows; paid by card if not said otherwise."""

    member: str = ""
    lines: tuple[Line, ...] = ()
    tenders: tuple[Tender, ...] | None = None
    vouchers: Names = ()
    coupons: Names = ()
    quote: str = ""
    order: str = ""
    cashier: str = ""


class Quote(Struct, frozen=True, forbid_unknown_fields=True):
    """A basket that a till asks about before it is paid, and the language of its customer."""

    lines: tuple[Line, ...]
    member: str = ""
    vouchers: Names = ()
    coupons: Names = ()
    order: str = ""
    language: str = ""


class ReturnedLine(Struct, frozen=True, forbid_unknown_fields=True):
    """One line that comes back: its number on the sale; of an unlinked return, its article."""

    line: int = 0
    quantity: Decimal | None = None
    sku: str = ""
    net: Decimal | None = None


class Return(Struct, frozen=True, forbid_unknown_fields=True):
    """Goods brought back: of a sale all that is left of it, if no lines are said."""

    sale: str = ""
    member: str = ""
    lines: tuple[ReturnedLine, ...] | None = None
    refunds: tuple[Tender, ...] = ()
    exchange: str = ""


class Redeem(Struct, frozen=True, forbid_unknown_fields=True):
    """Points as payment, or for a reward of the catalogue.

    Attributes:
        wallet: the only one that pays, if not said.
        points, amount: what is spent, and what the till takes off; the wallet's value if not said.
        eligible: the part of the basket that points may pay.
        reward, quantity: what is taken from the catalogue, and how many.
    """

    member: str
    wallet: str = ""
    points: int = 0
    amount: Decimal | None = None
    eligible: Decimal = Decimal(0)
    reward: str = ""
    quantity: int = 1


class Unredeem(Struct, frozen=True, forbid_unknown_fields=True):
    """A redemption is undone."""

    redemption: str
    member: str = ""
    reason: str = ""


class Adjust(Struct, frozen=True, forbid_unknown_fields=True):
    """A person's correction; without a second person who approved it, it is refused."""

    member: str
    points: int
    wallet: str = ""
    reason: str = ""
    approved_by: str = ""


class Hold(Struct, frozen=True, forbid_unknown_fields=True):
    """A till sets points aside."""

    member: str
    points: int
    wallet: str = ""
    for_minutes: int = 30


class Reserve(Struct, frozen=True, forbid_unknown_fields=True):
    """A till sets a voucher aside, for its own basket or for that of an order."""

    member: str
    voucher: str
    order: str = ""
    for_minutes: int = 30


class Capture(Struct, frozen=True, forbid_unknown_fields=True):
    """A hold is spent: all of it, at the wallet's value, if not said otherwise."""

    hold: str
    member: str = ""
    points: int = 0
    amount: Decimal | None = None


class Void(Struct, frozen=True, forbid_unknown_fields=True):
    """A hold is given up."""

    hold: str
    member: str = ""


class Label(Struct, frozen=True, forbid_unknown_fields=True):
    """A label is put on a member, or taken off."""

    member: str
    label: str
    on: bool = True
    by: str = ""


class Offer(Struct, frozen=True, forbid_unknown_fields=True):
    """A campaign addresses a member, or holds the member out as control."""

    member: str
    campaign: str
    first_day: dt.date
    last_day: dt.date
    voucher: str = ""
    uses: int = 1
    held_out: bool = False


class Present(Struct, frozen=True, forbid_unknown_fields=True):
    """A voucher, or a coupon of a campaign, is used apart from a sale that lists it."""

    member: str
    voucher: str = ""
    coupon: str = ""
    campaign: str = ""
    sale: str = ""
    amount: Decimal = Decimal(0)


class Cancel(Struct, frozen=True, forbid_unknown_fields=True):
    """A person takes a voucher back: the first one of that name that holds, or one by its id."""

    member: str
    voucher: str
    reason: str = ""


class Activity(Struct, frozen=True, forbid_unknown_fields=True):
    """A member does something that is no purchase."""

    member: str
    activity: str
    reference: str = ""


class Segment(Struct, frozen=True, forbid_unknown_fields=True):
    """A member enters or leaves a segment."""

    member: str
    segment: str


class Assign(Struct, frozen=True, forbid_unknown_fields=True):
    """A person puts a member on a level."""

    member: str
    ladder: str
    level: str
    last_day: dt.date | None = None
    reason: str = ""
    approved_by: str = "supervisor"


class Card(Struct, frozen=True, forbid_unknown_fields=True):
    """A card is a member's from now on; replaces: the one it stands in for."""

    member: str
    card: str
    replaces: str = ""


class BlockCard(Struct, frozen=True, forbid_unknown_fields=True):
    """A card counts no more."""

    member: str
    card: str
    reason: str = ""


class Erase(Struct, frozen=True, forbid_unknown_fields=True):
    """A person is forgotten."""

    member: str
    reason: str = ""


class Fulfil(Struct, frozen=True, forbid_unknown_fields=True):
    """The order of a sale reached its buyer."""

    sale: str
    member: str = ""


class Stop(Struct, frozen=True, forbid_unknown_fields=True):
    """A promotion gives nothing more."""

    promotion: str
    because: str


class Activate(Struct, frozen=True, forbid_unknown_fields=True):
    """A programme comes into force, from the day of what went before if not said."""

    file: str
    first_day: dt.date | None = field(name="from", default=None)


class CloseDay(Struct, frozen=True, forbid_unknown_fields=True):
    """All business days up to and including this one are over."""

    day: dt.date


class SameAs(Struct, frozen=True, forbid_unknown_fields=True):
    """An event comes once more, byte for byte."""

    event: str
