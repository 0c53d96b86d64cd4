"""Streaks: a sale in each of so many calendar periods in a row."""

from collections.abc import Sequence
from functools import lru_cache

from processors.core.account import Account
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
    draft.add(ledger.Counted(visits, first, 1, _kept_until(last, streak.every, streak.length)))
    if counted(draft.account, full, first):
        return
    run = _run(draft, rule, first, streak.every)
    if len(run) < streak.length or not hand_out(draft, rules, rule, streak.gives, money):
        return
    for period in run[: streak.length]:
        _, end = period_of(period, streak.every)
        draft.add(ledger.Counted(full, period, 1, _kept_until(end, streak.every, streak.length)))


def counters(rule: Rule) -> tuple[str, str]:
    """The counter of a period's sales, and that of periods which belong to a full streak."""
    return f"{rule.id}#streak", f"{rule.id}#full"


@lru_cache(maxsize=4096)
def _kept_until(day: int, every: str, length: int) -> int:
    """A period is remembered while a streak that it belongs to can still be filled."""
    for _each in range(length):
        if day >= ledger.NEVER:  # no length of a streak leads beyond the last of all days
            return ledger.NEVER
        _, day = period_of(day + 1, every)
    return day


def _run(draft: Draft, rule: Rule, first: int, every: str) -> list[int]:
    """The periods in a row around one, oldest first, that belong to no full streak yet."""
    account, names = draft.account, counters(rule)
    run = [first]
    before = period_of(first - 1, every)[0]
    while _is_free(account, names, before):
        run.insert(0, before)
        before = period_of(before - 1, every)[0]
    after = period_of(first, every)[1] + 1
    while _is_free(account, names, after):
        run.append(after)
        after = period_of(after, every)[1] + 1
    return run


def _is_free(account: Account, names: tuple[str, str], period: int) -> bool:
    """Whether there was a sale in a period that belongs to no full streak yet."""
    visits, full = names
    return counted(account, visits, period) > 0 and not counted(account, full, period)
