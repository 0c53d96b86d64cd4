"""What an accepted record leaves in the receipts: its own, and what it changes of earlier ones."""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

from processors.core.draft import taken_from
from processors.core.evolve import counts_as_sale
from processors.core.linear import judged_again_of
from processors.core.lots import lots_of, take, wallet_of
from processors.core.packing import pack_fields, pack_receipt
from processors.core.programme import Programme
from processors.core.receipts import USUAL_CHANNEL, Receipt, Spent, Used
from processors.core.reversing import EXPIRED
from schemas import ledger
from schemas.ledger import Record, Taken


class Change(NamedTuple):
    """Something that a record does to the receipt of an earlier event.

    One that `waits` is kept for an event that is not known yet (`waiting_for`).
    """

    event_id: str
    apply: Callable[[Receipt], None]
    waits: bool = False


def waiting_for(key: bytes) -> bytes:
    """What waits for the event of a key is remembered under this one, which no event can have."""
    return key + b"\0"


def exchanged_for(voucher_id: str) -> str:
    """What a voucher was made of is remembered under this name, which no event can have.

    The codec lets no control character into a name.
    """
    return "\1" + voucher_id


_Granted = tuple[str, int, str, str, Sequence[int], Sequence[int]]
"""The fields of a `Grant`."""
_Columns = tuple[Sequence[str], Sequence[int], Sequence[int], Sequence[int], Sequence[str]]
"""Parts of lots by column."""


def receipt_of(record: Record, source_offset: int, programme: Programme | None) -> bytes:
    """The receipt that an accepted record leaves behind, packed.

    Packed from plain tuples, which are the same bytes as the records' and half the work.

    Args:
        record: the record.
        source_offset: of its event.
        programme: the version that decided it; None for none.
    """
    own = (record.event_digest, source_offset, record.programme_version)
    sale = record.sale
    if sale is None or record.event_type != "SaleRecorded":
        spent = _spent(record)
        if spent is None:
            return pack_fields(own)
        return pack_fields(
            (*own, record.account_id, (), (), (), (), (), False, "", (), (), (), (), (), spent)
        )
    none = [0] * len(sale.line_numbers)
    id_length = len(record.event_id) + 1
    grants: list[_Granted] = []
    others: list[ledger.Effect] = []
    for effect in record.effects:
        if isinstance(effect, ledger.PointsEarned):
            if effect.granted:
                by_line = effect.points_by_line
                grants.append(
                    (
                        effect.wallet,
                        int(effect.lot_id[id_length:]),
                        effect.promotion_id,
                        effect.campaign_id,
                        by_line or (effect.granted,),
                        none if by_line else (0,),
                    )
                )
        else:
            others.append(effect)
    lines = (sale.line_numbers, sale.quantities_milli, sale.nets_minor, none)
    further = _further(record, sale, programme, grants, others)
    return pack_fields((*own, record.account_id, *lines, *further))


def _further(
    record: Record,
    sale: ledger.Sale,
    programme: Programme | None,
    grants: list[_Granted],
    others: list[ledger.Effect],
) -> tuple[object, ...]:
    """The fields of a sale's receipt from `grants` on."""
    paid_with_points = bool(sale.tender_points_minor)
    if not counts_as_sale(record):
        return grants, paid_with_points
    channel = "" if record.channel == USUAL_CHANNEL else record.channel
    if programme is None:
        return grants, paid_with_points, channel
    judged = next((one for one in others if isinstance(one, ledger.SaleJudged)), None)
    exchanged, counts, issued, used = _sorted(record, others)
    if exchanged:
        # What was exchanged stands: a later lack of points does not undo it.
        grants = [grant for grant in grants if grant[2] not in exchanged]
    rules = programme if judged is None else _at_levels(programme, judged.levels)
    again = judged_again_of(rules)
    if not (counts or issued or (again and any(grant[2] in again for grant in grants))):
        return grants, paid_with_points, channel, (), (), (), (), used
    levels, held = ((), ()) if judged is None else (judged.levels, judged.held)
    return grants, True, channel, levels, held, counts, issued, used


_Sorted = tuple[
    set[str],
    list[tuple[str, int, int, int]],
    list[tuple[int, str, int]],
    list[tuple[str, int, bool, str, int, str, str]],
]
"""The promotions that exchanged, and the fields `counts`, `issued` and `used`."""


