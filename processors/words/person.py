"""What the word `who` means: tests of a member's standing.

What a decision may know of a person is one record, `Person`, made of the account; it holds no name.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Literal, final

from mypy_extensions import mypyc_attr

from processors.words.calendar import date_of, day_of, month_end, months_later
from processors.words.who import Around, Term, Who


@mypyc_attr(acyclic=True)
@final
class Person:
    """A member as the words see one.

    Attributes:
        levels: the member's level on each ladder.
        labels, segments: those that hold.
        birthday: month and day as 229 for 29 February; 0 if not told.
        enrolled_on: the business date; 0 for an account that nobody enrolled for.
        sales: how many sales were recorded before, by channel.
    """

    __slots__ = ("birthday", "enrolled_on", "labels", "levels", "sales", "segments")

    def __init__(
        self,
        levels: Sequence[str],
        labels: Sequence[str],
        segments: Sequence[str],
        birthday: int,
        enrolled_on: int,
        sales: Mapping[str, int],
    ) -> None:
        self.levels: Final = levels
        self.labels: Final = labels
        self.segments: Final = segments
        self.birthday: Final = birthday
        self.enrolled_on: Final = enrolled_on
        self.sales: Final = sales


Fits = Callable[[Person, int], bool]
"""Says whether a person is meant, on a business date."""


def all_of(asked: Iterable[Who | None]) -> Fits | None:
    """The test of several persons' words together; None if nobody is excluded."""
    return _every([test for who in asked if (test := compile_who(who)) is not None])


def compile_who(who: Who | None) -> Fits | None:
    """The test of all words; None if nobody is excluded."""
    if who is None:
        return None
    tests: list[Fits] = []
    if who.tiers is not None:
        levels = frozenset(who.tiers)
        tests.append(lambda person, _: not levels.isdisjoint(person.levels))
    if who.labels is not None:
        labels = frozenset(who.labels)
        tests.append(lambda person, _: not labels.isdisjoint(person.labels))
    if who.segments is not None:
        segments = frozenset(who.segments)
        tests.append(lambda person, _: not segments.isdisjoint(person.segments))
    if who.birthday is not None:
        tests.append(_birthday_test(who.birthday))
    if who.member_for is not None:
        term = who.member_for
        tests.append(
            lambda person, day: bool(person.enrolled_on) and later(person.enrolled_on, term) <= day
        )
    if who.first_purchase is not None:
        first = who.first_purchase
        tests.append(lambda person, _: (not any(person.sales.values())) == first)
    return _every(tests)


def _every(tests: Sequence[Fits]) -> Fits | None:
    if len(tests) < 2:
        return tests[0] if tests else None
    every = tuple(tests)
    return lambda person, day: all(test(person, day) for test in every)


def later(day: int, term: Term) -> int:
    """The day so long after another; a month is clamped to its end."""
    return months_later(day, 12 * term.years + term.months) + term.days


def birthday_in(year: int, birthday: int) -> int | None:
    """The day on which a birthday is kept in a year: 29 February on the 28th of a short one.

    None if it was not told, or a month or a day alone.
    """
    month, day = divmod(birthday, 100)
    if not month or not day:
        return None
    return min(day_of(year, month, 1) + day - 1, month_end(day_of(year, month, 1)))


def _birthday_test(window: Literal["day", "month"] | Around) -> Fits:
    if window == "month":
        return lambda person, day: person.birthday // 100 == date_of(day).month
    around = window.days if isinstance(window, Around) else 0

    def near(person: Person, day: int) -> bool:
        year = date_of(day).year
        kept = (birthday_in(one, person.birthday) for one in (year - 1, year, year + 1))
        return any(one is not None and abs(one - day) <= around for one in kept)

    return near
