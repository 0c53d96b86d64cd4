"""The engine and the oracle say the same of every event of every generated history.

A chunk is a number of histories made from its own number, so that a failure is repeated by that
number alone: `LOYALTY_ORACLE=1 LOYALTY_FIRST_CHUNK=<number>`.  What fails is printed whole:
programme, history, and what each of the two says.
"""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, seed, settings

from schemas import ledger
from tests.oracle.generated import HISTORIES, Step, programmes
from tests.oracle.playing import agree

CHUNKS = int(os.environ.get("LOYALTY_ORACLE", "8"))
FIRST_CHUNK = int(os.environ.get("LOYALTY_FIRST_CHUNK", "0"))
HISTORIES_A_CHUNK = 50
ASKED = ("SaleRecorded", "SaleReturned", "PointsRedeemed")


def play(chunk: int) -> Counter[str]:
    """All histories of a chunk; how often each kind of event, refusal and effect came about."""
    found: Counter[str] = Counter()

    @seed(chunk)
    @settings(
        max_examples=HISTORIES_A_CHUNK,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(programmes(), HISTORIES)
    def played(programme: str, steps: list[Step]) -> None:
        for record in agree(programme, steps).records:
            found[record.event_type] += 1
            found[record.reason] += 1
            found.update(type(effect).__name__ for effect in record.effects)

    played()
    return found


@pytest.mark.parametrize("chunk", range(FIRST_CHUNK, FIRST_CHUNK + CHUNKS))
def test_engine_and_oracle_agree_after_every_event(chunk: int) -> None:
    """Accepted or refused and why; available, pending and owed; open vouchers; levels."""
    found = play(chunk)
    assert sum(found[kind] for kind in ASKED) > HISTORIES_A_CHUNK


def test_everything_worth_agreeing_on_does_happen() -> None:
    """A hundred histories reach every kind of event, the refusals and the effects in question."""
    found = play(-1) + play(-2)
    effects = (
        ledger.PointsEarned, ledger.PointsMatured, ledger.PointsSpent, ledger.PointsReversed,
        ledger.PointsOwed, ledger.PointsWrittenOff, ledger.PointsExpired, ledger.PointsExtended,
        ledger.VoucherIssued, ledger.VoucherCancelled, ledger.VoucherExpired, ledger.TierChanged,
        ledger.WithheldFromControl, ledger.Counted, ledger.RewardGiven,
    )  # fmt: skip
    reasons = (
        "CONFLICT", "DUPLICATE", "ALREADY_ENROLLED", "NOT_ENROLLED", "RETURN_EXCEEDS_SALE",
        "INSUFFICIENT_POINTS", "BELOW_MINIMUM", "NOT_A_STEP", "AMOUNT_DIFFERS", "ABOVE_SHARE",
        "UNKNOWN_WALLET", "NO_APPROVER", "REWARD_UNKNOWN", "REWARD_NOT_FOR_MEMBER",
    )  # fmt: skip
    wanted = [effect.__name__ for effect in effects] + list(reasons)
    assert [name for name in wanted if not found[name]] == []
