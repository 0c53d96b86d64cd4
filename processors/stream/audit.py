"""The audit of a ledger: walk the chain of a partition, fold all sums, and say what is wrong first.

It trusts nothing that a processor or projector remembers: it reads the ledger from its beginning
with the one `accept`, and holds every stated balance against its own.  What processors noted beside
the log is asked for one thing alone: whether an end of the ledger is gone.  Partitions share
nothing, and a report can be sent between processes, so each may be audited in one of its own.
"""

from collections import Counter
from collections.abc import Callable, Mapping

from msgspec import Struct

from infra.log import LedgerLog
from processors.stream.fold import Fold, digest_of
from processors.stream.halts import PartitionHalted
from processors.stream.opening import check_nothing_lost
from schemas import chain as chains
from schemas.chain import Chain, Ignored
from schemas.ledger import Record, WalletTotals


class Report(Struct, frozen=True):
    """What the audit of one partition found.

    Attributes:
        partition: which.
        records: how many ledger records were looked at.
        accepted: those that count, by what they are: GENESIS, CLAIM, CHECKPOINT, ACCEPTED, REFUSED.
        ignored: those that do not count, by kind; some are usual after a takeover.
        chain: behind the last accepted record.
        decided_events, input_events: how many of how many are decided; more to come is not wrong.
        wallets: the sums over all accounts.
        state_digest: of the state folded; equal ledgers, equal digests.
        wrong: the first wrong thing, in a sentence; None if all is right.
    """

    partition: int
    records: int
    accepted: Mapping[str, int]
    ignored: Mapping[str, int]
    chain: Chain
    decided_events: int
    input_events: int
    wallets: tuple[WalletTotals, ...]
    state_digest: str
    wrong: str | None


def audit(
    log: LedgerLog,
    partition: int,
    generation: str = "live",
    beside: Callable[[int, Record], object] | None = None,
) -> Report:
    """Walk one partition.

    Args:
        log: where the ledger is.
        partition: which.
        generation: which run of the ledger.
        beside: shown every record that counts, with its seq, so that a ledger is read once for
            all that is to be checked.

    Raises:
        LogUnavailable: the log cannot be read.
    """
    # Asked before the ledger's end: whoever decides may write and note in between.
    noted = log.noted(partition).offset
    end = log.ledger_end(partition)
    fold = Fold(generation, partition, log.identity)
    accepted: Counter[str] = Counter()
    wrong: str | None = None
    looked_at = orphans_before = 0
    noise = False
    for stored in log.read_ledger(partition, 0, end):
        looked_at += 1
        was_due = fold.checkpoint_due
        try:
            record = fold.take(stored)
        except PartitionHalted as halted:
            wrong = _said(halted)
            break
        if record is None:
            noise = True
            continue
        if beside is not None:
            beside(fold.chain.seq, record)
        accepted[_kind_of(record)] += 1
        if noise:
            noise = False
            orphans_before = fold.ignored[Ignored.ORPHAN]
        if was_due and record.decision != "NONE":
            wrong = _no_checkpoint(fold)
            break
    decided, _ = fold.next_source
    input_end = log.input_end(partition)
    if decided < input_end:
        wrong = wrong or _wrong_end(fold, fold.ignored[Ignored.ORPHAN] - orphans_before)
    return Report(
        partition=partition,
        records=looked_at,
        accepted=accepted,
        ignored={kind.value: fold.ignored[kind] for kind in Ignored},
        chain=fold.chain,
        decided_events=decided,
        input_events=input_end,
        wallets=fold.state.totals().wallets,
        state_digest=fold.state.digest(),
        wrong=wrong or _lost(fold, noted) or _wrong_sums(fold) or _wrong_input(log, fold),
    )


def _kind_of(record: Record) -> str:
    if record.decision != "NONE":
        return record.decision
    if record.claim is not None:
        return "CLAIM"
    return "GENESIS" if record.genesis is not None else "CHECKPOINT"


def _no_checkpoint(fold: Fold) -> str:
    return (
        f"Before seq {fold.chain.seq} a CHECKPOINT is missing: one follows every "
        f"{chains.CHECKPOINT_EVERY:,} records."
    )


def _wrong_end(fold: Fold, orphans: int) -> str | None:
    """A changed or missing record cuts the chain: what was written behind it no longer counts."""
    if not orphans:
        return None
    return (
        f"The chain ends at seq {fold.chain.seq} (ledger offset {fold.head_offset}), but {orphans} "
        "records behind it continue another one: a record was changed or is missing, or a write "
        "was cut off and no processor has taken over since."
    )


def _lost(fold: Fold, noted: int | None) -> str | None:
    """A tail that is cut off leaves a whole chain: only what was noted of it is missing there."""
    try:
        check_nothing_lost(fold, noted)
    except PartitionHalted as halted:
        return _said(halted)
    return None


def _said(halted: PartitionHalted) -> str:
    return f"{halted.reason.sentence} ({halted.detail})"


def _wrong_sums(fold: Fold) -> str | None:
    """Over all accounts, what came in must be what is there and what went out."""
    for wallet in fold.state.totals().wallets:
        came = wallet.issued + wallet.adjusted + wallet.owed
        there = wallet.pending + wallet.available + wallet.held
        if came != there + wallet.spent + wallet.expired + wallet.reversed:
            return f"The sums of wallet {wallet.wallet} are not even: {wallet}."
    return None


def _wrong_input(log: LedgerLog, fold: Fold) -> str | None:
    """What was decided last must be in the input, and be what was decided."""
    for offset, digest in fold.decided.items():
        message = log.read_input(fold.partition, offset)
        if message is None or digest_of(message.value) != digest:
            return f"Input offset {offset} no longer holds the event that was decided."
    return None
