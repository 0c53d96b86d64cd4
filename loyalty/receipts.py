"""What a sale's receipt says of points, made from the ledger as it stood behind the sale.  Pure."""

from loyalty.holdings import Entry
from loyalty.reading import Account as Read
from processors.core.account import Account
from processors.core.evolve import evolve
from processors.core.judging import levels_of
from processors.core.message_values import Seen, text_for
from processors.core.programme import compiled
from schemas import ledger


def receipt_text(sale: Entry, read: Read) -> str:
    """The programme's receipt text, in the member's language if it has one in it.

    Empty if the sale was refused, nothing was in force, or the programme has no such text.

    Args:
        sale: its record.
        read: all records of its account, and the programmes.
    """
    record = sale.record
    document = read.documents.get(record.programme_version)
    if record.decision == "REFUSED" or record.sale is None or document is None:
        return ""
    account, language = Account(), ""
    for entry in read.entries:
        if entry.prefix.seq > sale.prefix.seq:
            break
        if entry.record.decision == "ACCEPTED":
            account = evolve(account, entry.record)
            language = _language(entry.record) or language
    programme = compiled(document)
    seen = Seen(
        account,
        programme.at_levels(levels_of(account, programme)),
        record.effects,
        record.business_date,
        record.sale.net_minor,
    )
    return text_for("receipt", language, seen)


def _language(record: ledger.Record) -> str:
    """The language that a record gives the member; empty if it gives none."""
    said = [
        effect.language
        for effect in record.effects
        if isinstance(effect, ledger.MemberEnrolled | ledger.MemberChanged)
    ]
    return next(iter(said), "")
