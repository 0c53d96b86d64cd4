"""Whose birthday a day is, and who joined on its date: derived from the accounts, never stored."""

from collections.abc import Iterator
from typing import Final

from processors.words.calendar import date_of, month_end
from schemas.ledger import MemberChanged, MemberEnrolled, Record

TELLS_DATES: Final = frozenset({"MemberEnrolled", "MemberChanged"})
"""Events whose records tell a birthday, or that somebody joined."""


class Calendar:
    """Accounts by month and day, as 229 for 29 February.

    It may name an account on a date that it no longer has: who asks looks at the account.

    Attributes:
        by_birth, by_joining: month and day → accounts.
    """

    def __init__(self) -> None:
        self.by_birth: dict[int, set[str]] = {}
        self.by_joining: dict[int, set[str]] = {}

    def note(self, record: Record) -> None:
        """Remember the dates that a record tells of its account."""
        for effect in record.effects:
            if isinstance(effect, MemberEnrolled):
                date = date_of(record.business_date)
                joined = self.by_joining.setdefault(date.month * 100 + date.day, set())
                joined.add(record.account_id)
            if isinstance(effect, MemberEnrolled | MemberChanged):
                birthday = effect.birthday_month * 100 + effect.birthday_day
                if birthday:
                    self.by_birth.setdefault(birthday, set()).add(record.account_id)

    def add(self, other: "Calendar") -> None:
        """Take over what another one knows."""
        for mine, more in ((self.by_birth, other.by_birth), (self.by_joining, other.by_joining)):
            for date, accounts in more.items():
                mine.setdefault(date, set()).update(accounts)

    def born(self, day: int) -> set[str]:
        """Whose birthday a day is; on the first of a month, who has one in it."""
        date = date_of(day)
        dates = range(date.month * 100, date.month * 100 + 32) if date.day == 1 else _dates(day)
        return {one for key in dates for one in self.by_birth.get(key, ())}

    def joined(self, day: int) -> set[str]:
        """Who joined on a day's date in some year."""
        return {one for key in _dates(day) for one in self.by_joining.get(key, ())}


def _dates(day: int) -> Iterator[int]:
    """The dates that are kept on a day: 28 February also keeps the 29th of a short year."""
    date = date_of(day)
    yield date.month * 100 + date.day
    if day == month_end(day) and (date.month, date.day) == (2, 28):
        yield 229
