"""The story of a sale, a return or a member, line by line, from ledger records.  Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from loyalty.amounts import day, money
from loyalty.fates import fate
from loyalty.holdings import Entry, Holdings, holdings
from loyalty.sentences import Names, effect_sentence, terms, title
from processors.core.ladder import WALLET, Ladder
from processors.core.programme import Programme
from processors.core.rung import rung_of
from processors.core.voucher import Voucher
from schemas import ledger
from schemas.chain import Kind
from schemas.ledger import NEVER, Record, Sale
from schemas.refusals import Refusal


def sale_story(entry: Entry, account: Sequence[Entry], names: Names) -> list[str]:
    """One sale and what became of its points.

    Args:
        entry: the record of the sale.
        account: all records of its account, in order, as far as they are to be told.
        names: programme names by version.
    """
    record = entry.record
    story = [_head("Sale", entry)]
    if record.decision == "REFUSED":
        return [*story, f"  {_refused(record)}"]
    held, sold = holdings(account), _sold(account)
    for effect in record.effects:
        story.append(f"  {effect_sentence(effect, record, names, sold)}.")
        if isinstance(effect, ledger.PointsEarned) and effect.lot_id in held.origins:
            story.append(f"    {fate(effect.lot_id, held, account)}.")
    if not record.effects:
        story.append("  It changed nothing: no programme was in force, or nothing in it applied.")
    story += [
        f"  Later: {title(later.record)} "
        f"(receipt {later.record.sale.receipt_no}, {later.record.event_id})."
        for later in account
        if later.record.sale is not None
        and later.record.sale.original_sale == record.event_id
        and later.record.decision == "ACCEPTED"
    ]
    return story


def return_story(entry: Entry, account: Sequence[Entry], names: Names) -> list[str]:
    """One return: what came back of which sale, and what it changed.

    Args:
        entry: the record of the return.
        account: all records of its account, in order, as far as they are to be told.
        names: programme names by version.
    """
    record = entry.record
    story = [_head("Return", entry)]
    if record.decision == "REFUSED":
        return [*story, f"  {_refused(record)}"]
    sold = _sold(account)
    if record.sale is not None:
        story.append(f"  {_came_back(record.sale)}.")
    story += [f"  {effect_sentence(effect, record, names, sold)}." for effect in record.effects]
    return story if record.effects else [*story, "  It changed nothing."]


def _head(what: str, entry: Entry) -> str:
    """Which receipt it is, and where it stands in the ledger."""
    record, said = entry.record, ""
    if record.sale is not None:
        count = len(record.sale.line_numbers)
        lines = "1 line" if count == 1 else f"{count} lines"
        amount = f"{money(record.sale.net_minor, record.sale.currency)} {record.sale.currency}"
        said = f", {lines}, {amount} (receipt {record.sale.receipt_no})"
    return f"{what} {record.event_id}: {title(record)}{said}, ledger {entry.place}."


def _came_back(sale: Sale) -> str:
    """The lines of a return by the numbers that the sale's receipt gives them."""
    of = f"sale {sale.original_sale}" if sale.original_sale else "a sale that it does not name"
    rows = zip(sale.line_numbers, sale.quantities_milli, sale.nets_minor, strict=True)
    lines = []
    for number, milli, net in rows:
        quantity = f"{Decimal(milli).scaleb(-3).normalize():f} for " if milli else ""
        lines.append(f"line {number}, {quantity}{money(net, sale.currency)}")
    return f"Of {of} came back: {'; '.join(lines) or 'no line'}"


