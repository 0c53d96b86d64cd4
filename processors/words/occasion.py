"""What the words `when` and `where` mean: tests of where and when an event happened.

Days and weekdays are those of the business date, so that a sale after midnight belongs to its
store's trading day; hours are the store's own clock.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Final, NamedTuple

from processors.words.calendar import date_of, month_end, weekday_of
from processors.words.when import Hours, NthWeekday, When, Where
from schemas.events import Header

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_MS: Final = 86_400_000

Test = Callable[[Header], bool]


class Occasion(NamedTuple):
    """When and where: all tests must hold.

    Attributes:
        of_day: tests of business date, store and channel: what they say of one sale they say of
            all others of that day, store and channel.
        of_moment: tests of the hour and the till.
    """

    of_day: tuple[Test, ...] = ()
    of_moment: tuple[Test, ...] = ()

    def holds(self, header: Header) -> bool:
        """Whether an event happened on the occasion."""
        return all(test(header) for test in self.of_day + self.of_moment)

    def and_on(self, other: "Occasion | None") -> "Occasion":
        """Both occasions together."""
        if other is None:
            return self
        return Occasion(self.of_day + other.of_day, self.of_moment + other.of_moment)


def compile_occasion(
    when: When | None, where: Where | None, store_groups: Mapping[str, Collection[str]]
) -> Occasion | None:
    """Both words together; None if there is nothing to test.

    A store is meant if `stores` names it or one of `store_groups` holds it.
    """
    of_day: list[Test] = []
    of_moment: list[Test] = []
    if when is not None:
        of_day += _day_tests(when)
        if when.hours is not None:
            of_moment.append(_within(when.hours))
    if where is not None:
        if where.stores is not None or where.store_groups is not None:
            stores = set(where.stores or ())
            for group in where.store_groups or ():
                stores.update(store_groups.get(group, ()))
            of_day.append(_header_in("store_id", frozenset(stores)))
        if where.channels is not None:
            of_day.append(_header_in("channel", frozenset(where.channels)))
        if where.tills is not None:
            of_moment.append(_header_in("till_id", frozenset(where.tills)))
    return Occasion(tuple(of_day), tuple(of_moment)) if of_day or of_moment else None


def between(first: int | None, last: int | None) -> Occasion:
    """From one business date to another, both included; None leaves a side open."""
    tests: list[Test] = []
    if first is not None:
        tests.append(lambda header: header.business_date >= first)
    if last is not None:
        tests.append(lambda header: header.business_date <= last)
    return Occasion(tuple(tests))


def _within(hours: Hours) -> Test:
    start_ms, end_ms = hours.start * 60_000, hours.end * 60_000
    return lambda header: (
        start_ms <= (header.occurred_at + header.utc_offset_min * 60_000) % _DAY_MS < end_ms
    )


def _day_tests(when: When) -> list[Test]:
    tests: list[Test] = [*between(when.first_day, when.last_day).of_day]
    if when.weekdays is not None:
        days = frozenset(WEEKDAYS.index(day) for day in when.weekdays)
        tests.append(lambda header: weekday_of(header.business_date) in days)
    if when.month_days is not None:
        numbers = frozenset(when.month_days)
        tests.append(lambda header: _in_month(header.business_date, numbers))
    if (weeks := when.every_weeks) is not None:
        start, step = weeks.since - weekday_of(weeks.since), 7 * weeks.weeks
        tests += between(start, None).of_day
        tests.append(lambda header: (header.business_date - start) % step < 7)
    if (nth := when.nth_weekday) is not None:
        tests.append(lambda header: _is_nth(header.business_date, nth))
    return tests


def _in_month(day: int, numbers: frozenset[int]) -> bool:
    return date_of(day).day in numbers or (31 in numbers and day == month_end(day))


def _is_nth(day: int, nth: NthWeekday) -> bool:
    if weekday_of(day) != WEEKDAYS.index(nth.weekday):
        return False
    if nth.number == "last":
        return month_end(day) - day < 7
    return (date_of(day).day - 1) // 7 + 1 == int(nth.number)


def _header_in(attribute: str, named: frozenset[str]) -> Test:
    return lambda header: getattr(header, attribute) in named
