"""What `explain` tells an account to hold is what the processor holds and the table says."""

import json
import re
from collections import Counter

import pytest

from loyalty.as_of import as_of
from loyalty.holdings import Entry, Holdings, holdings
from loyalty.stories import member_story, return_story, sale_story
from processors.core.account import Account
from processors.core.ladder import WALLET
from projections.fold import Batch
from projections.tables.balances import expected
from projections.tables.place import place
from schemas import events
from schemas.buckets import AVAILABLE, HELD, OWED, PENDING
from schemas.events import Event, SaleRecorded, Tender
from schemas.records import replace
from tests.core.scene import Scene, plain
from tests.oracle.generated import MEMBERS, START, Story, activation
from tests.oracle.wider import idle_story, wide_story

STORIES = range(60)
VOUCHERS = (
    {"off": {"amount": 5.00}, "valid": {"days": 30}, "uses": 3},
    {"off": {"amount": 5.00}, "valid": {"days": 30}, "stored_value": True},
    {"off": {"amount": 5.00}, "valid": {"days": 7}},
)
GREETING = {
    "id": "hello", "kind": "bonus", "trigger": "enrolment", "give": {"voucher": "five"},
}  # fmt: skip
RISEN = {
    "id": "risen", "kind": "bonus", "trigger": "tier_reached", "tier": "silver",
    "give": {"points": 15},
}  # fmt: skip
MOVED = (
    (1, re.compile(r"\) gave (\d+) (\w+)( on|,|;)")),
    (1, re.compile(r"a correction of ([+-]\d+) (\w+):")),
    (1, re.compile(r"^(\d+) (\w+) came back")),
    (-1, re.compile(r"^(\d+) (\w+) (paid|were spent|expired|ended) ")),
    (-1, re.compile(r"\) took (\d+) (\w+) \(")),
    (-1, re.compile(r"the return took back (\d+) (\w+) that")),
    (-1, re.compile(r"^(\d+) (\w+) that .* they are owed$")),
    (-1, re.compile(r"^hold \S+ captured: (\d+) (\w+) spent")),
)
"""Sentences that say how many points more or fewer a member has."""
Balances = dict[str, tuple[int, int, int, int]]
"""Wallet → available, pending, held, owed; of those that have anything."""


def story(seed: int) -> Story:
    """A made-up story with vouchers of every kind, in which one member in four is erased."""
    told = (wide_story, idle_story)[seed % 2](seed)
    five = {"five": VOUCHERS[seed % len(VOUCHERS)]}
    words = told.document | {"vouchers": told.document["vouchers"] | five}
    words |= {"promotions": [*words["promotions"], GREETING, RISEN]}
    if seed % 4:
        return Story(words, told.events)
    last = told.events[-1].header
    header = replace(last, event_id="erased", account_id=MEMBERS[0], member_id=MEMBERS[0])
    return Story(words, [*told.events, events.MemberErased(header, "asked")])


def played(told: Story) -> Scene:
    """A story happens; sales are paid with a part of a voucher, whenever there is one."""
    scene = Scene("")
    scene.when(activation(json.dumps(told.document)))
    for event in told.events:
        scene.when(with_voucher(event, scene.account(event.header.account_id)))
    return scene


def with_voucher(event: Event, account: Account) -> Event:
    """A sale with a voucher of the account; any other event as it is."""
    usable = [one.voucher_id for one in account.vouchers if one.uses_left]
    if not usable or not isinstance(event, SaleRecorded) or event.tenders[0].kind != "card":
        return event
    first = event.tenders[0]
    tenders = (Tender("voucher", 2_00, usable[0]), replace(first, amount_minor=200))
    return replace(event, vouchers=(usable[0],), tenders=tenders)


def entries(scene: Scene, account: str) -> list[Entry]:
    """The records of an account."""
    return [Entry(*both) for both in scene.taken if both[1].account_id == account]


def told_of(held: Holdings) -> Balances:
    """What is told of each wallet."""
    rows = {
        name: (
            held.available(name),
            held.pending(name),
            held.wallet(name).held,
            held.wallet(name).owed,
        )
        for name in held.wallets()
    }
    return {name: row for name, row in rows.items() if any(row)}


