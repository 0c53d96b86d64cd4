"""Reads a ledger with the real `accept`, and says whether what it holds can be true.

This is apart from the worker and the auditor on purpose: a bug planted there must be seen here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256

from msgspec import Struct

from infra.log import Message, Stored
from processors.core.decide import decide
from processors.core.message import Given
from processors.core.original import original_of
from processors.core.overlay import Overlay
from processors.core.partition import PartitionState
from processors.core.versions import EVOLVE_VERSION
from processors.stream.writing import Decide
from schemas import chain as chains
from schemas import ledger
from schemas.chain import Accepted, Chain, Halted, Ignored, Kind, Prefix, RecentHashes, accept
from schemas.codec import decode_body, decode_event, decoded, encode_body
from schemas.definitions import RECORD, readable_ids
from schemas.ledger import Record

READABLE = readable_ids(RECORD)


class Kept(Struct, frozen=True):
    """One accepted record."""

    prefix: Prefix
    record: Record
    body: bytes


class Walked(Struct, frozen=True):
    """A partition's ledger as everybody must read it."""

    kept: list[Kept]
    ignored: Counter[Ignored]
    halted: str
    chain: Chain
    state: PartitionState


def walk(partition: int, partitions: int, records: Sequence[Stored]) -> Walked:
    """Read from the beginning; stops where the chain halts."""
    chain, recent, state = (
        Chain("live", partition),
        RecentHashes(),
        PartitionState(partition, partitions),
    )
    kept: list[Kept] = []
    ignored: Counter[Ignored] = Counter()
    for stored in records:
        verdict = accept(stored.value, chain, recent, EVOLVE_VERSION, READABLE)
        match verdict:
            case Accepted(prefix, start, extended):
                record = decode_body(stored.value, start)
                untouched = dict(state.accounts) if record.decision == "REFUSED" else None
                state.fold(prefix, record)
                assert untouched is None or untouched == state.accounts, "I7: a refusal changed it"
                kept.append(Kept(prefix, record, stored.value[start:]))
                chain = extended
                recent.add(chain.head)
            case Halted(reason, detail):
                return Walked(kept, ignored, f"{reason}: {detail}", chain, state)
            case _:
                ignored[verdict] += 1
    return Walked(kept, ignored, "", chain, state)


def moved(effect: ledger.Effect) -> tuple[str, dict[str, int]] | None:
    """The wallet that an effect touches, and what it adds to each bucket."""
    match effect:
        case ledger.PointsEarned(wallet=wallet, granted=points):
            return wallet, {"pending": points}
        case ledger.PointsMatured(wallet=wallet, taken=taken):
            points = sum(taken.points)
            return wallet, {"pending": -points, "available": points}
        case ledger.PointsSpent(wallet=wallet, points=points):
            return wallet, {"available": -points}
        case (
            ledger.PointsReversed(wallet=wallet, points=points, pending=pending)
            | ledger.PointsExpired(wallet=wallet, points=points, pending=pending)
        ):
            return wallet, {"pending": -pending, "available": pending - points}
        case ledger.PointsRepaid(wallet=wallet, points=points, pending=pending):
            return wallet, {"pending": -pending, "available": pending - points, "owed": -points}
        case ledger.PointsOwed(wallet=wallet, points=points):
            return wallet, {"owed": points}
        case (
            ledger.PointsAdjusted(wallet=wallet, points=points)
            | ledger.PointsRestored(wallet=wallet, points=points)
        ):
            return wallet, {"available": points}
        case _:
            return None


def check_balances(kept: Sequence[Kept]) -> None:
    """I3, I5: balances are the sums of their effects, stated rightly, and never below zero."""
    balances: Counter[tuple[str, str, str]] = Counter()
    for one in kept:
        account = one.record.account_id
        for before in one.record.before:
            stands = {
                bucket: balances[account, before.wallet, bucket]
                for bucket in ("pending", "available", "owed")
            }
            outstanding = stands["pending"] + stands["available"] - stands["owed"]
            assert before.outstanding == outstanding, "I3: a record states another balance"
        for effect in one.record.effects:
            change = moved(effect)
            if change:
                wallet, buckets = change
                assert wallet in {before.wallet for before in one.record.before}, "I3: not stated"
                # A lot that is spendable at once is matured without a record of its own.
                if isinstance(effect, ledger.PointsEarned) and (
                    effect.spendable_on <= one.record.business_date
                ):
                    buckets = {"available": effect.granted}
                for bucket, points in buckets.items():
                    balances[account, wallet, bucket] += points
        for key, points in balances.items():
            assert points >= 0, f"I5: {key} fell below zero"


