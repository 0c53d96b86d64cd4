"""The invariants of decisions, on made-up programmes and histories.

An example is one decision of which a law was asked.  `LOYALTY_PROPERTIES` says of how many in all;
`make properties` asks of 1,000,000.  A story that breaks a law is shortened and printed, and played
again by `LOYALTY_STORY`.

1. Lots sum to the balance, none is below 0, and who owes has nothing available.
2. What was issued is spent, expired, taken back or still there, lot by lot.
3. The records alone give the state back, and deciding again gives the same bytes.
4. Events told twice, and accounts told in another order, change nothing.
5. A sale that came back whole was never there, unless something of it was used.
6. What is allotted to lines sums to the whole.
7. A hold is of what is available, and a capture of what is held; both keep to the wallet's terms.
8. What is given stays within its limits, in whatever order.
11. The order of lines on a receipt changes nothing.
12. Another version of the rules changes nothing that is dated before it.

The others of the list (9, merging; 10, erasure) are of no decision that there is yet.
"""

import json
import os
from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import chain

import msgspec

from processors.core.account import Account
from processors.core.climbing import measured, place
from processors.core.decide import decide
from processors.core.draft import Draft
from processors.core.linear import counts_purchases
from processors.core.message import Given
from processors.core.original import original_of
from processors.core.overlay import Overlay
from processors.core.packing import unpack
from schemas import events, ledger
from schemas.codec import decode_event, encode_body, encode_event
from schemas.events import Event, ReturnedLine, SaleRecorded, SaleReturned
from schemas.ledger import Effect, Record
from schemas.records import replace
from tests.core.scene import Scene
from tests.oracle.generated import Dice, Story, Words, activation
from tests.oracle.playing import Law, hold
from tests.oracle.tally import Tally, ensure
from tests.oracle.wider import wide_story

EXAMPLES = int(os.environ.get("LOYALTY_PROPERTIES", "21000"))


def asked(law: Law, share: float) -> None:
    """Asks a law of its share of all examples."""
    wanted = int(EXAMPLES * share)
    assert hold(law, wanted, of=wide_story) >= min(wanted, 1)


def opened(told: Story) -> Scene:
    """A partition with the story's programme in force."""
    scene = Scene("")
    scene.when(activation(json.dumps(told.document)))
    return scene


def what_if(scene: Scene, many: Sequence[Event]) -> tuple[list[Record], Overlay]:
    """The records of events that do not happen, and the partition as if they had."""
    overlay, known, records = Overlay(scene.state), list(scene.events), []
    for event in many:
        known.append(event)
        value, wanted = encode_event(event), original_of(overlay, event)
        original = None if wanted is None else known[wanted.offset]
        given = Given(len(known) - 1, value, decode_event(value), original)
        records += [one.record for one in decide(overlay, given)]
    return records, overlay


def test_after_every_decision() -> None:
    """1, 2, 6, 7 and 8: balances, lots, allotments, holds and limits, from the effects alone."""
    asked(every_decision, 0.4)


def every_decision(told: Story) -> int:
    """Counts every account along, and compares after each record."""
    scene, count = opened(told), 0
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for event in told.events:
        before = unpack(scene.state.accounts.get(event.header.account_id))
        for one in scene.all_of([event]):
            record, tally = one.record, tallies[one.record.account_id]
            if record.decision == "REFUSED":
                ensure(not record.effects, f"{record.event_id} is refused, and changes something")
            for effect in record.effects:
                tally.take(effect)
                allotted(record, effect)
                if isinstance(effect, ledger.HoldPlaced):
                    covered(before, effect, record.business_date)
                by_terms(effect, told.document)
            tally.within_limits(record, told.document)
            tally.agrees_with(scene.account(record.account_id))
            count += 1
    return count


def allotted(record: Record, effect: Effect) -> None:
    """6: points by line sum to the points; what limits took is between desired and granted."""
    if isinstance(effect, ledger.PointsEarned):
        cut = sum(cap.points for cap in effect.trail)
        ensure(effect.desired + cut == effect.granted, f"{effect} is cut by {cut}")
        if effect.points_by_line:
            ensure(sum(effect.points_by_line) == effect.granted, f"{effect} is not allotted")
            ensure(min(effect.points_by_line) >= 0, f"{effect} takes from a line")
    if isinstance(effect, ledger.PointsReversed):
        ensure(sum(effect.taken.points) == effect.points, f"{effect} takes something else")
        short = sum(
            one.points
            for one in record.effects
            if isinstance(one, ledger.PointsOwed | ledger.PointsWrittenOff)
            and (one.wallet, one.promotion_id) == (effect.wallet, effect.promotion_id)
        )
        if effect.points_by_line:
            ensure(sum(effect.points_by_line) == effect.points + short, f"{effect} is not allotted")


