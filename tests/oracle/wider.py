"""Stories that also hold what the oracle does not read: the laws of decisions hold for them too.

Exchanges, vouchers, counts, limits of wallets, inactivity, campaigns with control, times and
places, holds, corrections, labels, and payments that are undone.
"""

from schemas import events
from schemas.events import Event
from tests.oracle.generated import BASKETS, STEPS, Dice, Story, Teller, Words, document, history

HAPPENINGS = 40
"""How many things happen in a story."""
WHO = ({"labels": ["vip"]}, {"first_purchase": True}, {"tiers": ["silver"]})
WHEN = (
    {"weekdays": ["sat", "sun"]},
    {"hours": {"from": "12:00", "to": "18:00"}},
    {"first_day": "2025-12-24", "last_day": "2026-01-06"},
)
WHERE = ({"stores": ["0142"]}, {"store_groups": ["city"]})
LIMITS = (
    {"per_member": {"times": 2, "every": "week"}},
    {"per_member": [{"units": 12, "every": "day"}, {"units": 30, "every": "month"}]},
    {"per_sale": {"units": 9, "mode": "reject"}},
)
WALLET_LIMITS = (
    {"per_sale": {"units": 25}},
    {"per_member": [{"units": 40, "every": "day"}, {"units": 90, "every": "month"}]},
)
ALIVE = {"inactivity": {"days": 8, "kept_alive_by": ["sale", "redemption"]}}


def wide_story(seed: int) -> Story:
    """The wider story of a number."""
    dice = Dice(seed)
    words = widened(dice, document(dice))
    return Story(words, history(dice, words, HAPPENINGS, KINDS))


def idle_story(seed: int) -> Story:
    """One in which all points end by inactivity, and payments are often undone."""
    dice = Dice(seed)
    words = widened(dice, document(dice))
    wallets = {name: one | {"expiry": ALIVE} for name, one in words["wallets"].items()}
    words |= {"wallets": wallets}
    return Story(words, history(dice, words, HAPPENINGS, OFTEN_UNDONE))


def widened(dice: Dice, words: Words) -> Words:
    """A document with more words."""
    promotions = [
        one | dice.maybe("when", WHEN, 0.1) | dice.maybe("where", WHERE, 0.1) | campaign(dice)
        for one in words["promotions"]
    ]
    for number in range(dice.upto(3)):
        kind = dice.one((exchange, present, counted, streak))
        promotions.append({"id": f"w{number}"} | kind(dice))
    wallets = {
        name: one | dice.maybe("limits", WALLET_LIMITS, 0.2) | dice.maybe("expiry", (ALIVE,), 0.2)
        for name, one in words["wallets"].items()
    }
    return words | {
        "promotions": promotions,
        "wallets": wallets,
        "vouchers": words["vouchers"] | {"five": {"off": {"amount": 5.00}, "valid": {"days": 7}}},
        "store_groups": {"city": ["7", "8"]},
        "campaigns": {"spring": {"control": "40%"}},
    }


def campaign(dice: Dice) -> Words:
    """Now and then of a campaign that leaves out its control."""
    return dice.maybe("campaign", ("spring",), 0.1)


def exchange(dice: Dice) -> Words:
    """Points become a voucher by themselves."""
    take = {"kind": "convert", "take": {dice.wallet(): 39 + dice.upto(80)}}
    give = {"give": {"voucher": "five"}} | dice.maybe("undone_by_return", (True,), 0.5)
    return take | give | dice.maybe("who", WHO)


def present(dice: Dice) -> Words:
    """A voucher and points for a basket."""
    give = {"kind": "bonus", "give": {"voucher": "five", dice.wallet(): dice.upto(9)}}
    return give | dice.maybe("basket", BASKETS) | dice.maybe("limits", LIMITS) | campaign(dice)


def counted(dice: Dice) -> Words:
    """Every so many purchases."""
    nth = {dice.one(("is", "every")): dice.upto(4)} | dice.maybe("basket", BASKETS)
    return {"kind": "bonus", "give": {dice.wallet(): dice.upto(20)}, "nth_sale": nth}


def streak(dice: Dice) -> Words:
    """So many days or weeks in a row."""
    words = {"kind": "streak", "every": dice.one(("day", "week")), "length": 2}
    return words | {"give": {dice.wallet(): dice.upto(20)}}


def held(teller: Teller) -> list[Event]:
    """Points are set aside, for now or for later, sometimes against the terms."""
    placed = [one for one in teller.told if isinstance(one, events.HoldPlaced)]
    if placed and teller.dice.random() < 0.5:
        return [ended(teller, teller.dice.one(placed[-3:]))]
    header, hold_id = teller.header("hold"), f"h{len(teller.told)}"
    ends = header.occurred_at + teller.dice.one((0, 30 * 60_000, 3 * 86_400_000))
    points = teller.points(30)
    hold = events.HoldPlaced(header, hold_id, teller.dice.wallet(), points, ends)
    return [hold, ended(teller, hold)] if teller.dice.random() < 0.3 else [hold]


def ended(teller: Teller, hold: events.HoldPlaced) -> Event:
    """Some of what is held is captured, or all let go."""
    header = teller.header("capture", hold.header.account_id)
    if teller.dice.random() < 0.3:
        return events.HoldVoided(header, hold.hold_id)
    points = max(1, hold.points - teller.dice.one((-5, 0, 0, 3, 5)))
    amount = teller.amount(hold.wallet, points) + int(teller.dice.random() < 0.05)
    return events.HoldCaptured(header, hold.hold_id, points, amount, "EUR")


def corrected(teller: Teller) -> list[Event]:
    """A person gives or takes points."""
    points = teller.dice.one((-9, 5, 20, 60))
    header, wallet = teller.header("adjust"), teller.dice.wallet()
    return [events.PointsAdjusted(header, wallet, points, "goodwill", "boss")]


def labelled(teller: Teller) -> list[Event]:
    """A label is put on or taken off."""
    on = teller.dice.random() < 0.7
    return [events.MemberLabelled(teller.header("label"), "vip", on)]


def undone(teller: Teller) -> list[Event]:
    """A payment is taken back."""
    if not teller.payments:
        return []
    paid = teller.dice.one(teller.payments[-3:]).header
    header = teller.header("undo", paid.account_id)
    return [events.RedemptionReversed(header, paid.event_id)]


KINDS = (*STEPS, held, held, held, corrected, labelled, undone)
OFTEN_UNDONE = (*KINDS, *(undone,) * 4, *(Teller.redeem,) * 4)
