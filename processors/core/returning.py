"""What comes back: points taken back by line, or by what is left of the sale."""

from typing import NamedTuple

from processors.core.draft import Draft, mature, pending_part, taken_from
from processors.core.receipts import Grant, Receipt
from schemas import ledger
from schemas.events import SaleReturned
from schemas.refusals import Refusal


class ReturnedPart(NamedTuple):
    """One returned line: its place in the sale, and how much of it came back."""

    at: int
    quantity_milli: int


def returned_parts(event: SaleReturned, receipt: Receipt) -> list[ReturnedPart] | Refusal:
    """The lines that come back, or why they cannot.

    Quantity 0 means all that is left of a line; a line sold without a quantity comes back whole.
    """
    parts: dict[int, int] = {}
    for line in event.lines:
        if line.line_no not in receipt.line_numbers:
            return Refusal.RETURN_EXCEEDS_SALE
        at = receipt.line_numbers.index(line.line_no)
        sold, back = receipt.quantities_milli[at], receipt.returned_milli[at]
        if sold == 0:
            if back or at in parts:
                return Refusal.RETURN_EXCEEDS_SALE
            parts[at] = 0
            continue
        left = sold - back - parts.get(at, 0)
        quantity = line.quantity_milli or left
        if left <= 0 or quantity > left:
            return Refusal.RETURN_EXCEEDS_SALE
        parts[at] = parts.get(at, 0) + quantity
    return [ReturnedPart(at, quantity) for at, quantity in sorted(parts.items())]


def return_effects(
    draft: Draft, event: SaleReturned, receipt: Receipt, parts: list[ReturnedPart]
) -> None:
    """Take back what was allotted to the lines that came back.

    First from the sale's own lot, then from the others in consumption order, pending ones last;
    what is not there is owed.
    """
    mature(draft, draft.business_date)
    for grant in receipt.grants:
        by_line = _taken_back(grant, receipt, parts)
        points = sum(by_line)
        if not points:
            continue
        wallet = draft.touch(grant.wallet)
        own_id = f"{event.original_sale}#{grant.lot_no}"
        lots = sorted(wallet.lots, key=lambda lot: (lot.lot_id != own_id, lot.pending))
        part = taken_from(lots, points)
        draft.add(
            ledger.PointsReversed(
                grant.wallet,
                sum(part.points),
                pending_part(wallet.lots, part),
                part,
                tuple(by_line),
                grant.promotion_id,
                grant.campaign_id,
                event.original_sale,
            )
        )
        missing = points - sum(part.points)
        if missing:
            draft.add(
                ledger.PointsOwed(grant.wallet, missing, grant.promotion_id, event.original_sale)
            )


def _taken_back(grant: Grant, receipt: Receipt, parts: list[ReturnedPart]) -> list[int]:
    """By line, what a return takes: of 51 points on two units, 25 for the first and 26 after."""
    by_line = [0] * len(grant.by_line)
    for at, quantity in parts:
        sold, given = receipt.quantities_milli[at], grant.by_line[at]
        back = given * (receipt.returned_milli[at] + quantity) // sold if sold else given
        by_line[at] = back - grant.reversed_by_line[at]
    return by_line


def return_context(
    event: SaleReturned, receipt: Receipt | None, parts: list[ReturnedPart]
) -> ledger.Sale:
    """The return as the ledger keeps it; amounts are what came back, positive."""
    if receipt is None:
        numbers = [line.line_no for line in event.lines]
        quantities = [line.quantity_milli for line in event.lines]
        nets = [line.net_minor for line in event.lines]
    else:
        numbers = [receipt.line_numbers[part.at] for part in parts]
        quantities = [part.quantity_milli for part in parts]
        nets = [
            sum(line.net_minor for line in event.lines if line.line_no == number)
            for number in numbers
        ]
    net = sum(nets)
    return ledger.Sale(
        event.receipt_no,
        event.currency,
        event.original_sale,
        tuple(numbers),
        tuple(quantities),
        tuple(nets),
        net,
        0,
        net,
        sum(tender.amount_minor for tender in event.refunds if tender.kind == "points"),
        "",
    )
