"""Small histories of events for the tests of the stream: all that can happen, among few members.

Points mature after a day and end after three, so that closing a day has much to do.
"""

import random
from collections.abc import Iterator

from msgspec import Struct

from processors.core.document import check
from schemas.codec import encode_event
from schemas.events import (
    EVERY_PARTITION,
    BusinessDayClosed,
    Event,
    Header,
    Line,
    MemberChanged,
    MemberEnrolled,
    OfferMade,
    PointsAdjusted,
    PointsRedeemed,
    ProgrammeActivated,
    RedemptionReversed,
    ReturnedLine,
    SaleRecorded,
    SaleReturned,
    Tender,
    VoucherPresented,
)
from schemas.records import replace
from schemas.topics import partition_of

FIRST_DAY = 20_000
TINY = """
programme: tiny
version: {version}
zone: UTC
currency: USD
earns_on: {{price: paid, tax: included, not_paid_with: [points, voucher]}}
wallets:
  points:
    value: {{units: 20, amount: 1.00}}
    pending: {{days: 1}}
    expiry: {{rolling: {{days: 3}}}}
    pay: {{min: 1, step: 1}}
    when_short: owe
vouchers:
  one-off: {{off: {{amount: 1.00}}, valid: {{days: 2}}}}
groups:
  boosts: {{combine: best, on: line}}
promotions:
  - {{id: base, kind: per_amount, give: {{points: {points}}}, per: 1.00}}
  - id: own-brand
    kind: multiplier
    multiply: {{points: 2}}
    items: {{brands: [Private]}}
    group: boosts
  - {{id: big, kind: bonus, give: {{points: 7}}, basket: {{at_least: 20.00}}}}
  - {{id: to-voucher, kind: convert, take: {{points: 60}}, give: {{voucher: one-off}}}}
"""


class Sent(Struct, frozen=True):
    """One message as it is handed to a publisher."""

    partition: int
    key: bytes
    value: bytes


def header(event_id: str, account_id: str, day: int) -> Header:
    """The header of an event of that account on that day."""
    return Header(event_id, account_id, account_id, day * 86_400_000, 0, day, "0142", "1")


def activation(version: int, points: int, day: int) -> ProgrammeActivated:
    """A version of the tiny programme, giving so many points for 1.00, from a day on."""
    checked = check(TINY.format(version=version, points=points))
    event_id = f"programme|{checked.document_hash}|{day}"
    return ProgrammeActivated(
        header(event_id, "", day), checked.document, checked.document_hash, day, 1, "a person"
    )


def sale(number: int, account_id: str, day: int, nets: tuple[int, ...], **more: object) -> Event:
    """A receipt with one line for each amount, every other one of the own brand."""
    lines = tuple(
        Line(at + 1, f"sku-{at}", "GROCERY", "SOUP", ("Private", "National")[at % 2], "", (), 1000,
             net, (), net, 0, ())
        for at, net in enumerate(nets)
    )  # fmt: skip
    event_id = f"0142|1|{day}|{number}|sale"
    return replace(
        SaleRecorded(
            header(event_id, account_id, day), str(number), "", "", "USD", lines,
            (Tender("card", sum(nets)),),
        ),
        **more,
    )  # fmt: skip


def return_of(sold: SaleRecorded, line_no: int) -> SaleReturned:
    """All of one line of a sale comes back, on the day of the sale."""
    line = next(line for line in sold.lines if line.line_no == line_no)
    own = header(
        f"{sold.header.event_id}|return|{line_no}", sold.header.account_id,
        sold.header.business_date,
    )  # fmt: skip
    back = ReturnedLine(line_no, line.sku, 0, line.net_minor)
    return SaleReturned(own, str(line_no), sold.header.event_id, sold.currency, (back,))


