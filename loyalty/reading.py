"""Finding an account's or a receipt's records in the ledger: the accepted ones, and only those."""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial

from msgspec import Struct

from infra.log import LedgerLog
from loyalty.as_of import as_of
from loyalty.holdings import Entry
from loyalty.outcome import Code, Trouble
from loyalty.sentences import Names
from processors.core.programme import Programme, compiled
from processors.core.versions import EVOLVE_VERSION
from processors.stream.fold import READABLE
from producers.pos import number_of_receipt
from schemas.chain import Accepted, Chain, Halted, RecentHashes, accept
from schemas.codec import decode_body
from schemas.ledger import ProgrammeActivated, Record
from schemas.topics import partition_of

_ACTIVATION = b"ProgrammeActivated"
_WORDS_LOOKED_FOR = 100


class Account(Struct, frozen=True):
    """All records of an account in the order of the ledger; programmes by their versions.

    Attributes:
        entries: the records.
        names: version → the programme's name.
        documents: version → its canonical document.
        left_out: records of before the end of a day that use what came after it.
    """

    entries: list[Entry]
    names: Names
    documents: Mapping[int, str]
    left_out: int = 0

    def through(self, last_day: int | None) -> "Account":
        """The account as it was at the end of a business date; as it is for None."""
        if last_day is None:
            return self
        dated = sum(entry.record.business_date <= last_day for entry in self.entries)
        kept = as_of(self.entries, last_day)
        return Account(kept, self.names, self.documents, dated - len(kept))

    def programme(self) -> Programme | None:
        """The programme by which the last of the records was decided; None if there was none."""
        versions = (entry.record.programme_version for entry in reversed(self.entries))
        last = next((one for one in versions if one in self.documents), None)
        return None if last is None else compiled(self.documents[last])


def read_account(log: LedgerLog, generation: str, account_id: str) -> Account:
    """Everything the ledger says of an account; without entries if it says nothing.

    Raises:
        Trouble: the ledger cannot be read to its end.
    """
    wanted = account_id.encode()
    partition = partition_of(account_id, log.identity.partitions)
    entries = []
    names: dict[int, str] = {}
    documents: dict[int, str] = {}
    for entry in read_entries(
        log, generation, partition, lambda v: wanted in v or _ACTIVATION in v
    ):
        for effect in entry.record.effects:
            if isinstance(effect, ProgrammeActivated):
                names[effect.version] = effect.name
                documents[effect.version] = effect.document
        if entry.record.account_id == account_id:
            entries.append(entry)
    return Account(entries, names, documents)


def accounts_among(log: LedgerLog, generation: str, ids: Collection[str]) -> frozenset[str]:
    """Which of these ids are accounts that the ledger has changed.

    Raises:
        Trouble: the ledger cannot be read to its end.
    """
    by_partition: dict[int, list[bytes]] = {}
    for one in ids:
        by_partition.setdefault(partition_of(one, log.identity.partitions), []).append(one.encode())
    return frozenset(
        entry.record.account_id
        for partition, wanted in by_partition.items()
        for entry in read_entries(log, generation, partition, partial(_has_one, wanted))
        if entry.record.account_id in ids and entry.record.decision == "ACCEPTED"
    )


def _has_one(words: Collection[bytes], value: bytes) -> bool:
    """Whether one of the words is there; of more words it is quicker to read the record."""
    return len(words) > _WORDS_LOOKED_FOR or any(word in value for word in words)


class Wanted(Struct, frozen=True):
    """A sale or return that somebody asks for.

    Attributes:
        word: its event id, or the number on the paper.
        store: at which store; any for an empty one.
        day: of which business date; any for None.
    """

    word: str
    store: str = ""
    day: int | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether only a receipt can be meant."""
        return bool(self.store) or self.day is not None

    def is_met_by(self, record: Record) -> bool:
        """Whether a record is of what is asked for."""
        if record.event_type not in ("SaleRecorded", "SaleReturned"):
            return False
        # Of a refused one the ledger keeps no more than its id, which mostly tells the number.
        told = record.sale
        number = number_of_receipt(record.event_id) if told is None else told.receipt_no
        return (
            self.word in (record.event_id, number)
            and self.store in ("", record.store_id)
            and self.day in (None, record.business_date)
        )


def find_receipts(log: LedgerLog, generation: str, wanted: Wanted) -> list[Entry]:
    """The sales and returns asked for, in any partition: the accepted ones, else the refused.

    One that was refused several times is told once.

    Raises:
        Trouble: the ledger cannot be read to its end.
    """
    word = wanted.word.encode()
    found = [
        entry
        for partition in range(log.identity.partitions)
        for entry in read_entries(log, generation, partition, lambda value: word in value)
        if wanted.is_met_by(entry.record)
    ]
    accepted = [entry for entry in found if entry.record.decision == "ACCEPTED"]
    first = {entry.record.event_id: entry for entry in reversed(found)}
    return accepted or list(first.values())


def read_entries(
    log: LedgerLog, generation: str, partition: int, worth_reading: Callable[[bytes], bool]
) -> Iterator[Entry]:
    """The accepted records of a partition whose bytes look as if they were asked for.

    Looking for a word in the bytes costs a thousandth of decoding them.

    Raises:
        Trouble: the ledger cannot be read to its end.
    """
    chain, recent = Chain(generation, partition), RecentHashes()
    for stored in log.read_ledger(partition, 0, log.ledger_end(partition)):
        match accept(stored.value, chain, recent, EVOLVE_VERSION, READABLE):
            case Accepted(prefix, body_start, extended):
                chain = extended
                recent.add(extended.head)
                if worth_reading(stored.value):
                    yield Entry(prefix, decode_body(stored.value, body_start))
            case Halted(reason, detail):
                raise Trouble(
                    f"Partition {partition} cannot be read past ledger offset {stored.offset}: "
                    f"{reason.sentence} ({detail}) `loyalty verify` says more.",
                    Code.FOUND,
                )
            case _:
                pass