def _sorted(record: Record, others: list[ledger.Effect]) -> _Sorted:
    """What of a sale's effects its return may ask for."""
    exchanged = {one.promotion_id for one in others if isinstance(one, ledger.PointsSpent)}
    counts: list[tuple[str, int, int, int]] = []
    issued: list[tuple[int, str, int]] = []
    used: list[tuple[str, int, bool, str, int, str, str]] = []
    for effect in others:
        if isinstance(effect, ledger.Counted):
            if effect.counter.split("#")[0] not in exchanged:
                _count(counts, effect)
        elif isinstance(effect, ledger.VoucherIssued):
            if effect.promotion_id not in exchanged:
                number = int(effect.voucher_id[len(record.event_id) + 1 :])
                issued.append((number, effect.promotion_id, 0))
        elif isinstance(effect, ledger.VoucherRedeemed) and effect.voucher:
            used.append(_used(effect))
    return exchanged, counts, issued, used


def _count(counts: list[tuple[str, int, int, int]], effect: ledger.Counted) -> None:
    """One row a counter and period, which a wallet's limit may move more than once."""
    for at, (counter, period, by, last_day) in enumerate(counts):
        if (counter, period) == (effect.counter, effect.period):
            counts[at] = (counter, period, by + effect.by, last_day)
            return
    counts.append((effect.counter, effect.period, effect.by, effect.last_day))


def _at_levels(programme: Programme, levels: Sequence[str]) -> Programme:
    """The programme at the levels that a sale was judged at, as `SaleJudged` says them."""
    return programme.at_levels(tuple(levels[1::2])) if levels else programme


def _spent(record: Record) -> tuple[object, ...] | None:
    """The points that a payment took."""
    for effect in record.effects:
        match effect:
            case ledger.PointsSpent(purpose="payment") | ledger.HoldEnded(outcome="captured"):
                return (effect.wallet, effect.amount_minor, *_columns(effect.taken), 0)
    return None