def covered(before: Account, effect: ledger.HoldPlaced, day: int) -> None:
    """7: when it is placed, a hold is of what can be spent on the day."""
    held = [hold for hold in before.holds.values() if hold.wallet == effect.wallet]
    lots = chain(before.wallets[effect.wallet].lots, *(hold.lots for hold in held))
    ready = sum(
        lot.left
        for lot in lots
        if lot.last_day >= day and (not lot.pending or lot.spendable_on <= day)
    )
    ensure(effect.points <= ready, f"{effect} holds more than {ready}")


def by_terms(effect: Effect, document: Words) -> None:
    """7: holds are the least and whole steps; captures are whole steps, at the wallet's value."""
    if isinstance(effect, ledger.HoldPlaced | ledger.HoldEnded):
        wallet = document["wallets"][effect.wallet]
        ensure(effect.points % wallet["pay"]["step"] == 0, f"{effect} is no step")
        if isinstance(effect, ledger.HoldPlaced):
            ensure(effect.points >= wallet["pay"]["min"], f"{effect} is too little")
            return
        worth = effect.points * round(wallet["value"]["amount"] * 100) // wallet["value"]["units"]
        ensure(effect.amount_minor == worth, f"{effect} pays {effect.amount_minor}")


def test_the_records_alone_give_the_state_and_the_decisions_again() -> None:
    """3: folding the ledger is the state; deciding all at once gives the same bytes."""
    asked(replayed, 0.2)


def replayed(told: Story) -> int:
    """Plays a story one by one, in one batch, and from its records."""
    scene, other = opened(told), opened(told)
    for event in told.events:
        scene.when(event)
    other.all_of(told.events)
    ours = [encode_body(one) for _, one in scene.taken]
    ensure(ours == [encode_body(one) for _, one in other.taken], "a batch decides otherwise")
    ensure(scene.refolded().digest() == scene.state.digest(), "the records give another state")
    return len(ours)


def test_events_told_twice_and_accounts_told_in_another_order_change_nothing() -> None:
    """4: whatever repeats and however accounts are interleaved between two closes of a day."""
    asked(told_otherwise, 0.15)


def told_otherwise(told: Story) -> int:
    """Tells the accounts one after the other between two days, and twice what was accepted."""
    scene, other = opened(told), opened(told)
    between: list[Event] = []
    twice: list[Event] = []
    for event in [*told.events, None]:
        if event is not None and event.header.account_id:
            between.append(event)
            twice += [event] if scene.when(event).decision == "ACCEPTED" else []
            continue
        between.sort(key=lambda one: one.header.account_id, reverse=True)
        other.all_of([*between, *twice, *([event, event] if event else [])])
        scene.all_of([event] if event else [])
        between = []
    ours, theirs = scene.state.accounts, other.state.accounts
    for name in sorted(ours):
        ensure(ours[name] == theirs[name], f"{unpack(ours[name])}\nis not {unpack(theirs[name])}")
    return len(told.events)


def test_a_sale_that_came_back_whole_was_never_there() -> None:
    """5: wallets, counters, limits, purchases, vouchers, and levels that follow returns."""
    asked(undone, 0.1)


def undone(told: Story) -> int:
    """Before each sale, asks what would be if it came and went back, in two parts."""
    scene, count = opened(told), 0
    for at, event in enumerate(told.events):
        if isinstance(event, SaleRecorded):
            count += came_and_went(scene, event, Dice(at), told)
        scene.when(event)
    return count


USES = (ledger.PointsSpent, ledger.PointsRepaid, ledger.PointsExtended, ledger.PointsMatured)


def came_and_went(scene: Scene, sale: SaleRecorded, dice: Dice, told: Story) -> int:
    """Whether it was asked: not of a sale that uses points, pays with them, or is refused."""
    (record,), _ = what_if(scene, [sale])
    uses = any(isinstance(effect, (*USES, ledger.HoldEnded)) for effect in record.effects)
    if record.decision == "REFUSED" or uses or any(t.reference_id for t in sale.tenders):
        return 0
    some = [one for one in sale.lines if dice.random() < 0.5]
    rest = [one for one in sale.lines if one not in some]
    backs = [
        back_of(sale, f"back|{number}", lines) for number, lines in enumerate((some, rest)) if lines
    ]
    owner = sale.header.account_id
    _, overlay = what_if(scene, [sale, *backs])
    before, after = scene.account(owner), unpack(overlay.packed(owner))
    rules = scene.state.programmes[0].programme
    left_out = set() if counts_purchases(rules) else {"purchases"}
    left_out |= {
        name
        for name, words in told.document["wallets"].items()
        if words["when_short"] == "only_pending"
    }
    ladder = rules.ladders["club"]
    draft = Draft(scene.account(owner), "", sale.header.business_date)
    earned = ladder.earned(measured(draft, ladder))
    if ladder.words.returns != "earned_level" or place(draft, ladder) != earned:
        left_out.add("levels")
    ours, theirs = (worth(one, sale.header.business_date, left_out) for one in (before, after))
    ensure(ours == theirs, f"{sale.header.event_id}\nbefore {ours}\nafter {theirs}")
    return 1


