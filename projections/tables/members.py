"""`members`: who is enrolled, where and since when, and what each bought.

A member's currency is that of the first receipt, a sale or a return without one; money in another
one is not added to `net_spend`, which would mean nothing.  What comes back of a sale in another
currency than it was paid in is none of its money, so it is taken off nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, final

from mypy_extensions import mypyc_attr

from projections.tables.place import Place
from projections.tables.writes import Change, Write, numbers, texts
from schemas.ledger import MemberChanged, MemberEnrolled

_UPSERT = """
    INSERT INTO members AS m (
        account_id, member_id, currency, status, enrolled_on, enrolment_store_id, home_store_id,
        first_sale_on, last_sale_on, sale_count, net_spend_minor
    )
    SELECT u.account_id, u.member_id, u.currency, u.status, DATE '1970-01-01' + u.enrolled_day,
        u.enrolment_store_id, u.home_store_id, DATE '1970-01-01' + u.first_day,
        DATE '1970-01-01' + u.last_day, u.sale_count, u.net_minor
    FROM unnest(
        %s::text[], %s::text[], %s::text[], %s::text[], %s::int[], %s::text[], %s::text[],
        %s::int[], %s::int[], %s::bigint[], %s::bigint[]
    ) AS u (
        account_id, member_id, currency, status, enrolled_day, enrolment_store_id, home_store_id,
        first_day, last_day, sale_count, net_minor
    )
    ON CONFLICT (account_id, member_id) DO UPDATE SET
        currency = COALESCE(NULLIF(m.currency, ''), excluded.currency),
        status = COALESCE(NULLIF(excluded.status, ''), m.status),
        enrolled_on = COALESCE(m.enrolled_on, excluded.enrolled_on),
        enrolment_store_id
            = COALESCE(NULLIF(m.enrolment_store_id, ''), excluded.enrolment_store_id),
        home_store_id = COALESCE(NULLIF(excluded.home_store_id, ''), m.home_store_id),
        first_sale_on = LEAST(m.first_sale_on, excluded.first_sale_on),
        last_sale_on = GREATEST(m.last_sale_on, excluded.last_sale_on),
        sale_count = m.sale_count + excluded.sale_count,
        net_spend_minor = m.net_spend_minor + CASE
            WHEN m.currency IN ('', excluded.currency) THEN excluded.net_spend_minor ELSE 0
        END
"""
_OTHER_CURRENCY = """
    UPDATE members AS m
    SET net_spend_minor = m.net_spend_minor + u.net_minor
    FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[])
        AS u (account_id, member_id, currency, net_minor)
    WHERE m.account_id = u.account_id AND m.member_id = u.member_id AND m.currency = u.currency
"""
_CAME_BACK = """
    UPDATE members AS m
    SET net_spend_minor = m.net_spend_minor - b.net_minor
    FROM (
        SELECT u.account_id, u.member_id, u.currency, sum(u.net_minor) AS net_minor
        FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[])
            AS u (account_id, member_id, sale_id, currency, net_minor)
        JOIN sales AS s ON s.sale_id = u.sale_id AND s.account_id = u.account_id
            AND s.currency = u.currency
        GROUP BY u.account_id, u.member_id, u.currency
    ) AS b
    WHERE m.account_id = b.account_id AND m.member_id = b.member_id AND m.currency = b.currency
"""


@mypyc_attr(acyclic=True)
@final
class Member:
    """What a batch says of a member; empty, None or 0 where it says nothing."""

    __slots__ = (
        "currency",
        "enrolled_on",
        "enrolment_store_id",
        "first_sale_on",
        "home_store_id",
        "last_sale_on",
        "net_minor",
        "sale_count",
        "status",
    )

    def __init__(self) -> None:
        self.currency: str = ""
        self.status: str = ""
        self.enrolled_on: int | None = None
        self.enrolment_store_id: str = ""
        self.home_store_id: str = ""
        self.first_sale_on: int | None = None
        self.last_sale_on: int | None = None
        self.sale_count: int = 0
        self.net_minor: int = 0


class Rows:
    """What a batch says.

    Attributes:
        members: by (account, member).
        others: by (account, member, currency) spending in another currency than the batch's first.
        came_back: by (account, member, sale, currency) what came back of a sale.
    """

    __slots__ = ("came_back", "members", "others")

    def __init__(self) -> None:
        self.members: dict[tuple[str, str], Member] = {}
        self.others: dict[tuple[str, str, str], int] = {}
        self.came_back: dict[tuple[str, str, str, str], int] = {}


def fold(rows: Rows, place: Place) -> None:
    """Count a member's sale or return."""
    record = place.record
    sale = record.sale
    if sale is None or not record.member_id:
        return
    net = sale.net_minor
    if sale.original_sale:
        # Only the table of sales knows in which currency that one was.
        of_sale = (record.account_id, record.member_id, sale.original_sale, sale.currency)
        rows.came_back[of_sale] = rows.came_back.get(of_sale, 0) + net
        return
    member = _member(rows, place)
    if record.event_type == "SaleRecorded":
        day = record.business_date
        if member.first_sale_on is None or day < member.first_sale_on:
            member.first_sale_on = day
        if member.last_sale_on is None or day > member.last_sale_on:
            member.last_sale_on = day
        member.sale_count += 1
    else:
        net = -net
    if not member.currency:
        member.currency = sale.currency
    if member.currency == sale.currency:
        member.net_minor += net
    else:
        key = (record.account_id, record.member_id, sale.currency)
        rows.others[key] = rows.others.get(key, 0) + net


def _enrolled(rows: Rows, place: Place, effect: MemberEnrolled) -> None:
    record = place.record
    member = _member(rows, place)
    member.status = "active"
    member.enrolled_on = record.business_date
    member.enrolment_store_id = record.store_id
    member.home_store_id = effect.home_store_id or record.store_id


def _changed(rows: Rows, place: Place, effect: MemberChanged) -> None:
    member = _member(rows, place)
    member.status = effect.status or member.status
    member.home_store_id = effect.home_store_id or member.home_store_id


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {
    MemberEnrolled: _enrolled,
    MemberChanged: _changed,
}


def _member(rows: Rows, place: Place) -> Member:
    key = (place.record.account_id, place.record.member_id)
    found = rows.members.get(key)
    if found is None:
        found = rows.members[key] = Member()
    return found


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's members, and then the sums whose currency the tables have to judge."""
    if rows.members:
        keys = sorted(rows.members)
        members = [rows.members[key] for key in keys]
        yield Change(
            _UPSERT,
            (
                texts([account for account, _ in keys]),
                texts([member for _, member in keys]),
                texts([m.currency for m in members]),
                texts([m.status for m in members]),
                numbers([m.enrolled_on for m in members]),
                texts([m.enrolment_store_id for m in members]),
                texts([m.home_store_id for m in members]),
                numbers([m.first_sale_on for m in members]),
                numbers([m.last_sale_on for m in members]),
                numbers([m.sale_count for m in members]),
                numbers([m.net_minor for m in members]),
            ),
        )
    if rows.others:
        others = sorted(rows.others)
        accounts, names, currencies = zip(*others, strict=True)
        amounts = numbers([rows.others[key] for key in others])
        yield Change(_OTHER_CURRENCY, (texts(accounts), texts(names), texts(currencies), amounts))
    if rows.came_back:
        parts = sorted(rows.came_back)
        columns = (texts(column) for column in zip(*parts, strict=True))
        yield Change(_CAME_BACK, (*columns, numbers([rows.came_back[key] for key in parts])))
