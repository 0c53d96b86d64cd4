"""Taking a partition over: fold its ledger, claim it, and stand at the right place of the input."""

from functools import partial

from infra.log import WorkerLog
from processors.stream.fold import Fold, genesis_of, read_to_end
from processors.stream.halts import PartitionHalted
from processors.stream.input import as_decided
from processors.stream.tip import Tip
from schemas.chain import Halt, Kind
from schemas.ledger import Claim, Record


def claim_partition(log: WorkerLog, fold: Fold, claim: Claim) -> bool:
    """Fold to the end and claim; whether the claim is accepted and still the last one.

    `fold` may have been read before; it is taken further.  The claim's bytes are the same when
    the same worker claims again behind the same record, so a lost acknowledgement is harmless.

    Raises:
        PartitionHalted: the ledger cannot be folded, or lacks what was decided before.
    """
    # Asked before the ledger's end: an owner that still lives may write and note in between.
    noted = log.committed(fold.partition)
    read_to_end(fold, log)
    check_nothing_lost(fold, noted)
    tip = Tip(fold.chain)
    values = []
    if tip.seq < 0:
        values.append(tip.mark(Kind.GENESIS, Record(genesis=genesis_of(log.identity))))
    values.append(tip.mark(Kind.CLAIM, Record(claim=claim)))
    log.append({fold.partition: values})
    # What the acknowledgement says does not matter: the fold says whether the claim counts.
    read_to_end(fold, log)
    return tip.head in fold.recent and fold.chain.epoch == tip.epoch


def check_nothing_lost(fold: Fold, noted: int | None) -> None:
    """Input noted as decided must be decided in the ledger: it is noted after the ledger has it.

    Args:
        fold: of the ledger up to an end that was asked for after the note.
        noted: input before it was decided; None if nothing was noted yet.

    Raises:
        PartitionHalted: it is not.
    """
    decided, _ = fold.next_source
    if noted is not None and (noted > decided or fold.chain.seq < 0):
        raise PartitionHalted(
            Halt.LEDGER_LOST,
            f"input before offset {noted} was decided, the ledger knows it before {decided}",
        )


def stand_at_input(log: WorkerLog, fold: Fold) -> None:
    """Seek the input behind the last decided event, or at it where parts of it are missing.

    Raises:
        PartitionHalted: the events decided last are not the ones in the input.
    """
    for offset, digest in fold.decided.items():
        as_decided(partial(log.read_input, fold.partition), offset, digest)
    log.seek(fold.partition, fold.next_source[0])
