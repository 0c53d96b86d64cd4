"""Days since 1970 as the dates that Postgres reads, each made once.

A year has 365 of them and millions of records, so looking one up must cost next to nothing.
"""

from datetime import date

_DAY_0 = date(1970, 1, 1).toordinal()


class _IsoDates(dict[int, str]):
    """Day → ISO date."""

    def __missing__(self, day: int) -> str:
        self[day] = text = date.fromordinal(_DAY_0 + day).isoformat()
        return text


class _Months(dict[int, int]):
    """Day → the first day of its month."""

    def __missing__(self, day: int) -> int:
        self[day] = first = date.fromordinal(_DAY_0 + day).replace(day=1).toordinal() - _DAY_0
        return first


ISO_DATE = _IsoDates()
MONTH_OF = _Months()
