"""A shop with a programme of segments: receipts in, decided by the real worker, in the tables."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from infra import postgres
from infra.settings import Settings
from infra.wiring import publisher_log
from loyalty import services
from loyalty.journal import Journal, Silence
from processors.core.document import check
from producers import days, pos
from producers.programmes import activation
from producers.publish import publish
from schemas.events import (
    Event,
    Line,
    MemberChanged,
    ReturnedLine,
    SaleRecorded,
    SaleReturned,
    Tender,
)

ZONE = "Europe/Paris"
PROGRAMME = """
programme: shop
version: {version}
zone: Europe/Paris
currency: EUR
earns_on: {{price: paid, tax: included}}
wallets:
  points: {{value: {{units: 100, amount: 1.00}}}}
segments: {{{segments}}}
promotions:
  - {{id: base, kind: per_amount, give: {{points: 1}}, per: 1.00}}
{promotions}
"""


class Article(Struct, frozen=True):
    """What a line is of, and what it costs in cents."""

    net_minor: int
    department: str = "GROCERY"
    category: str = "SOUP"
    brand: str = "National"
    labels: tuple[str, ...] = ()


class Shop:
    """The line from the log to the tables, by the real services."""

    def __init__(self, settings: Settings) -> None:
        changed = (
            {"projectors": 1} if settings.bootstrap_servers else {"projectors": 1, "partitions": 2}
        )
        self.settings = settings.model_copy(update=changed)
        self._receipts = 0

    def publish(self, *events: Event) -> None:
        """Into the log, in their order."""
        log = publisher_log(self.settings)
        publish(events, log)
        log.close()

    def activate(self, segments: str, first_day: str, *promotions: str, version: int = 1) -> None:
        """A programme with these segments comes into force."""
        rows = "\n".join(f"  - {{{one}}}" for one in promotions)
        checked = check(PROGRAMME.format(version=version, segments=segments, promotions=rows))
        self.publish(
            activation(
                checked.document, checked.document_hash, date.fromisoformat(first_day), zone=ZONE
            )
        )

    def enrol(self, on: str, *members: str) -> None:
        """Members join."""
        self.publish(*(pos.enrolment(member, _moment(on), "S1") for member in members))

    def close_member(self, member: str, on: str) -> None:
        """A member leaves the programme."""
        header = pos.header_of(f"member|{member}|closed|{on}", member, _moment(on))
        self.publish(MemberChanged(header, status="closed"))

    def sale(
        self, member: str, on: str, articles: Sequence[Article], currency: str = "EUR"
    ) -> SaleRecorded:
        """A receipt, not published yet."""
        self._receipts += 1
        number = str(self._receipts)
        event_id = pos.receipt_id("S1", "1", on, number, "sale")
        account = member or pos.anonymous_account("S1")
        lines = tuple(
            Line(
                at, f"sku-{at}", one.department, one.category, one.brand, "", one.labels, 1000,
                one.net_minor, (), one.net_minor, 0, (),
            )
            for at, one in enumerate(articles, 1)
        )  # fmt: skip
        paid = (Tender("card", sum(one.net_minor for one in articles)),)
        header = pos.header_of(event_id, account, _moment(on), store_id="S1", till_id="1")
        return SaleRecorded(header, number, "", "", currency, lines, paid)

    def returned(self, sold: SaleRecorded, on: str, *line_nos: int) -> SaleReturned:
        """These lines of a sale come back; not published yet."""
        self._receipts += 1
        number = str(self._receipts)
        lines = tuple(
            ReturnedLine(line.line_no, line.sku, line.quantity_milli, line.net_minor)
            for line in sold.lines
            if line.line_no in line_nos
        )
        event_id = pos.receipt_id("S1", "1", on, number, "return")
        header = pos.header_of(event_id, sold.header.account_id, _moment(on), store_id="S1")
        return SaleReturned(header, number, sold.header.event_id, sold.currency, lines)

    def close_day(self, on: str) -> None:
        """A business day is over everywhere."""
        self.publish(days.close_day(date.fromisoformat(on), ZONE))

    def settle(self) -> None:
        """Everything is decided and in the tables."""
        journal = Journal(Silence())
        services.both(self.settings, journal, services.never, until=lambda: True)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """What an analyst gets."""
        with postgres.connect(self.settings, "analyst") as connection:
            return connection.execute(query.encode()).fetchall()


def _moment(on: str) -> pos.Moment:
    """The start of that day, so that it is before its close."""
    return days.start_of(date.fromisoformat(on), ZONE)
