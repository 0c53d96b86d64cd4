"""How an account gets what is given, and what then becomes of it by itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from schemas.events import Header
from tests.oracle.earning import Gain, eligible, given
from tests.oracle.holding import Account, Lot, Ticket
from tests.oracle.levels import Held
from tests.oracle.reading import Words, last_day, later, spendable_on, voucher_days

MOST_CONVERSIONS = 30


@dataclass
class Granted:
    """What a promotion gave, what was taken back of it since, and where it lies."""

    gain: Gain
    event: str
    number: int
    items: int
    by_line: list[int] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    reversed: int = 0
    acts: bool = True


def standing(account: Account, programme: Words) -> dict[str, Any]:
    """What of a member may count for a promotion, as it is now."""
    ladders = programme.get("tiers", {})
    return {
        "levels": {
            name: ladder["levels"][account.levels.get(name, Held()).level]["id"]
            for name, ladder in ladders.items()
        },
        "labels": set(account.labels),
        "segments": set(account.segments),
        "enrolled_on": account.enrolled_on,
        "birthday": account.birthday,
        "sales": account.sales,
        "numbers": {},
        "completed": {},
    }


def grant(
    account: Account, programme: Words, header: Header, found: list[Gain], day: int
) -> list[Granted]:
    """Gains become lots and vouchers; one time counts for all that a promotion gives.

    `day` is when vouchers and limits are of; points are of the business date.
    """
    done: list[Granted] = []
    for gain in found:
        account.use(gain.promotion, "units", day, gain.points)
        account.use(gain.promotion, "items", day, gain.items)
        if gain.promotion["id"] not in [one.gain.promotion["id"] for one in done]:
            account.use(gain.promotion, "times", day, 1)
        granted = Granted(gain, header.event_id, account.number, gain.items)
        if gain.points:
            add(account, programme, gain.wallet, gain.points, header)
        granted.tickets = [issue(account, programme, name, day) for name in gain.vouchers]
        done.append(granted)
    return done


def add(account: Account, programme: Words, wallet: str, points: int, header: Header) -> None:
    """A new lot of the business date."""
    words, day = programme["wallets"][wallet], header.business_date
    ready = spendable_on(words, day)
    account.purse(wallet).lots.append(
        Lot(points, ready, last_day(words, day), day, header.event_id, account.number, ready > day)
    )
    account.number += 1


def issue(account: Account, programme: Words, name: str, day: int) -> Ticket:
    """A new voucher of a day."""
    first, last = voucher_days(programme["vouchers"][name], day, account.birthday)
    ticket = Ticket(name, first, last)
    account.tickets.append(ticket)
    return ticket


def react(
    account: Account, programme: Words, header: Header, trigger: str, day: int,
    fits: Callable[[Words], bool] = bool,
) -> list[Granted]:  # fmt: skip
    """The bonuses that wait for something other than a sale."""
    now = standing(account, programme)
    found = [
        gain
        for promotion in programme["promotions"]
        if promotion.get("trigger") == trigger
        and fits(promotion)
        and eligible(programme, promotion, replace(header, business_date=day), now)
        and account.room(promotion, "times", day) > 0
        for gain in given(programme, promotion)
    ]
    return grant(account, programme, header, found, day)


def settle(account: Account, programme: Words, header: Header) -> None:
    """Last thing of an event: what is owed is paid, and what is spendable converts."""
    for purse in account.purses.values():
        purse.repay()
    day, done = header.business_date, 0
    for promotion in programme["promotions"]:
        if promotion["kind"] != "convert":
            continue
        if not eligible(programme, promotion, header, standing(account, programme)):
            continue
        (wallet, much), *_ = promotion["take"].items()
        purse = account.purse(wallet)
        while (
            done < MOST_CONVERSIONS
            and sum(lot.left for lot in purse.usable(day)) >= int(much)
            and account.room(promotion, "times", day) > 0
        ):
            purse.take(purse.usable(day), int(much))
            grant(account, programme, header, given(programme, promotion), day)
            done += 1


def mature(account: Account, day: int) -> None:
    """What may be spent on a day is available."""
    for purse in account.purses.values():
        for lot in purse.lots:
            lot.pending = lot.pending and lot.ready > day


def keep_alive(account: Account, programme: Words, what: str, day: int) -> None:
    """An activity gives all lots of a wallet that goes by inactivity a new last day."""
    for name, words in programme["wallets"].items():
        alive = words.get("expiry", {}).get("inactivity")
        if alive and what in alive["kept_alive_by"]:
            for lot in account.purse(name).lots:
                lot.last = max(lot.last, later(day, alive))
