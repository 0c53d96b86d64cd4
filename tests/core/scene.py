"""One partition to play on: events in, records out, by the real decision and the real fold."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from processors.core.account import Account, Wallet
from processors.core.decide import decide
from processors.core.document import check
from processors.core.evolve import apply
from processors.core.message import Decided, Given
from processors.core.original import original_of
from processors.core.overlay import Overlay
from processors.core.packing import unpack
from processors.core.partition import PartitionState
from processors.words.calendar import date_of, day_of
from schemas import events
from schemas.chain import Kind, Prefix
from schemas.codec import decode_event, encode_event
from schemas.events import Event, Header, Line, ReturnedLine, Tender
from schemas.ledger import Effect, Record

GROCERY = (Path(__file__).parents[1] / "programmes" / "fresh_club_1.yaml").read_text("utf-8")
"""The first programme that was ever in force, in the words of its day."""

PLAIN = """
programme: plain
version: 1
zone: Europe/Paris
currency: EUR
earns_on:
  {price: paid, tax: included, not_paid_with: [points, voucher],
   never: {categories: [TOBACCO], flags: [gift_card]}}
wallets:
  points: {value: {units: 100, amount: 1.00}, pay: {min: 1, step: 1},
    expiry: {rolling: {months: 12, round_to: month_end}}}
promotions:
  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
"""
"""One point per 1.00 and nothing else; a point is worth a cent."""


def day(text: str) -> int:
    """`2026-03-14` as a day number."""
    year, month, date = (int(part) for part in text.split("-"))
    return day_of(year, month, date)


def line(number: int, net: int, **other: object) -> Line:
    """A line; what is not said is a plain grocery article, one unit, no discount."""
    words = {
        "sku": f"A{number}",
        "department": "GROCERY",
        "category": "SOUP",
        "brand": "National",
        "supplier": "",
        "labels": (),
        "quantity_milli": 1000,
        "gross_minor": net,
        "discounts": (),
        "tax_rate_ppm": 0,
        "flags": (),
    } | other
    return Line(line_no=number, net_minor=net, **words)  # type: ignore[arg-type]  # a test's short hand


class Scene:
    """A partition with a programme in force since 2020, and its records so far."""

    def __init__(self, programme: str = PLAIN, since: str = "2020-01-01") -> None:
        self.state = PartitionState(0, 1)
        self.records: list[Record] = []
        self.taken: list[tuple[Prefix, Record]] = []
        self.events: list[Event] = []
        if programme:
            self.activate(programme, since)

    def activate(self, programme: str, since: str, **other: object) -> Record:
        """The programme is activated from a day on."""
        return self.when(self.activation(programme, since, **other))

    def activation(self, programme: str, since: str, **other: object) -> events.ProgrammeActivated:
        """A programme's activation from a day on, not yet happened."""
        checked = check(programme)
        return events.ProgrammeActivated(
            header=self.header(f"programme|{checked.document_hash}|{since}", "", since),
            document=checked.document,
            document_hash=checked.document_hash,
            effective_from=day(since),
            **other,  # type: ignore[arg-type]  # a test's short hand
        )

    def header(self, event_id: str, account: str, on: str, hour: int = 12) -> Header:
        """A header at an hour of a day, store 0142."""
        date = day(on)
        return Header(
            event_id, account, account, date * 86_400_000 + hour * 3_600_000, 0, date, "0142", "1"
        )

    def when(self, event: Event) -> Record:
        """The event happens; its last record."""
        return self.all_of([event])[-1].record

    def all_of(self, many: Iterable[Event]) -> list[Decided]:
        """The events happen in one batch; all their records."""
        overlay = Overlay(self.state)
        decided: list[Decided] = []
        for event in many:
            value = encode_event(event)
            offset = len(self.events)
            self.events.append(event)
            wanted = original_of(overlay, event)
            original = None if wanted is None else self.events[wanted.offset]
            for one in decide(overlay, Given(offset, value, decode_event(value), original)):
                decided.append(one)
                prefix = Prefix(
                    "live", 0, 0, 1, bytes(32), Kind.DECISION, 1, offset, one.part, one.final
                )
                self.taken.append((prefix, one.record))
        overlay.commit()
        self.records += [one.record for one in decided]
        return decided

    def enrolled(self, account: str = "A", on: str = "2026-01-02") -> Record:
        """A member joins."""
        return self.when(
            events.MemberEnrolled(header=self.header(f"member|{account}", account, on))
        )

    def sale(
        self, number: str, lines: Sequence[Line], on: str = "2026-03-14", account: str = "A",
        hour: int = 12, tenders: Sequence[Tender] = (), vouchers: Sequence[str] = (),
        currency: str = "EUR",
    ) -> events.SaleRecorded:  # fmt: skip
        """A sale, not yet happened; paid by card unless said."""
        paid = tuple(tenders) or (Tender("card", sum(one.net_minor for one in lines)),)
        return events.SaleRecorded(
            header=self.header(f"0142|1|{on}|{number}|sale", account, on, hour),
            receipt_no=number, order_id="", quote_id="", currency=currency,
            lines=tuple(lines), tenders=paid, vouchers=tuple(vouchers),
        )  # fmt: skip

    def back(
        self, number: str, sale: events.SaleRecorded, parts: dict[int, int],
        on: str = "2026-03-15",
    ) -> events.SaleReturned:  # fmt: skip
        """A return of a sale's lines: line number → thousandths, 0 for all that is left."""
        account = sale.header.account_id
        lines = tuple(ReturnedLine(at, f"A{at}", quantity, 0) for at, quantity in parts.items())
        return events.SaleReturned(
            header=self.header(f"0142|1|{on}|{number}|return", account, on),
            receipt_no=number, original_sale=sale.header.event_id, currency=sale.currency,
            lines=lines,
        )  # fmt: skip

    def redemption(
        self, number: str, points: int, amount: int, on: str = "2026-03-15", account: str = "A",
        wallet: str = "points", currency: str = "EUR", eligible: int = 0,
    ) -> events.PointsRedeemed:  # fmt: skip
        """Points as payment."""
        return events.PointsRedeemed(
            header=self.header(f"redemption|{number}", account, on), wallet=wallet, points=points,
            amount_minor=amount, currency=currency, eligible_minor=eligible,
        )  # fmt: skip

    def adjustment(
        self, number: str, points: int, on: str = "2026-03-15", account: str = "A",
        wallet: str = "points", approved_by: str = "supervisor",
    ) -> events.PointsAdjusted:  # fmt: skip
        """A correction by hand."""
        return events.PointsAdjusted(
            header=self.header(f"adjustment|{number}", account, on), wallet=wallet, points=points,
            reason="goodwill", approved_by=approved_by,
        )  # fmt: skip

    def close(self, on: str) -> list[Decided]:
        """The day closes."""
        return self.all_of([self.closing(on)])

    def close_through(self, on: str) -> list[Decided]:
        """All days up to this one close that are still open; the first one alone, if none has."""
        closed = self.state.closed_through
        first = day(on) if closed is None else closed + 1
        dates = [str(date_of(one)) for one in range(first, day(on) + 1)]
        return [decided for date in dates for decided in self.close(date)]

    def closing(self, on: str) -> events.BusinessDayClosed:
        """A close of a day, not yet happened."""
        return events.BusinessDayClosed(header=self.header(f"day|{on}", "", on, 23))

    def account(self, account: str = "A") -> Account:
        """The account as it stands."""
        return unpack(self.state.accounts.get(account))

    def wallet(self, name: str = "points", account: str = "A") -> Wallet:
        """A wallet as it stands."""
        return self.account(account).wallets.get(name, Wallet())

    def available(self, name: str = "points", account: str = "A") -> int:
        """Spendable points."""
        return sum(lot.left for lot in self.wallet(name, account).lots if not lot.pending)

    def pending(self, name: str = "points", account: str = "A") -> int:
        """Points that wait."""
        return sum(lot.left for lot in self.wallet(name, account).lots if lot.pending)

    def refolded(self) -> PartitionState:
        """The state rebuilt from the records alone."""
        state = PartitionState(0, 1)
        for prefix, record in self.taken:
            state.fold(prefix, record)
        return state


