"""A person says that a halted partition may go on: a CLAIM that carries who and why.

The claim is written into the partition's own ledger, so it needs no other way to the worker that
holds the partition, and is kept for ever.  That worker looks for one now and then and opens the
partition anew.  A claim of this kind also lets the count of refused messages begin again.
"""

from collections.abc import Callable

from infra.log import LedgerLog
from processors.stream.fold import Fold, read_to_end
from processors.stream.halts import PartitionHalted
from processors.stream.tip import Tip
from schemas.chain import Halt, Kind, read_prefix
from schemas.codec import decode_body
from schemas.ledger import RESUMED, Claim, Record

LIFTED_BY_A_PERSON = (Halt.TOO_MANY_REFUSED, Halt.DEFECT, Halt.UPGRADE_ME)
"""Halts after which trying again loses nothing; for the others something must be restored."""
LOOKED_EVERY_S = 5.0
"""How often a worker looks whether a partition that it holds halted was resumed."""

Append = Callable[[int, bytes], None]
"""Appends one record to the ledger of a partition."""


def resume(log: LedgerLog, fold: Fold, append: Append, claim: Claim) -> bool:
    """Claim a partition for nobody: whoever holds it claims it next.  Whether that counts.

    Args:
        log: a reader of the ledger.
        fold: of the partition, new; it is read to the end.
        append: writes to it.
        claim: who and why; its `why` begins with `RESUMED`.

    Raises:
        PartitionHalted: the ledger itself cannot be read, or is gone; nothing was written.
    """
    read_to_end(fold, log)
    if fold.chain.seq < 0:
        raise PartitionHalted(Halt.LEDGER_LOST, "the ledger is empty, and was begun before")
    tip = Tip(fold.chain)
    value = tip.mark(Kind.CLAIM, Record(claim=claim))
    append(fold.partition, value)
    read_to_end(fold, log)
    return tip.head in fold.recent


def resumption(value: bytes) -> str:
    """Who lets a partition go on and why, as a ledger record says it; empty if it says no such."""
    try:
        prefix, body_start = read_prefix(value)
        claim = decode_body(value, body_start).claim if prefix.kind is Kind.CLAIM else None
    except (ValueError, IndexError):
        # Whatever else lies in the topic is judged by the chain when the partition is opened.
        return ""
    return claim.why if claim is not None and claim.why.startswith(RESUMED) else ""
