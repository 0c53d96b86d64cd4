"""Birthdays and anniversaries: what is given for them, at the close of the day before.

Each is given once a calendar year, whatever the promotion's own limits say, so that a close that
was interrupted gives nothing twice.
"""

from processors.core.capping import count
from processors.core.draft import Draft
from processors.core.evolve import counted
from processors.core.giving import give_for
from processors.core.programme import Programme
from processors.core.rule import Rule
from processors.words.calendar import date_of, months_later
from processors.words.caps import period_of
from processors.words.person import birthday_in
from schemas.events import Header
from schemas.records import replace


def celebrate(draft: Draft, header: Header, rules: Programme) -> None:
    """Give what tomorrow's birthday or anniversary brings."""
    if draft.account.status != "active":
        return
    tomorrow = draft.business_date + 1
    for trigger in ("birthday", "anniversary"):
        for rule in rules.triggered[trigger]:
            if _is_on(draft, rule, tomorrow):
                _once_a_year(draft, header, rules, rule, tomorrow)


def _once_a_year(draft: Draft, header: Header, rules: Programme, rule: Rule, day: int) -> None:
    counter = f"{rule.id}#{rule.head.trigger}"
    year, _ = period_of(day, "year")
    if counted(draft.account, counter, year):
        return
    before = len(draft.effects)
    # The occasion is the day itself, not its eve.
    give_for(draft, rules, replace(header, business_date=day), (rule,))
    if len(draft.effects) > before:
        count(draft, counter, "year", 1, day)


def _is_on(draft: Draft, rule: Rule, day: int) -> bool:
    date, joined, birthday = date_of(day), draft.account.enrolled_on, draft.account.birthday
    month, kept = birthday // 100, birthday_in(date.year, birthday)
    if rule.head.trigger == "anniversary":
        years = date.year - date_of(joined).year
        if years <= 0:
            return False
        month, kept = date_of(joined).month, months_later(joined, 12 * years)
    if rule.head.window == "month":
        return date.day == 1 and month == date.month
    return kept == day