class Till:
    """Makes one event after the other, remembering what later ones refer to."""

    def __init__(self, chance: random.Random, members: int, malformed: float) -> None:
        self._chance = chance
        self._malformed_share = malformed
        self._members = [f"m{number}" for number in range(members)]
        self._sales: list[SaleRecorded] = []
        self._payments: dict[str, PointsRedeemed] = {}
        self._sent: list[Event] = []
        self._number = 0
        self.day = FIRST_DAY

    def next(self) -> Event | bytes:
        """The next event, or bytes that are none."""
        self._number += 1
        member = self._chance.choice(self._members)
        make = self._chance.choices(
            [self._sale, self._return, self._member, self._spend, self._adjust, self._voucher,
             self._again, self._close],
            [10, 4, 2, 4, 2, 2, 3, 2],
        )[0]  # fmt: skip
        event = self._malformed() if self._chance.random() < self._malformed_share else make(member)
        if not isinstance(event, bytes):
            self._sent.append(event)
        return event

    def _header(self, kind: str, member: str) -> Header:
        return header(f"{kind}|{self._number}", member, self.day + self._chance.choice((0, 0, 1)))

    def _sale(self, member: str) -> Event:
        chance = self._chance
        nets = tuple(chance.randint(-100, 3000) for _ in range(chance.randint(1, 3)))
        vouchers = ("one-off",) if chance.random() < 0.2 else ()
        made = sale(self._number, member, self.day, nets, vouchers=vouchers)
        payment = self._payments.pop(member, None)
        if payment is not None:
            paid = Tender("points", payment.amount_minor, payment.header.event_id)
            made = replace(made, tenders=(*made.tenders, paid))
        self._sales.append(made)
        return made

    def _return(self, member: str) -> Event:
        if not self._sales:
            return self._sale(member)
        original = self._chance.choice(self._sales)
        line = self._chance.choice(original.lines)
        back = ReturnedLine(line.line_no, line.sku, 1000, line.net_minor)
        return SaleReturned(
            self._header("return", original.header.account_id), str(self._number),
            original.header.event_id, "USD", (back,),
        )  # fmt: skip

    def _member(self, member: str) -> Event:
        if self._chance.random() < 0.8:
            return MemberEnrolled(header(f"member|{member}|enrolled", member, self.day))
        status = self._chance.choice(("active", "blocked"))
        return MemberChanged(self._header("change", member), status=status)

    def _spend(self, member: str) -> Event:
        payment = self._payments.pop(member, None)
        if payment is not None and self._chance.random() < 0.2:
            undone = payment.header.event_id
            return RedemptionReversed(self._header("reversed", member), undone)
        points = self._chance.randint(1, 20)
        made = PointsRedeemed(
            self._header("redemption", member), "points", points, points * 5, "USD", 0
        )
        self._payments[member] = made
        return made

    def _adjust(self, member: str) -> Event:
        points = self._chance.choice((-10, 5, 30))
        approver = self._chance.choice(("", "a second person"))
        return PointsAdjusted(
            self._header("adjustment", member), "points", points, "a mistake", approver
        )

    def _voucher(self, member: str) -> Event:
        if self._chance.random() < 0.5:
            offer = self._header("offer", member)
            return OfferMade(offer, "spring", "one-off", self.day, self.day + 2)
        return VoucherPresented(self._header("coupon", member), "one-off", "", "", 100, "USD")

    def _again(self, member: str) -> Event:
        """A duplicate, or the same key with other content."""
        if not self._sent:
            return self._sale(member)
        event = self._chance.choice(self._sent)
        if self._chance.random() < 0.3:
            changed = replace(event.header, till_id="another")
            return replace(event, header=changed)
        return event

    def _close(self, _member: str) -> Event:
        event = BusinessDayClosed(header(f"day|{self.day}", "", self.day))
        self.day += 1
        return event

    def _malformed(self) -> bytes:
        whole = encode_event(self._sale("m0"))
        cut = whole[: self._chance.randrange(len(whole))]
        unknown = b"\0\0\0\x63\x63" + whole[5:]
        return self._chance.choice((cut, unknown, self._chance.randbytes(20), b""))


def sent(event: Event | bytes, partitions: int, chance: random.Random) -> Iterator[Sent]:
    """The messages that carry an event, now and then into the wrong partition."""
    if isinstance(event, bytes):
        yield Sent(chance.randrange(partitions), b"", event)
        return
    value = encode_event(event)
    if type(event) in EVERY_PARTITION:
        for partition in range(partitions):
            yield Sent(partition, b"", value)
        return
    account_id = event.header.account_id
    right = partition_of(account_id, partitions)
    wrong = chance.randrange(partitions) if chance.random() < 0.01 else right
    yield Sent(wrong, account_id.encode(), value)


def history(
    seed: int, partitions: int, events: int, members: int = 5, malformed: float = 0.03
) -> list[Sent]:
    """So many events in order, beginning with a programme; half way it gives twice the points."""
    chance = random.Random(f"history {seed}")
    till = Till(chance, members, malformed)
    made: list[Event | bytes] = [activation(1, 1, FIRST_DAY - 1)]
    for number in range(events):
        if number == events // 2:
            made.append(activation(2, 2, till.day))
        made.append(till.next())
    return [message for event in made for message in sent(event, partitions, chance)]
