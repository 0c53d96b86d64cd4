"""The story of a sale or of a member, line by line, from ledger records.  Pure."""

from collections.abc import Iterable, Iterator, Sequence

from loyalty.amounts import day, money
from loyalty.holdings import Entry, Holdings, Lot, holdings, parts, taken_by
from loyalty.sentences import Names, effect_sentence, terms, title
from schemas import ledger
from schemas.chain import Kind
from schemas.ledger import Effect, Record
from schemas.refusals import Refusal


def sale_story(entry: Entry, account: Sequence[Entry], names: Names) -> list[str]:
    """One sale and what became of its points.

    Args:
        entry: the record of the sale.
        account: all records of its account, in order, as far as they are to be told.
        names: programme names by version.
    """
    record = entry.record
    head = f"Sale {record.event_id}: {title(record)}"
    if record.sale is not None:
        count = len(record.sale.line_numbers)
        lines = "1 line" if count == 1 else f"{count} lines"
        head += f", {lines}, {money(record.sale.net_minor, record.sale.currency)} "
        head += f"{record.sale.currency} (receipt {record.sale.receipt_no})"
    story = [f"{head}, ledger {entry.place}."]
    if record.decision == "REFUSED":
        return [*story, f"  {_refused(record)}"]
    held = holdings(account)
    for effect in record.effects:
        story.append(f"  {effect_sentence(effect, record, names)}.")
        if isinstance(effect, ledger.PointsEarned):
            story.append(f"    {fate(held.lots[effect.lot_id], account)}.")
    if not record.effects:
        story.append("  It changed nothing: no programme was in force, or nothing in it applied.")
    story += [
        f"  Later: {title(later.record)} ({later.record.event_id})."
        for later in account
        if later.record.sale is not None
        and later.record.sale.original_sale == record.event_id
        and later.record.decision == "ACCEPTED"
    ]
    return story


def member_story(
    account: Sequence[Entry], names: Names, events_max: int | None = None
) -> list[str]:
    """What the account holds, lot by lot, and what happened to it, newest last.

    Of the events, at most the last `events_max` are told; all of them for None.
    """
    held = holdings(account)
    story = [line for wallet in held.wallets() for line in _wallet_lines(wallet, held, names)]
    if not held.wallets():
        story.append("No points have been earned yet.")
    story += [
        f"Voucher {voucher.voucher}, valid to {day(voucher.last_day)} ({voucher.voucher_id})."
        for voucher in held.vouchers.values()
        if voucher.status == "issued"
    ]
    story.append("What happened:")
    left_out = 0 if events_max is None else max(len(account) - events_max, 0)
    if left_out:
        story.append(f"  … {left_out} earlier")
    for entry in account[left_out:]:
        story += _event_lines(entry, names)
    return story


def fate(lot: Lot, account: Iterable[Entry]) -> str:
    """What became of a lot: `30 of them became voucher ten-off on 2 April 2017; 23 are left`."""
    said = []
    for entry in account:
        for effect in entry.record.effects:
            taken = taken_by(effect)
            points = sum(p for lot_id, p in parts(taken) if lot_id == lot.lot_id) if taken else 0
            if points:
                said.append(f"{points} of them {_use(effect, entry.record)}")
            if isinstance(effect, ledger.LotsMerged):
                said += _merging(effect, lot, entry.record)
    left = {0: "none is left", 1: "1 is left"}.get(lot.left, f"{lot.left} are left")
    if lot.pending and lot.left:
        left += ", not spendable yet"
    return "; ".join([*said, left])


def _merging(effect: ledger.LotsMerged, lot: Lot, record: Record) -> Iterator[str]:
    """What a merging was for one of its lots; nothing for any other."""
    (first, own), *others = parts(effect.taken)
    on = f"on {day(record.business_date)}"
    if lot.lot_id == first:
        yield f"{sum(effect.taken.points) - own} of later lots came to them {on}"
    for lot_id, points in others:
        if lot_id == lot.lot_id:
            yield f"{points} of them became part of lot {first} {on}"


def _use(effect: Effect, record: Record) -> str:
    on = f"on {day(record.business_date)}"
    match effect:
        case ledger.PointsSpent() if effect.purpose == "convert":
            given = [
                other.voucher
                for other in record.effects
                if isinstance(other, ledger.VoucherIssued)
                and other.promotion_id == effect.promotion_id
            ]
            became = f"voucher {given[0]}" if given else f"something else by {effect.promotion_id}"
            return f"became {became} {on}"
        case ledger.PointsSpent():
            return f"paid {on} ({record.event_id})"
        case ledger.PointsReversed():
            return f"went back with a return {on}"
        case ledger.PointsRepaid():
            return f"repaid what was owed {on}"
        case ledger.PointsExpired():
            return f"expired at the close of {day(record.business_date)}"
        case _:
            return f"were taken by a correction {on}"


def _refused(record: Record) -> str:
    return f"It was refused, {record.reason}: {Refusal(record.reason).sentence}"


def _wallet_lines(wallet: str, held: Holdings, names: Names) -> list[str]:
    said = f"{wallet}: {held.available(wallet)} available, {held.pending(wallet)} pending"
    if wallet.startswith("tier:"):
        return [f"{said}, counted for the level."]
    if held.owed.get(wallet):
        said += f", {held.owed[wallet]} owed"
    lines = [f"{said}."]
    for lot in held.open_lots(wallet):
        by = (
            f"{lot.promotion_id} ({names.get(lot.programme_version, 'programme')} "
            f"v{lot.programme_version})"
            if lot.promotion_id
            else "a correction"
        )
        lines.append(
            f"  {lot.left} left of {lot.granted} from {by} on {day(lot.earned_on)}; "
            f"{terms(lot.spendable_on, lot.last_day)} (lot {lot.lot_id})"
        )
    return lines


def _event_lines(entry: Entry, names: Names) -> list[str]:
    record = entry.record
    if entry.prefix.kind is not Kind.DECISION:
        return []
    head = f"  {title(record)} ({record.event_id}, ledger {entry.place})"
    if record.decision == "REFUSED":
        return [f"{head}: {_refused(record)}"]
    if not record.effects:
        return [f"{head}: nothing changed"]
    return [f"{head}:"] + [
        f"    {effect_sentence(effect, record, names)}" for effect in record.effects
    ]
