"""How a partition comes to stand still: one exception with a reason, caught in one place.

PartitionHalted       the partition cannot go on; the worker keeps it, halted, and serves others
"""

import traceback

from processors.core.overlay import UpgradeNeeded
from processors.core.partition import SumsDiffer
from schemas.chain import Halt


class PartitionHalted(Exception):
    """Nobody may go past this place of the partition until a person has looked.

    Attributes:
        reason: which of the closed list.
        detail: where and what, for the log line; no personal data.
    """

    def __init__(self, reason: Halt, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def halted_by(problem: Exception, where: str) -> PartitionHalted:
    """What a failure inside decide or evolve means for the partition.

    Raises:
        MemoryError: it is one; want of memory is the process's, not the partition's.
    """
    match problem:
        case MemoryError():
            raise problem
        case PartitionHalted(reason=reason, detail=detail):
            return PartitionHalted(reason, f"{where}: {detail}")
        case SumsDiffer():
            return PartitionHalted(Halt.SUMS_DIFFER, f"{where}: {problem}")
        case UpgradeNeeded():
            return PartitionHalted(Halt.UPGRADE_ME, f"{where}: {problem}")
    place = traceback.extract_tb(problem.__traceback__)[-1]
    at = f"in {place.name}, line {place.lineno}"
    return PartitionHalted(Halt.DEFECT, f"{where}: {type(problem).__name__}: {problem} ({at})")
