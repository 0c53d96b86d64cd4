"""Lifting a halt: the claim that says who and why, written beside whoever holds the partition."""

from getpass import getuser
from time import time

from infra.settings import Settings
from infra.wiring import append_to_ledger, ledger_log
from loyalty.inputs import must_be_a_reason, must_lead_to_nobody
from loyalty.oncall.advice import ADVICE
from loyalty.oncall.partitions import standings
from loyalty.outcome import Code, Trouble
from loyalty.serving import CODE_VERSION
from processors.stream.fold import Fold
from processors.stream.halts import PartitionHalted
from processors.stream.resuming import LIFTED_BY_A_PERSON, resume
from schemas.ledger import RESUMED, Claim


def lift(settings: Settings, partition: int, because: str, by: str) -> str:
    """Let a partition go on; who answers for it.

    Raises:
        Trouble: it does not stand still, cannot be lifted so, or another claim came first.
        LogUnavailable: the log cannot be reached.
    """
    must_be_a_reason(because)
    must_lead_to_nobody("--by", by)
    name = by or _me()
    log = ledger_log(settings)
    try:
        if partition >= log.identity.partitions:
            raise Trouble(f"There is no partition {partition}; they are numbered from 0.")
        reason = standings(log, time)[partition].halted
        if reason is None:
            raise Trouble(f"Partition {partition} does not stand still.")
        if reason not in LIFTED_BY_A_PERSON:
            raise Trouble(f"{reason} cannot be lifted so. {ADVICE[reason].to_do}", Code.HALTED)
        claim = Claim(name, CODE_VERSION, f"{RESUMED}{name}: {because}")
        fold = Fold(settings.generation, partition, log.identity)
        try:
            counts = resume(log, fold, lambda p, value: append_to_ledger(settings, p, value), claim)
        except PartitionHalted as halted:
            raise Trouble(
                f"The ledger itself cannot be read, {halted}. {ADVICE[halted.reason].to_do}",
                Code.HALTED,
            ) from None
    finally:
        log.close()
    if not counts:
        raise Trouble("Somebody else claimed the partition at the same moment; look again.")
    return name


def _me() -> str:
    """The name of whoever is logged in."""
    try:
        return getuser()
    except (KeyError, OSError):  # a container's user need not have one
        raise Trouble("--by wants a name: whoever runs this has none on this machine.") from None
