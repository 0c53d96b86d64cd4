"""Whose birthday a day is, and who joined on its date: derived from the accounts, never stored."""

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
        return {one for key in _dates(day) for one in self.by_birth.get(key, ())}

    def joined(self, day: int) -> set[str]:
        """Who joined on a day's date in some year; on the first of a month, who joined in it."""
        return {one for key in _dates(day) for one in self.by_joining.get(key, ())}


def _dates(day: int) -> range:
    """The dates that may be kept on a day.

    On the first of a month those of all of it, and of the month alone; on its last also those that
    it is too short for: 28 February keeps the 29th, and 30 April a birthday told as the 31st.
    """
    date = date_of(day)
    first = 0 if date.day == 1 else date.day
    last = 31 if date.day == 1 or day == month_end(day) else date.day
    return range(date.month * 100 + first, date.month * 100 + last + 1)
