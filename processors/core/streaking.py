"""Streaks: a sale in each of so many calendar periods in a row."""

from collections.abc import Sequence

from processors.core.draft import Draft
from processors.core.giving import hand_out
from processors.core.programme import Programme
from processors.core.rule import Rule
from processors.words.limits import period_of
from processors.words.stages import Streak
from schemas import ledger

FREE = 1
"""The count of a period that had a sale; one more once it belongs to a full streak."""


def keep_streak(
    draft: Draft, rules: Programme, rule: Rule, streak: Streak, money: Sequence[int]
) -> None:
    """Count this period, once; give what is given when enough of them stand in a row.

    A period that belongs to a full streak counts for no other one.  A late sale fills its own
    period, so that a streak may be full by it.
    """
    counter = f"{rule.head.id}#streak"
    first, last = period_of(draft.business_date, streak.every)
    if draft.account.counted(counter, first):
        return
    draft.add(ledger.Counted(counter, first, 1, _kept_until(last, streak)))
    run = _run(draft, counter, first, streak.every)
    if len(run) < streak.length or not hand_out(draft, rules, rule, streak.gives, money):
        return
    for period in run[: streak.length]:
        _, end = period_of(period, streak.every)
        draft.add(ledger.Counted(counter, period, 1, _kept_until(end, streak)))


def _kept_until(day: int, streak: Streak) -> int:
    """A period is remembered while a streak that it belongs to can still be filled."""
    for _ in range(streak.length):
        _, day = period_of(day + 1, streak.every)
    return day


def _run(draft: Draft, counter: str, first: int, every: str) -> list[int]:
    """The periods in a row around one, oldest first, that belong to no full streak yet."""
    run = [first]
    before = period_of(first - 1, every)[0]
    while draft.account.counted(counter, before) == FREE:
        run.insert(0, before)
        before = period_of(before - 1, every)[0]
    after = period_of(first, every)[1] + 1
    while draft.account.counted(counter, after) == FREE:
        run.append(after)
        after = period_of(after, every)[1] + 1
    return run
