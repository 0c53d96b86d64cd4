"""The state as changed by records that are not yet acknowledged; thrown away or committed whole."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from processors.core.account import Account
from processors.core.calendar_index import TELLS_DATES, Calendar
from processors.core.draft import outstanding
from processors.core.evolve import counts_as_sale, evolve
from processors.core.packing import (
    due_on,
    pack,
    pack_points,
    pack_receipt,
    packed_due_on,
    receipt_key,
    unpack,
    unpack_receipt,
)
from processors.core.programme import Programme, compiled
from processors.core.receipts import HORIZON_DAYS, Receipt
from processors.core.remembering import (
    changes,
    exchanges,
    issuing_event,
    receipt_of,
    waiting_for,
)
from processors.core.versions import DECIDER_VERSION
from processors.core.voucher import Voucher
from schemas import buckets
from schemas.ledger import (
    NEVER,
    DayClosed,
    ProgrammeActivated,
    PromotionStopped,
    Record,
    Totals,
)
from schemas.refusals import NOT_OURS

if TYPE_CHECKING:
    from processors.core.partition import PartitionState

DIGEST_MODULUS: Final = 1 << 256


class UpgradeNeeded(Exception):
    """A programme was activated that this code is too old to decide by."""


class InForce(NamedTuple):
    """One activation: from which business date which programme decides.

    Attributes:
        effective_from: that business date.
        programme: what decides.
        behind: the business day that had closed last when it was told; None before the first.
    """

    effective_from: int
    programme: Programme
    behind: int | None = None


class Overlay:
    """What a batch of records changes, over a state that stays as it is until `commit`.

    Attributes:
        partition, partitions: which of how many.
        closed_through, programmes, stopped: as they are with the overlay.
    """

    def __init__(self, state: PartitionState) -> None:
        self._state = state
        self.partition = state.partition
        self.partitions = state.partitions
        self.closed_through = state.closed_through
        self.programmes = state.programmes
        self.stopped = state.stopped
        self._accounts: dict[str, bytes] = {}
        # Folded and not yet packed: of many records in a row the next often wants one of these.
        self._open: dict[str, Account] = {}
        # A receipt that the state has too keeps its date there.
        self._receipts: dict[bytes, tuple[bytes, int | None]] = {}
        self._first_filed = NEVER
        self._forgotten: set[bytes] = set()
        self._due: dict[int, set[str]] = {}
        self._dates = Calendar()
        self._refused: list[bool] = []
        self._forgiven = False
        self._sums: buckets.Sums = {}
        self._contributions: dict[str, int] = {}
        self._unsummed: set[str] = set()
        self._summed = False
        # An event is looked up before it is decided and filed behind it.
        self._last_key = ("", b"")

    def packed(self, account_id: str) -> bytes | None:
        """An account's bytes as they stand, or None if it is unknown."""
        account = self._open.pop(account_id, None)
        if account is not None:
            self._put(account_id, account)
        packed = self._accounts.get(account_id)
        return self._state.accounts.get(account_id) if packed is None else packed

    def receipt(self, event_id: str) -> Receipt | None:
        """What an event left behind, or None if it is not remembered."""
        return self._receipt_at(self._key(event_id))

    def _key(self, event_id: str) -> bytes:
        known, key = self._last_key
        if known != event_id:
            key = receipt_key(event_id)
            self._last_key = (event_id, key)
        return key

    def _receipt_at(self, key: bytes) -> Receipt | None:
        changed = self._receipts.get(key)
        if changed is not None:
            return unpack_receipt(changed[0])
        packed = None if key in self._forgotten else self._state.receipts.get(key)
        return None if packed is None else unpack_receipt(packed)

    def programme_on(self, business_date: int) -> Programme | None:
        """The one activated last among those in force on that day."""
        for one in reversed(self.programmes):
            if one.effective_from <= business_date:
                return one.programme
        return None

    def programme_of_last_close(self) -> Programme | None:
        """The one that decided what the last closed day changed."""
        closed = self.closed_through
        if closed is None:
            return None
        for one in reversed(self.programmes):
            if one.effective_from <= closed and (one.behind is None or one.behind < closed):
                return one.programme
        return None

    def programme_of(self, version: int) -> Programme | None:
        """The programme of a version that decided something; None for version 0."""
        for one in reversed(self.programmes):
            if one.programme.version == version:
                return one.programme
        return None

    def issuer(self, voucher: Voucher) -> Programme | None:
        """The programme that a voucher has its terms from; None if that one does not define it.

        It is the one that decided what issued it.  The close of a day leaves no receipt, nor does
        what lies behind the horizon: then it is the one in force on the day of issue.
        """
        receipt = self.receipt(issuing_event(voucher.voucher_id))
        if receipt is None:
            programme = self.programme_on(voucher.issued_on)
        else:
            programme = self.programme_of(receipt.programme_version)
        defined = programme is not None and voucher.voucher in programme.vouchers
        return programme if defined else None

    def due_accounts(
        self, through: int, *, birthdays: bool, anniversaries: bool, levels: bool
    ) -> list[str]:
        """In order of their ids, the accounts that closing this day may change.

        Args:
            through: the day that closes.
            birthdays: those of the next day count, and of the month that begins with it.
            anniversaries: those of the next day count.
            levels: any account may have earned another level.
        """
        self._put_open()
        if levels:
            return sorted(self._state.accounts.keys() | self._accounts.keys())
        named: set[str] = set()
        for due in (self._state.due, self._due):
            for day in [day for day in due if day <= through]:
                named |= due[day]
        due_now = {one for one in named if packed_due_on(self.packed(one)) <= through}
        for dates in (self._state.dates, self._dates):
            due_now |= dates.born(through + 1) if birthdays else set()
            due_now |= dates.joined(through + 1) if anniversaries else set()
        return sorted(due_now)

    def fold(self, record: Record, source_offset: int) -> str | None:
        """Take a record that was decided elsewhere.

        Returns the name of the first wallet whose `before` is not what this state holds; then
        nothing was taken.

        Raises:
            CannotEvolve: the record takes what its account does not have; the account may be
                half changed then.
            UpgradeNeeded: as `take`.
        """
        account_id = record.account_id
        if (
            record.decision == "ACCEPTED"
            and account_id
            and (record.effects or counts_as_sale(record))
        ):
            account = self._open.get(account_id)
            if account is None:
                account = unpack(self.packed(account_id))
            for one in record.before:
                wallet = account.wallets.get(one.wallet)
                if one.outstanding != (0 if wallet is None else outstanding(wallet)):
                    return one.wallet
            self._open[account_id] = evolve(account, record)
        self._note(record, source_offset)
        return None

    def take(self, record: Record, source_offset: int, account: Account | None) -> None:
        """Take a record and its account as it is after it; None if no account changes.

        Raises:
            UpgradeNeeded: it activates a programme that this code is too old for.
        """
        if account is not None:
            self._put(record.account_id, account)
        self._note(record, source_offset)

    def forgive_refusals(self) -> None:
        """What was refused before counts no longer towards a halt."""
        self._forgiven = True
        self._refused.clear()

    def _put(self, account_id: str, account: Account) -> None:
        account.due_on = due_on(account)
        self._accounts[account_id] = pack(account)
        self._unsummed.add(account_id)
        if account.due_on != NEVER:
            self._due.setdefault(account.due_on, set()).add(account_id)

    def _put_open(self) -> None:
        """Pack what `fold` left open."""
        for account_id, account in self._open.items():
            self._put(account_id, account)
        self._open.clear()

    def _note(self, record: Record, source_offset: int) -> None:
        """All that a record changes but its account."""
        if record.decision == "REFUSED":
            self._refused.append(record.reason in NOT_OURS)
            return
        self._refused.append(False)
        if record.account_id:
            buckets.add_effects(self._sums, record.effects, record.business_date)
        if record.event_type == "BusinessDayClosed":
            if record.effects and isinstance(record.effects[-1], DayClosed):
                self._close(record.effects[-1].closed_date)
            else:
                self._change_earlier(record, self.programme_of(record.programme_version))
            return
        self._remember(record, source_offset)
        if record.event_type in TELLS_DATES:
            self._dates.note(record)
        elif record.event_type == "ProgrammeActivated":
            self._activate(record)
        elif record.event_type == "PromotionStopped":
            self.stopped += tuple(
                effect.promotion_id
                for effect in record.effects
                if isinstance(effect, PromotionStopped)
            )

    def _close(self, closed_date: int) -> None:
        """A day is closed: what lies behind the horizon now is forgotten with the next event."""
        self.closed_through = closed_date
        horizon = closed_date - HORIZON_DAYS
        for key in self._state.receipts.before(horizon):
            self._forgotten.add(key)
            self._receipts.pop(key, None)
        # An overlay may hold thousands of records and many closed days, and none so old.
        if self._first_filed < horizon:
            for key, (_, filed) in list(self._receipts.items()):
                if filed is not None and filed < horizon:
                    del self._receipts[key]
            self._first_filed = horizon

    def _remember(self, record: Record, source_offset: int) -> None:
        programme = self.programme_of(record.programme_version)
        receipt = receipt_of(record, source_offset, programme)
        if record.event_type == "SaleRecorded":
            waiting = self._receipt_at(waiting_for(self._key(record.event_id)))
            if waiting is not None:
                sale = unpack_receipt(receipt)
                sale.used = [*sale.used, *waiting.used]
                receipt = pack_receipt(sale)
        self._file(self._key(record.event_id), receipt, record.business_date)
        self._change_earlier(record, programme)

    def _file(self, key: bytes, receipt: bytes, business_date: int) -> None:
        """Remember a new receipt."""
        filed = business_date
        if self.closed_through is not None:
            # What comes from behind the horizon, as old activations may, is known until a close.
            filed = max(filed, self.closed_through - HORIZON_DAYS)
        self._first_filed = min(self._first_filed, filed)
        self._receipts[key] = (receipt, filed)

    def _change_earlier(self, record: Record, programme: Programme | None) -> None:
        """What the record changes of the receipts of earlier events, where they are remembered.

        Before that, what its own vouchers were made of, as far as a return may ask for it.
        """
        if programme is not None and programme.undoable:
            for name, packed in exchanges(record, programme.undoable):
                self._file(self._key(name), packed, record.business_date)
        for change in changes(record, self.receipt):
            key = self._key(change.event_id)
            earlier = self._receipt_at(key)
            if earlier is None and change.waits:
                key = waiting_for(key)
                earlier = self._receipt_at(key)
                if earlier is None:
                    earlier = Receipt(b"", 0, 0)
                    self._file(key, pack_receipt(earlier), record.business_date)
            if earlier is not None:
                change.apply(earlier)
                # A receipt stays filed under its own event's date, wherever it lies.
                known = self._receipts.get(key)
                self._receipts[key] = (pack_receipt(earlier), None if known is None else known[1])

    def _activate(self, record: Record) -> None:
        for effect in record.effects:
            if isinstance(effect, ProgrammeActivated):
                if effect.min_decider_version > DECIDER_VERSION:
                    raise UpgradeNeeded(f"decider version {effect.min_decider_version}")
                programme = compiled(effect.document)
                one = InForce(effect.effective_from, programme, self.closed_through)
                self.programmes = (*self.programmes, one)

    def totals(self) -> Totals:
        """What a CHECKPOINT says with this overlay."""
        state = self._state
        for account_id, account in self._open.items():
            self._contributions[account_id] = contribution(account_id, account)
        opened = set(self._open)
        self._put_open()
        for account_id in (self._unsummed | (set() if self._summed else state.unsummed)) - opened:
            account = unpack(self.packed(account_id))
            self._contributions[account_id] = contribution(account_id, account)
        whole = state.contribution_sum
        for account_id, number in self._contributions.items():
            whole += number - state.contributions.get(account_id, 0)
        self._unsummed.clear()
        self._summed = True
        sums = {wallet: list(row) for wallet, row in state.sums.items()}
        buckets.add_sums(sums, self._sums)
        return buckets.totals(sums, whole % DIGEST_MODULUS)

    def commit(self) -> None:
        """The records are acknowledged: the overlay becomes the state.  Not to be used again."""
        self._put_open()
        state = self._state
        state.accounts.update(self._accounts)
        if self._forgiven:
            state.forget_refused()
        for not_ours in self._refused:
            state.count_refused(not_ours)
        buckets.add_sums(state.sums, self._sums)
        state.programmes = self.programmes
        state.stopped = self.stopped
        state.dates.add(self._dates)
        self._commit_totals()
        if self.closed_through != state.closed_through and self.closed_through is not None:
            state.closed_through = self.closed_through
            state.receipts.forget_before(self.closed_through - HORIZON_DAYS)
            for day in [day for day in state.due if day <= self.closed_through]:
                del state.due[day]
        # After the close has dropped its days: what was forgotten may have come again, and a late
        # sale may be due in the past.
        for key, (packed, filed) in self._receipts.items():
            state.receipts.put(key, packed, filed)
        for day, accounts in self._due.items():
            state.due.setdefault(day, set()).update(accounts)

    def _commit_totals(self) -> None:
        """Accounts summed by `totals` count as summed, unless they changed after it."""
        state = self._state
        if self._summed:
            state.unsummed.clear()
        # In place: between two CHECKPOINTs it grows to thousands, and a batch may be one record.
        state.unsummed |= self._unsummed
        for account_id, number in self._contributions.items():
            state.contribute(account_id, number)


def contribution(account_id: str, account: Account) -> int:
    """What an account adds to the digest of a CHECKPOINT; 0 if it has no open points."""
    points = pack_points(account)
    if not points:
        return 0
    return int.from_bytes(sha256(account_id.encode() + b"\0" + points).digest())