def scene_of(programme: str) -> Scene:
    """A member under a programme."""
    scene = Scene(programme)
    scene.enrolled()
    return scene


def of(record: Record, kind: type[Effect]) -> list[Effect]:
    """The effects of one kind."""
    return [effect for effect in record.effects if isinstance(effect, kind)]


def points(record: Record, kind: type[Effect]) -> dict[str, int]:
    """Promotion → points of one kind of effect in a record."""
    return {
        effect.promotion_id: getattr(effect, "granted", None) or getattr(effect, "points", 0)  # type: ignore[union-attr]  # asked of effects that have them
        for effect in record.effects
        if isinstance(effect, kind)
    }


def folded(effects: Sequence[Effect], business_date: int) -> Account:
    """An account that these effects made."""
    account = Account()
    for effect in effects:
        apply(account, effect, business_date)
    return account


HOW_KEPT = ("latest", "sealed", "sealed_count", "sealed_vouchers", "vouchers_due")
"""What an account has twice: packed, or unpacked once it was asked for."""


def plain(value: object) -> object:
    """What a record of an account holds, in words that can be compared."""
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if type(value).__module__.startswith("processors."):
        names = [name for name in dir(value) if name not in HOW_KEPT and not name.startswith("_")]
        return {name: plain(getattr(value, name)) for name in names}
    return value