def in_state(account: Account) -> Balances:
    """What the processor has of each wallet."""
    return {
        name: (
            sum(lot.left for lot in wallet.lots if not lot.pending),
            sum(lot.left for lot in wallet.lots if lot.pending),
            wallet.held,
            wallet.owed,
        )
        for name, wallet in account.wallets.items()
    }


def in_table(scene: Scene) -> dict[str, Balances]:
    """Account → its rows of `balances`."""
    batch = Batch()
    for prefix, record in scene.taken:
        at = place(prefix, record, 0)
        assert expected(batch.balances, at, {}) == ""
        batch.add(at)
    found: dict[str, Balances] = {member: {} for member in MEMBERS}
    for (account, wallet), row in batch.balances.items():
        if any(columns := (row[AVAILABLE], row[PENDING], row[HELD], row[OWED])):
            found[account][wallet] = columns
    return found


def sums_told(story: list[str]) -> Counter[str]:
    """By wallet, what the sentences of a member's story sum to."""
    sums: Counter[str] = Counter()
    for line in story[story.index("What happened:") :]:
        for sign, moved in MOVED:
            if found := moved.search(line.strip()):
                sums[found[2]] += sign * int(found[1])
                break
    return sums


@pytest.mark.parametrize("seed", STORIES)
def test_what_happened_sums_to_what_is_there(seed: int) -> None:
    """The points of all sentences are the balance, as of any day; each receipt can be told."""
    scene = played(story(seed))
    last = max(record.business_date for record in scene.records)
    for member in MEMBERS:
        all_of_it = entries(scene, member)
        for on in (*range(START, last, 7), last):
            kept = as_of(all_of_it, on)
            sums = sums_told(member_story(kept, {}))
            for wallet, (available, pending, held, owed) in told_of(holdings(kept)).items():
                if not wallet.startswith(WALLET):
                    assert sums[wallet] == available + pending + held - owed
        for one in all_of_it:
            told = {"SaleRecorded": sale_story, "SaleReturned": return_story}
            if of_receipt := told.get(one.record.event_type):
                assert of_receipt(one, all_of_it, {})


@pytest.mark.parametrize("seed", STORIES)
def test_what_is_told_is_what_the_account_holds(seed: int) -> None:
    """Available, pending, held and owed by wallet, and open vouchers, at the end of any story."""
    scene = played(story(seed))
    table = in_table(scene)
    for member in MEMBERS:
        account, held = scene.account(member), holdings(entries(scene, member))

        assert told_of(held) == in_state(account) == table[member]
        assert plain(held.account.vouchers) == plain(account.vouchers)
        assert member_story(entries(scene, member), {}, 0)


def test_all_that_could_be_told_wrong_does_happen() -> None:
    """Points are held, come back and are extended; vouchers come back and are used in part."""
    found: Counter[str] = Counter()
    for seed in STORIES:
        for record in played(story(seed)).records:
            found.update(type(effect).__name__ for effect in record.effects)
            found.update(
                "in part" for one in record.effects if getattr(one, "used_up", None) is False
            )
    wanted = (
        "HoldPlaced", "HoldEnded", "PointsRestored", "PointsExtended", "PointsOwed",
        "VoucherRestored", "VoucherCancelled", "VoucherExpired", "MemberErased", "in part",
    )  # fmt: skip
    assert [name for name in wanted if not found[name]] == []


@pytest.mark.parametrize("seed", STORIES)
def test_an_account_can_be_told_as_of_any_day(seed: int) -> None:
    """What was told late does not stand in the way; on the last day all of it is there."""
    scene = played(story(seed))
    last = max(record.business_date for record in scene.records)
    for member in MEMBERS:
        all_of_it = entries(scene, member)
        for on in range(START, last, 3):
            kept = as_of(all_of_it, on)
            held = holdings(kept)

            assert member_story(kept, {}, 0)
            assert {entry.record.business_date for entry in kept} <= set(range(on + 1))
            assert min([number for row in told_of(held).values() for number in row], default=0) >= 0
        assert as_of(all_of_it, last) == all_of_it