def member_story(
    account: Sequence[Entry],
    names: Names,
    events_max: int | None = None,
    programme: Programme | None = None,
) -> list[str]:
    """What the account holds, lot by lot, its levels, and what happened to it, newest last.

    Args:
        account: all its records, in order, as far as they are to be told.
        names: programme names by version.
        events_max: of the events, at most so many of the last are told; all of them for None.
        programme: whose ladders the member stands on; without one no level is told.
    """
    held = holdings(account)
    wallets = [name for name in held.wallets() if not name.startswith(WALLET)]
    story = [line for wallet in wallets for line in _wallet_lines(wallet, held, names)]
    if not wallets:
        story.append("No points have been earned yet.")
    if programme is not None:
        # A club's ladder counts for who is in the club; anybody may be put on it by hand.
        story += [
            _level_line(held, one, programme)
            for one in programme.ladders.values()
            if one.is_for(held.account.labels) or one.name in held.account.tiers
        ]
    story += [
        _voucher_line(one, held.worths[one.voucher_id])
        for one in held.account.vouchers
        if one.uses_left
    ]
    story.append("What happened:")
    left_out = 0 if events_max is None else max(len(account) - events_max, 0)
    if left_out:
        story.append(f"  … {left_out} earlier")
    sold = _sold(account)
    for entry in account[left_out:]:
        story += _event_lines(entry, names, sold)
    return story


def _sold(account: Sequence[Entry]) -> Mapping[str, Sequence[int]]:
    """Sale → the numbers of its lines on the receipt."""
    sales = (one.record for one in account if one.record.event_type == "SaleRecorded")
    return {one.event_id: one.sale.line_numbers for one in sales if one.sale is not None}


def _refused(record: Record) -> str:
    return f"It was refused, {record.reason}: {Refusal(record.reason).sentence}"


def _wallet_lines(name: str, held: Holdings, names: Names) -> list[str]:
    wallet = held.wallet(name)
    said = f"{name}: {held.available(name)} available, {held.pending(name)} pending"
    if wallet.held:
        said += f", {wallet.held} held"
    if wallet.owed:
        said += f", {wallet.owed} owed"
    lines = [f"{said}."]
    for lot in wallet.lots:
        origin = held.origins[lot.lot_id]
        version = origin.record.programme_version
        by = (
            f"{lot.promotion_id} ({names.get(version, 'programme')} v{version})"
            if lot.promotion_id
            else "a correction"
        )
        lines.append(
            f"  {lot.left} left of {origin.granted} from {by} on {day(lot.earned_on)}; "
            f"{terms(origin.effect.spendable_on, lot.last_day)} (lot {lot.lot_id})"
        )
    return lines + [
        f"  {one.points} held for a payment (hold {hold_id})"
        for hold_id, one in held.account.holds.items()
        if one.wallet == name
    ]


def _level_line(held: Holdings, ladder: Ladder, programme: Programme) -> str:
    """The level on a ladder, its last day, and what is missing to the next one."""
    rung = rung_of(held.account, ladder)

    def measured(number: int) -> str:
        if ladder.measure == "spend":
            return f"{money(number, programme.currency)} {programme.currency}"
        if ladder.measure == "visits":
            return "1 visit" if number == 1 else f"{number} visits"
        return f"{number} {ladder.points_of or next(iter(programme.wallets))}"

    until = "" if rung.last_day == NEVER else f" to {day(rung.last_day)}"
    above = f"{measured(rung.missing)} missing to {rung.above}" if rung.above else "the highest"
    return f"Level {rung.level} on {ladder.name}{until}: {measured(rung.counted)} counted, {above}."


def _voucher_line(voucher: Voucher, worth_minor: int) -> str:
    uses = f" for {voucher.uses_left} uses" if voucher.uses_left > 1 else ""
    left = ""
    if voucher.amount_minor != worth_minor:
        rest, whole = (money(one, voucher.currency) for one in (voucher.amount_minor, worth_minor))
        left = f" {rest} left of {whole} {voucher.currency},"
    return (
        f"Voucher {voucher.voucher},{left} valid{uses} to {day(voucher.last_day)} "
        f"({voucher.voucher_id})."
    )


def _event_lines(entry: Entry, names: Names, sold: Mapping[str, Sequence[int]]) -> list[str]:
    record = entry.record
    if entry.prefix.kind is not Kind.DECISION:
        return []
    head = f"  {title(record)} ({record.event_id}, ledger {entry.place})"
    if record.decision == "REFUSED":
        return [f"{head}: {_refused(record)}"]
    if not record.effects:
        return [f"{head}: nothing changed"]
    return [f"{head}:"] + [
        f"    {effect_sentence(effect, record, names, sold)}" for effect in record.effects
    ]