def back_of(sale: SaleRecorded, event_id: str, lines: Sequence[events.Line]) -> SaleReturned:
    """The return of whole lines, on the day of the sale."""
    parts = tuple(ReturnedLine(one.line_no, one.sku, 0, 0) for one in lines)
    header = replace(sale.header, event_id=f"{sale.header.event_id}|{event_id}")
    return SaleReturned(header, "", sale.header.event_id, "EUR", parts)


def worth(account: Account, day: int, left_out: Collection[str]) -> dict[str, object]:
    """What an account has, but for what returns leave alone.

    That is purchases that nobody counts, wallets of which returns take only what waits, and levels
    that stay until their review, were held without being earned any more (the sale earns one again,
    so that its return loses it), or are earned on the day of a late sale by what was bought after
    it.  A count is forgotten 35 days after its period, a used voucher behind its last day.
    """
    counts: dict[str, tuple[int, int]] = msgspec.to_builtins(account.counts)
    found = {
        "wallets": {
            name: (wallet.owed, wallet.held, sorted((lot.lot_id, lot.left) for lot in wallet.lots))
            for name, wallet in account.wallets.items()
            if name not in left_out and (wallet.lots or wallet.owed or wallet.held)
        },
        "counts": {
            key: by for key, (by, last_day) in counts.items() if by and last_day >= day - 35
        },
        "vouchers": sorted(one.voucher_id for one in account.vouchers if one.uses_left),
        "purchases": {channel: many for channel, many in account.sales.items() if many},
        "levels": {name: one.level for name, one in account.tiers.items() if one.level != "bronze"},
    }
    return {name: one for name, one in found.items() if name not in left_out}


def test_the_order_of_lines_on_a_receipt_changes_nothing() -> None:
    """11: the same effects, and the same points for each line by its number."""
    asked(in_any_order, 0.1)


def in_any_order(told: Story) -> int:
    """Before each sale, asks what the same lines in another order would give."""
    scene, count = opened(told), 0
    for at, event in enumerate(told.events):
        if isinstance(event, SaleRecorded):
            lines = list(event.lines)
            Dice(at).shuffle(lines)
            shuffled = replace(event, lines=tuple(lines))
            found = [
                [by_number(one, sale, told) for one in what_if(scene, [sale])[0][-1].effects]
                for sale in (event, shuffled)
            ]
            ensure(found[0] == found[1], f"{event.header.event_id}: {found[0]}\nis not {found[1]}")
            count += 1
        scene.when(event)
    return count


def by_number(effect: Effect, sale: SaleRecorded, told: Story) -> object:
    """An effect with its points by the numbers of lines; what is of the whole basket has none."""
    if not isinstance(effect, ledger.PointsEarned):
        return effect
    kinds = {one["id"]: one["kind"] for one in told.document["promotions"]}
    plain = replace(effect, points_by_line=())
    if kinds.get(effect.promotion_id, "visit") in ("bonus", "streak", "visit"):
        return plain
    numbers = [line.line_no for line in sale.lines]
    return plain, sorted(zip(numbers, effect.points_by_line, strict=True))


def test_another_version_of_the_rules_changes_nothing_dated_before_it() -> None:
    """12: no account is touched, and what is dated before is decided as without it."""
    asked(superseded, 0.05)


def superseded(told: Story) -> int:
    """Before each event, asks what it would be behind a version in force from its next day."""
    scene, count = opened(told), 0
    promotions = [{"id": "other", "kind": "bonus", "give": {"points": 77}}]
    text = json.dumps(told.document | {"version": 2, "promotions": promotions})
    for event in told.events:
        day = event.header.business_date + 1
        if isinstance(event, SaleRecorded | SaleReturned | events.PointsRedeemed):
            version = activation(text, day, "version two")
            (first, *then), overlay = what_if(scene, [version, event])
            (alone, *_), without = what_if(scene, [event])
            ensure(first.decision == "ACCEPTED", f"the version is refused: {first.reason}")
            ensure(then == [alone], f"{event.header.event_id}: {then}\nis not {alone}")
            for name in scene.state.accounts:
                ensure(overlay.packed(name) == without.packed(name), f"{name} is another")
            count += 1
        scene.when(event)
    return count
