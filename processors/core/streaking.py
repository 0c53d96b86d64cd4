"""Streaks: a sale in each of so many calendar periods in a row."""

from collections.abc import Sequence

from processors.core.draft import Draft
from processors.core.evolve import counted
from processors.core.giving import hand_out
from processors.core.programme import Programme
from processors.core.rule import Rule
from processors.words.caps import period_of
from processors.words.stages import Streak
from schemas import ledger


def keep_streak(
    draft: Draft, rules: Programme, rule: Rule, streak: Streak, money: Sequence[int]
) -> None:
    """Count this sale in its period; give what is given when enough periods stand in a row.

    A period that belongs to a full streak counts for no other one.  A late sale fills its own
    period, so that a streak may be full by it.  Every sale of a period is counted, so that it stays
    when one of them comes back.
    """
    visits, full = counters(rule)
    first, last = period_of(draft.business_date, streak.every)
    draft.add(ledger.Counted(visits, first, 1, _kept_until(last, streak)))
    if counted(draft.account, full, first):
        return
    run = _run(draft, rule, first, streak.every)
    if len(run) < streak.length or not hand_out(draft, rules, rule, streak.gives, money):
        return
    for period in run[: streak.length]:
        _, end = period_of(period, streak.every)
        draft.add(ledger.Counted(full, period, 1, _kept_until(end, streak)))


def counters(rule: Rule) -> tuple[str, str]:
    """The counter of a period's sales, and that of periods which belong to a full streak."""
    return f"{rule.id}#streak", f"{rule.id}#full"


def _kept_until(day: int, streak: Streak) -> int:
    """A period is remembered while a streak that it belongs to can still be filled."""
    for _each in range(streak.length):
        if day >= ledger.NEVER:  # no length of a streak leads beyond the last of all days
            return ledger.NEVER
        _, day = period_of(day + 1, streak.every)
    return day


def _run(draft: Draft, rule: Rule, first: int, every: str) -> list[int]:
    """The periods in a row around one, oldest first, that belong to no full streak yet."""
    visits, full = counters(rule)
    account = draft.account

    def is_free(period: int) -> bool:
        return counted(account, visits, period) > 0 and not counted(account, full, period)

    run = [first]
    before = period_of(first - 1, every)[0]
    while is_free(before):
        run.insert(0, before)
        before = period_of(before - 1, every)[0]
    after = period_of(first, every)[1] + 1
    while is_free(after):
        run.append(after)
        after = period_of(after, every)[1] + 1
    return run