def exchanges(record: Record, undoable: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """By name, the packed receipts of what the vouchers of an accepted record were made of.

    Args:
        record: the record.
        undoable: the promotions whose exchanges a return may undo; each gives one voucher a time.
    """
    for spent in record.effects:
        if not isinstance(spent, ledger.PointsSpent) or spent.promotion_id not in undoable:
            continue
        vouchers = [
            one.voucher_id
            for one in record.effects
            if isinstance(one, ledger.VoucherIssued) and one.promotion_id == spent.promotion_id
        ]
        left = wallet_of(lots_of(spent.taken))
        for voucher_id in vouchers:
            part = taken_from(left.lots, spent.points // len(vouchers))
            take(left, part)
            of = Spent(spent.wallet, 0, *_columns(part), event_id=record.event_id)
            receipt = Receipt(b"", 0, 0, record.account_id, spent=of)
            yield exchanged_for(voucher_id), pack_receipt(receipt)


def _columns(taken: Taken) -> _Columns:
    return taken.lot_ids, taken.points, taken.last_days, taken.earned_on, taken.promotion_ids


_CHANGING: Final = frozenset(
    {
        ledger.PointsExpired,
        ledger.PointsRestored,
        ledger.VoucherRedeemed,
        ledger.VoucherRestored,
    }
)
"""Effects that change what is remembered of earlier events."""


def changes(record: Record, remembered: Callable[[str], Receipt | None]) -> Iterator[Change]:
    """What an accepted record changes of earlier receipts.

    Args:
        record: the record.
        remembered: an event's receipt before any of these changes.
    """
    sale = record.sale
    original = sale.original_sale if sale is not None else ""
    restored: list[str] = []
    for effect in record.effects:
        # Nearly no effect does, and asking each for its kind one by one takes long.
        if type(effect) not in _CHANGING:
            continue
        match effect:
            case ledger.PointsExpired():
                for lot_id, points in zip(effect.taken.lot_ids, effect.taken.points, strict=True):
                    event_id, _, number = lot_id.rpartition("#")
                    yield Change(event_id, partial(_expire, int(number), points))
            case ledger.PointsRestored():
                yield Change(effect.original_event, partial(_restore, effect.points))
            case ledger.VoucherRedeemed() if effect.voucher:
                used = partial(_use, effect.voucher_id, effect.amount_minor)
                yield Change(issuing_event(effect.voucher_id), used)
                yield Change(exchanged_for(effect.voucher_id), partial(_use_exchanged, 1))
                if effect.sale_id not in ("", record.event_id):
                    yield Change(effect.sale_id, partial(_use_beside, effect), waits=True)
            case ledger.VoucherRestored():
                before = restored.count(effect.voucher_id)
                restored.append(effect.voucher_id)
                amount = _used_minor(remembered(effect.sale_id), effect.voucher_id, before)
                not_used = partial(_use, effect.voucher_id, -amount)
                yield Change(issuing_event(effect.voucher_id), not_used)
                yield Change(exchanged_for(effect.voucher_id), partial(_use_exchanged, -1))
    if sale is not None and original:
        yield Change(original, partial(_return, record, sale))


def issuing_event(voucher_id: str) -> str:
    """The event that issued a voucher."""
    return voucher_id.rpartition("#")[0]


def _expire(number: int, points: int, receipt: Receipt) -> None:
    """Of what a sale gave, so many points ended unused."""
    for grant in receipt.grants:
        if grant.lot_no == number:
            grant.expired += points


def _restore(points: int, receipt: Receipt) -> None:
    if receipt.spent is not None:
        receipt.spent.restored += points


def _use(voucher_id: str, amount_minor: int, receipt: Receipt) -> None:
    one = receipt.voucher(voucher_id)
    if one is not None:
        one.used_minor += amount_minor


def _use_exchanged(times: int, receipt: Receipt) -> None:
    """What became a voucher stands as long as any use of it does."""
    if receipt.spent is not None:
        receipt.spent.uses += times


def _use_beside(effect: ledger.VoucherRedeemed, receipt: Receipt) -> None:
    """A voucher that was presented beside its sale, or before the sale was recorded."""
    receipt.used = [*receipt.used, Used(*_used(effect))]


def _used(effect: ledger.VoucherRedeemed) -> tuple[str, int, bool, str, int, str, str]:
    """The fields of a `Used`."""
    return (
        effect.voucher_id,
        effect.amount_minor,
        effect.used_up,
        effect.voucher,
        effect.issued_on,
        effect.promotion_id,
        effect.campaign_id,
    )


def _used_minor(receipt: Receipt | None, voucher_id: str, before: int) -> int:
    """What a use of a voucher took off a sale, behind so many others of the same voucher."""
    used = () if receipt is None else receipt.used
    amounts = [one.amount_minor for one in used if one.voucher_id == voucher_id]
    return amounts[before] if before < len(amounts) else 0


def _return(record: Record, sale: ledger.Sale, receipt: Receipt) -> None:
    """A sale's receipt after a return of it was accepted."""
    returned = list(receipt.returned_milli)
    for number, quantity in zip(sale.line_numbers, sale.quantities_milli, strict=True):
        at = receipt.line_numbers.index(number)
        returned[at] = returned[at] + quantity if receipt.quantities_milli[at] else 1
    receipt.returned_milli = returned
    for effect in record.effects:
        match effect:
            case ledger.PointsReversed():
                _reverse(effect, receipt)
            case ledger.PointsWrittenOff() if effect.policy == EXPIRED:
                for grant in receipt.granted(effect.promotion_id, effect.wallet):
                    grant.expired -= effect.points
            case ledger.Counted():
                for one in receipt.counts:
                    if (one.counter, one.period) == (effect.counter, effect.period):
                        one.by += effect.by
            case ledger.RefundReduced():
                _use(effect.source_id, -effect.amount_minor, receipt)
            case ledger.VoucherRestored():
                used = [one for one in receipt.used if one.voucher_id != effect.voucher_id]
                receipt.used = used


def _reverse(effect: ledger.PointsReversed, receipt: Receipt) -> None:
    for grant in receipt.granted(effect.promotion_id, effect.wallet):
        # Points that belong to no line come back whole.
        now = effect.points_by_line or grant.by_line
        both = zip(grant.reversed_by_line, now, strict=True)
        grant.reversed_by_line = [before + more for before, more in both]
