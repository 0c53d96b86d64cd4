"""The state of one partition: a cache of its accepted ledger, rebuilt by folding it."""

from collections import deque
from hashlib import sha256
from itertools import islice
from typing import Final

from processors.core.calendar_index import Calendar
from processors.core.overlay import DIGEST_MODULUS, InForce, Overlay, contribution
from processors.core.packing import unpack
from processors.core.receipt_book import Receipts
from schemas import buckets
from schemas.chain import Kind, Prefix
from schemas.ledger import RESUMED, Record, Totals

REFUSALS_WATCHED: Final = 10_000
"""Among so many last decisions, refusals that speak of a broken producer are counted."""
LEFT_TO_CHECKPOINT: Final = 1_000
"""So many changed accounts are left for a CHECKPOINT to sum up, which takes ten milliseconds."""
SUMMED_AT_ONCE: Final = 50
"""So many of the others are summed up between two batches, in half a millisecond."""


class SumsDiffer(Exception):
    """A record states a sum that folding the ledger before it does not give."""


class PartitionState:
    """One partition's state.

    Attributes:
        partition, partitions: which of how many.
        accounts: id → packed account.
        receipts: what was decided before.
        due: business date → accounts that its close may change; may name some too many.
        programmes: activations in the order they came.
        stopped: promotions ended by hand.
        dates: whose birthday and whose anniversary a day is; derived.
        closed_through: the last closed business date; None before the first.
        sums: over all accounts, by wallet and bucket.
        contributions, contribution_sum: what accounts add to the digest of a CHECKPOINT; none
            of those that add 0.
        unsummed: accounts that changed since theirs was worked out.
    """

    def __init__(self, partition: int, partitions: int) -> None:
        self.partition = partition
        self.partitions = partitions
        self.accounts: dict[str, bytes] = {}
        self.receipts = Receipts()
        self.due: dict[int, set[str]] = {}
        self.programmes: tuple[InForce, ...] = ()
        self.stopped: tuple[str, ...] = ()
        self.dates = Calendar()
        self.closed_through: int | None = None
        self.sums: buckets.Sums = {}
        self.contributions: dict[str, int] = {}
        self.contribution_sum = 0
        self.unsummed: set[str] = set()
        self._refused: deque[bool] = deque(maxlen=REFUSALS_WATCHED)
        self._refused_count = 0
        self._refused_run = 0

    def fold(self, prefix: Prefix, record: Record) -> None:
        """Apply one accepted record of any kind.

        Raises:
            SumsDiffer: `before` or a CHECKPOINT's totals are not what the fold gives.
            CannotEvolve: a record takes what its account does not have.
            UpgradeNeeded: it activates a programme that this code is too old for.
        """
        overlay = Overlay(self)
        fold(overlay, prefix, record)
        overlay.commit()

    def totals(self) -> Totals:
        """What a CHECKPOINT says now."""
        overlay = Overlay(self)
        stated = overlay.totals()
        overlay.commit()
        return stated

    def sum_ahead(self) -> None:
        """Work out some of what the next CHECKPOINT states, while there is time for it.

        It states the same however much was worked out before, and everybody waits for it.
        """
        many = min(len(self.unsummed) - LEFT_TO_CHECKPOINT, SUMMED_AT_ONCE)
        for account_id in list(islice(self.unsummed, max(many, 0))):
            account = unpack(self.accounts.get(account_id))
            self.contribute(account_id, contribution(account_id, account))
            self.unsummed.discard(account_id)

    def contribute(self, account_id: str, number: int) -> None:
        """From now on an account adds this to the digest of a CHECKPOINT."""
        more = number - self.contributions.pop(account_id, 0)
        self.contribution_sum = (self.contribution_sum + more) % DIGEST_MODULUS
        if number:
            self.contributions[account_id] = number

    def count_refused(self, not_ours: bool) -> None:
        """Note one decision: whether it refused what no producer of ours would write."""
        if len(self._refused) == REFUSALS_WATCHED:
            self._refused_count -= self._refused[0]
        self._refused.append(not_ours)
        self._refused_count += not_ours
        self._refused_run = self._refused_run + 1 if not_ours else 0

    def forget_refused(self) -> None:
        """A person has looked at what was refused: it counts no longer."""
        self._refused.clear()
        self._refused_count = self._refused_run = 0

    def refused_too_often(self, in_a_row_max: int, of_10000_max: int) -> bool:
        """Whether so much was refused that somebody should look before it goes on."""
        return self._refused_run > in_a_row_max or self._refused_count > of_10000_max

    def digest(self) -> str:
        """A hash of the whole state: equal states, equal digests."""
        whole = sha256()
        for account_id, packed in sorted(self.accounts.items()):
            whole.update(account_id.encode() + b"\0" + packed)
        for key, packed in self.receipts:
            whole.update(key + packed)
        whole.update(repr(self.totals()).encode())
        whole.update(repr((self.closed_through, self._refused_count, self._refused_run)).encode())
        for one in self.programmes:
            whole.update(f"{one.effective_from} {one.programme.checked.document_hash}".encode())
        whole.update(repr(self.stopped).encode() if self.stopped else b"")
        return whole.hexdigest()


def fold(overlay: Overlay, prefix: Prefix, record: Record) -> None:
    """Apply one accepted record of any kind to an overlay, which may take many before it commits.

    Raises:
        SumsDiffer, CannotEvolve, UpgradeNeeded: as `PartitionState.fold`.
    """
    if prefix.kind is Kind.DECISION:
        differing = overlay.fold(record, prefix.source_offset)
        if differing is not None:
            raise SumsDiffer(f"{record.account_id}: {differing} at seq {prefix.seq}")
    elif prefix.kind is Kind.CLAIM:
        if record.claim is not None and record.claim.why.startswith(RESUMED):
            overlay.forgive_refusals()
    elif prefix.kind is Kind.CHECKPOINT and record.totals != overlay.totals():
        raise SumsDiffer(f"the totals of the checkpoint at seq {prefix.seq}")
