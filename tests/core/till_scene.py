"""Baskets to be priced: articles by their prices, a programme by its promotions, and the answer."""

from collections.abc import Sequence

from processors.core.overlay import Overlay
from processors.core.quote import Quote, quote
from schemas.events import Line, MemberLabelled, SaleRecorded
from schemas.records import replace
from tests.core.scene import Scene, line

HEAD = """
programme: prices
version: 1
zone: Europe/Paris
currency: EUR
earns_on: {not_paid_with: [points, voucher], never: {categories: [TOBACCO], flags: [gift_card]}}
wallets:
  points: {value: {units: 100, amount: 1.00}}
"""


def programme(promotions: str, sections: str = "") -> str:
    """A document with these promotions, one a line, and these other sections."""
    rows = "\n".join(f"  - {row.strip()}" for row in promotions.strip().splitlines())
    return f"{HEAD}{sections}\npromotions:\n{rows}\n"


def article(number: int, gross: int, quantity: int = 1, **other: object) -> Line:
    """A line at its full price, for so many units together."""
    return line(number, gross, **{"quantity_milli": quantity * 1000} | other)


def shop(promotions: str, sections: str = "", *, member: str = "A") -> Scene:
    """A chain with these promotions, and one member since January."""
    scene = Scene(programme(promotions, sections))
    if member:
        scene.enrolled(member)
    return scene


def basket(scene: Scene, lines: Sequence[Line], **other: object) -> SaleRecorded:
    """What a till asks for: nothing is paid yet."""
    asked_for = scene.sale("Q", lines, **other)  # type: ignore[arg-type]  # a test's short hand
    return replace(asked_for, tenders=())


def asked(scene: Scene, lines: Sequence[Line], **other: object) -> Quote:
    """The answer to a till."""
    return quote(Overlay(scene.state), basket(scene, lines, **other))


def to_pay(promotions: str, prices: Sequence[int], sections: str = "") -> int:
    """What is to pay for articles at these prices, one line each."""
    lines = [article(at + 1, price) for at, price in enumerate(prices)]
    return asked(shop(promotions, sections), lines).to_pay_minor


def taken(answer: Quote) -> dict[str, int]:
    """Promotion or voucher → what it takes off."""
    return {cut.source_id: cut.amount_minor for cut in answer.cuts}


def labelled(scene: Scene, label: str, account: str = "A") -> None:
    """Staff put a label on a member."""
    header = scene.header(f"label|{label}|{account}", account, "2026-01-03")
    scene.when(MemberLabelled(header=header, label=label, on=True))


def bought(scene: Scene, answer: Quote, number: str = "S", **other: object) -> SaleRecorded:
    """The sale as it was quoted."""
    sale = scene.sale(number, answer.lines, **other)  # type: ignore[arg-type]  # a test's short hand
    return replace(sale, quote_id="Q")
