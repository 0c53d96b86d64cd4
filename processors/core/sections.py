"""The sections of a programme, but for its promotions: the words, as types that check themselves.

Every model refuses a word it does not know.  What one section says about another is checked by
`processors.core.names`.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from processors.core.yaml_tree import CONTROL
from processors.words.basket import Basket, NthSale
from processors.words.calendar import Date
from processors.words.exact import (
    Amount,
    AmountOrNone,
    Days,
    Months,
    Percent,
    Share,
    Signed,
    Some,
    SomeDays,
    SomeMonths,
    Version,
    Years,
)
from processors.words.give import Give
from processors.words.items import Exclusion, Items
from processors.words.limits import Limits
from processors.words.off import Off
from processors.words.segment import Segment
from processors.words.when import When, Where
from processors.words.who import Term, Who


def _printable(word: str) -> str:
    # Other control characters are refused in every word, wherever it stands.
    if "\n" in word or (not word.isprintable() and CONTROL.search(word) is None):
        raise ValueError("holds a control character")
    return word


Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Word = Annotated[str, AfterValidator(_printable)]
"""One that reaches the ledger, Postgres and a terminal, and must be printable in all."""
Titles = dict[str, str]
"""Language → words."""
Texts = Annotated[tuple[str, ...], Field(min_length=1)]

STRICT = ConfigDict(extra="forbid", frozen=True)


class Rounding(BaseModel):
    """How points of money become whole."""

    model_config = STRICT

    scope: Literal["basket", "line", "unit"] = "basket"
    """What is rounded: a promotion with its multipliers over the basket, each line, each unit."""
    mode: Literal["floor", "half_up", "half_even", "ceil"] = "floor"


class EarnsOn(BaseModel):
    """The money that points are counted on, in every promotion."""

    model_config = STRICT

    price: Literal["shelf", "paid"] = "paid"
    tax: Literal["included", "excluded"] = "included"
    not_paid_with: tuple[str, ...] = ()
    never: Exclusion | None = None
    rounding: Rounding = Rounding()


class Value(BaseModel):
    """What a wallet's points are worth: `units` of them, this `amount`."""

    model_config = STRICT

    units: Some
    amount: Amount


class Pending(BaseModel):
    """How long points wait before they can be spent."""

    model_config = STRICT

    days: Days = 0
    months: Months = 0
    round_to: Literal["day_end", "week_end", "month_end"] | None = None
    until: Literal["order_fulfilled"] | None = None
    """Wait for this event, however long it takes; then `days` more do not count."""


class Rolling(BaseModel):
    """Points end so long after the day they were earned."""

    model_config = STRICT

    days: Days = 0
    months: Months = 0
    years: Years = 0
    round_to: Literal["month_end", "quarter_end", "year_end"] | None = None
    since: Literal["earned", "spendable"] = "earned"
    """Counted from the day they were earned, or from the first on which they can be spent."""


class Calendar(BaseModel):
    """Points end on fixed days of the year."""

    model_config = STRICT

    dates: Annotated[
        tuple[Annotated[str, Field(pattern=r"^\d\d-\d\d$")], ...],
        Field(min_length=1, max_length=20),
    ]
    """Month and day, such as 12-31."""
    min_age_days: Days = 0
    """Points younger than this wait for the next date."""


class Inactivity(BaseModel):
    """All points end so long after the last thing that kept them alive."""

    model_config = STRICT

    days: Days = 0
    months: Months = 0
    years: Years = 0
    kept_alive_by: tuple[Literal["sale", "redemption", "activity"], ...] = ("sale",)


class Expiry(BaseModel):
    """When points end; a wallet without it keeps them for ever."""

    model_config = STRICT

    rolling: Rolling | None = None
    calendar: Calendar | None = None
    inactivity: Inactivity | None = None
    enabled_on: Date | None = None
    """Since when points end at all: none ends before a full term after this day."""
    goodwill_days: Days = 0
    """Points of a lot that is gone hold at least so many days more when they come back."""

    @model_validator(mode="after")
    def _one_policy(self) -> "Expiry":
        said = (self.rolling, self.calendar, self.inactivity)
        if sum(word is not None for word in said) != 1:
            raise ValueError("say one of `rolling`, `calendar` and `inactivity`")
        return self


class Pay(BaseModel):
    """Points as payment, at the wallet's value."""

    model_config = STRICT

    min: Some = 1
    step: Some = 1
    max_share: Share = Field(default="100%", validate_default=True)
    not_for: Exclusion | None = None
    """Articles that points do not pay."""
    refund: Literal["proportional", "points_first", "money_first"] = "proportional"
    """What comes back of a sale that points paid in part: some of both, or one before the other."""


class Wallet(BaseModel):
    """One kind of unit that an account holds."""

    model_config = STRICT

    title: Titles = {}
    value: Value | None = None
    pending: Pending = Pending()
    expiry: Expiry | None = None
    pay: Pay | None = None
    when_short: Literal["owe", "write_off", "only_pending", "charge_refund"] = "owe"
    limits: Limits | None = None
    """Of all promotions together that give into it."""


class Valid(BaseModel):
    """How long a voucher holds; the last day is included."""

    model_config = STRICT

    days: SomeDays | None = None
    """Last day: the day of issue and so many days more."""
    through: Literal["birthday_month", "month", "year"] | None = None
    """To the end of the month or year of its first day."""
    until: Date | None = None
    """To this day."""
    starts: Literal["same_day", "next_day"] = "same_day"

    @model_validator(mode="after")
    def _one_end(self) -> "Valid":
        if sum(word is not None for word in (self.days, self.through, self.until)) != 1:
            raise ValueError("say one of `days`, `through` and `until`")
        return self