def check_totals(state: PartitionState) -> None:
    """I4: over all accounts, what came in is what is there and what went out."""
    for wallet in state.totals().wallets:
        came = wallet.issued + wallet.adjusted + wallet.owed
        there = wallet.pending + wallet.available + wallet.held
        assert came == there + wallet.spent + wallet.expired + wallet.reversed, "I4"


def check_input(kept: Sequence[Kept], events: Sequence[Message]) -> None:
    """I1, I2: every event is decided, once, in order, and is the one in the input."""
    decisions = [one for one in kept if one.prefix.kind is Kind.DECISION]
    decided = [one.prefix.source_offset for one in decisions if one.prefix.final]
    assert decided == list(range(len(events))), "I1: input and decisions differ"
    for one in decisions:
        datum = events[one.prefix.source_offset].value[5:]
        assert one.record.event_digest == sha256(datum).digest(), "I1: another event was decided"
    accepted = Counter(
        one.record.event_id
        for one in decisions
        if one.record.decision == "ACCEPTED" and one.prefix.final
    )
    assert all(count == 1 for count in accepted.values()), "I2: an event was accepted twice"


def check_checkpoints(kept: Sequence[Kept]) -> None:
    """I8: a CHECKPOINT follows where one is due, before anything else is decided."""
    due = False
    for one in kept:
        assert not (due and one.prefix.kind is Kind.DECISION), "I8: a checkpoint is missing"
        due = due and one.prefix.kind is not Kind.CHECKPOINT
        due = due or (one.prefix.seq > 0 and one.prefix.seq % chains.CHECKPOINT_EVERY == 0)


def check_decisions(
    kept: Sequence[Kept],
    events: Sequence[Message],
    partition: int,
    partitions: int,
    deciders: Mapping[str, Decide],
) -> str:
    """I13: deciding again, by the code that claimed each epoch, gives the same bytes.

    A version that is not among the deciders cannot be asked again; its records are taken.

    Returns the digest of the state that deciding again leaves.
    """
    state = PartitionState(partition, partitions)
    version = ""
    for one in kept:
        if one.record.claim is not None:
            version = one.record.claim.code_version
        if one.prefix.kind is not Kind.DECISION:
            continue
        overlay = Overlay(state)
        if version not in deciders:
            assert overlay.fold(one.record, one.prefix.source_offset) is None
            overlay.commit()
            continue
        message = events[one.prefix.source_offset]
        event = decoded(message.value)
        wanted = original_of(overlay, event)
        original = None if wanted is None else decode_event(events[wanted.offset].value)
        given = Given(message.offset, message.value, event, original)
        again = next(deciders[version](overlay, given, one.prefix.source_part))
        assert (again.part, again.final) == (one.prefix.source_part, one.prefix.final), "I13"
        assert encode_body(again.record) == one.body, "I13: decided otherwise the second time"
        overlay.commit()
    return state.digest()


def check_partition(
    partition: int,
    partitions: int,
    records: Sequence[Stored],
    events: Sequence[Message],
    deciders: Mapping[str, Decide] | None = None,
) -> Walked:
    """Everything that must hold of a partition whose work is done."""
    walked = walk(partition, partitions, records)
    assert not walked.halted, f"I6: {walked.halted}"
    assert len(walked.kept) + walked.ignored.total() == len(records), "I6: not all is classified"
    assert not walked.ignored[Ignored.FOREIGN], "I6: something foreign"
    check_input(walked.kept, events)
    check_balances(walked.kept)
    check_totals(walked.state)
    check_checkpoints(walked.kept)
    deciders = deciders or {"now": decide}
    digest = check_decisions(walked.kept, events, partition, partitions, deciders)
    assert digest == walked.state.digest(), "I13: another state"
    assert walk(partition, partitions, records).state.digest() == digest, "I13: another rebuild"
    return walked