class Remind(BaseModel):
    """When a member is told of an end to come."""

    model_config = STRICT

    days_before: Annotated[tuple[Some, ...], Field(min_length=1)]


class Voucher(BaseModel):
    """A voucher, defined once and named by its id."""

    model_config = STRICT

    title: Titles = {}
    off: Off
    items: Items | None = None
    who: Who | None = None
    when: When | None = None
    where: Where | None = None
    basket: Basket | None = None
    valid: Valid
    uses: Some = 1
    """How often it may be used; of a stored value it counts nothing."""
    stored_value: bool = False
    """Of an amount: what a purchase does not use stays on it."""
    limits: Limits | None = None
    """How often, in `times`, vouchers of this definition are used in one sale, or by a member."""
    remind: Remind | None = None
    funded_by: Word = ""


class Level(BaseModel):
    """One level of a ladder."""

    model_config = STRICT

    id: Id
    start: AmountOrNone = Field(alias="from")
    """From how much of the measure on."""
    title: Titles = {}
    perks: tuple[str, ...] = ()


class Grace(BaseModel):
    """How long a level is kept behind a review that it failed."""

    model_config = STRICT

    days: Days = 0


class KeptFor(BaseModel):
    """A level is kept so long after it was reached."""

    model_config = STRICT

    months: SomeMonths


class Tier(BaseModel):
    """A ladder of levels."""

    model_config = STRICT

    title: Titles = {}
    measure: Literal["spend", "points", "visits"]
    wallet: str = ""
    """Of `points`: which wallet's; the only one if there is one."""
    window: Literal["calendar_year", "anniversary", "lifetime"] | Term
    """What is counted: this calendar year, this year of membership, all, or the last so long."""
    kept_until: Literal["end_of_year", "end_of_next_year", "for_ever"] | KeptFor = (
        "end_of_next_year"
    )
    crossing_sale: Literal["old_rate", "new_rate"] = "old_rate"
    returns: Literal["earned_level", "at_review"] = "earned_level"
    review: Literal["earned_level", "one_down", "keep"] = "earned_level"
    grace: Grace = Grace()
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]


class Perk(BaseModel):
    """What money does not count."""

    model_config = STRICT

    title: Titles = {}
    limits: Limits | None = None


class Reward(BaseModel):
    """Something of the catalogue: what it costs, and what it is."""

    model_config = STRICT

    title: Titles = {}
    costs: Annotated[dict[str, Some], Field(min_length=1, max_length=1)]
    give: Give
    who: Who | None = None
    when: When | None = None
    limits: Limits | None = None


class Group(BaseModel):
    """How promotions that meet on one line, or on one sale, combine."""

    model_config = STRICT

    combine: Literal["best", "add", "multiply", "first"]
    on: Literal["line", "sale"] = "line"


class Campaign(BaseModel):
    """What reports add up; audience and dates hold for every promotion in it."""

    model_config = STRICT

    title: Titles = {}
    first_day: Date | None = None
    last_day: Date | None = None
    audience: Who | None = None
    owner: Word = ""
    control: Percent = Field(default="0", validate_default=True)
    """So many hundredths of the members get nothing from it, so that its effect can be seen."""


class Club(BaseModel):
    """A programme of its own inside the document: a name with wallets and ladders."""

    model_config = STRICT

    title: Titles = {}
    wallets: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    joining: Literal["everyone", "by_label"] = "everyone"
    """by_label: who has the label of the club's id is in it."""


class Head(BaseModel):
    """The words that every promotion has, whatever its kind."""

    model_config = STRICT

    id: Id
    """What effects, reports and later versions know it by; it never changes its kind."""
    kind: str
    """What it does."""
    title: Titles = {}
    """Language → what customers read."""
    trigger: Literal["sale", "enrolment", "birthday", "anniversary", "tier_reached", "activity"] = (
        "sale"
    )
    """What makes it act."""
    window: Literal["day", "month"] = "day"
    """Of a birthday or anniversary: on the day, or with the month."""
    activity: str = ""
    """Of an activity: which."""
    tier: str = ""
    """Of a level reached: which."""
    who: Who | None = None
    when: When | None = None
    where: Where | None = None
    basket: Basket | None = None
    nth_sale: NthSale | None = None
    limits: Limits | None = None
    group: str | None = None
    """How it combines with those it meets: a group of `groups`."""
    priority: Signed = 0
    """Of promotions that combine `first`, or cut one after the other: the highest first."""
    campaign: Word = ""
    """A campaign of `campaigns`, whose days and audience hold for it too."""
    funded_by: Word = ""
    """Who pays for it, such as a supplier; the chain if not said."""


class Body(BaseModel):
    """The document without its promotions."""

    model_config = STRICT

    programme: Id
    version: Version
    title: Titles = {}
    zone: str
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    earns_on: EarnsOn = EarnsOn()
    wallets: Annotated[dict[Id, Wallet], Field(min_length=1)]
    tiers: dict[Id, Tier] = {}
    perks: dict[Id, Perk] = {}
    vouchers: dict[Id, Voucher] = {}
    rewards: dict[Id, Reward] = {}
    segments: dict[Id, Segment] = {}
    store_groups: dict[Id, Texts] = {}
    clubs: dict[Id, Club] = {}
    campaigns: dict[Id, Campaign] = {}
    groups: dict[Id, Group] = {}
    reports: tuple[Literal["discounts"], ...] = ()
    """Tables that are filled where they are asked for: `discounts`, what was taken off prices."""
    messages: dict[str, Titles] = {}
