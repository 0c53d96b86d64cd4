"""What an account holds after some of its ledger records, and where its lots came from.

What is there is the processor's own fold; beside it stands what an account does not remember and
people ask for.  Pure.
"""

from collections.abc import Iterable
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from processors.core.account import Account, Wallet
from processors.core.evolve import evolve
from processors.core.lot import Lot
from schemas import ledger
from schemas.chain import Prefix
from schemas.ledger import Effect, Record


class Entry(Struct, frozen=True):
    """One accepted ledger record, and where it stands in its partition."""

    prefix: Prefix
    record: Record

    @property
    def place(self) -> str:
        """Partition and seq, as people write them."""
        return f"{self.prefix.partition}/{self.prefix.seq}"


class Origin(Struct, frozen=True):
    """Where a lot came from.

    Attributes:
        record: which event gave it, when, and by which version of the programme.
        effect: how it began: wallet, promotion, terms.
        granted: of how many points it was made; those of lots that became part of it are counted.
    """

    record: Record
    effect: ledger.PointsEarned | ledger.PointsAdjusted
    granted: int


class Holdings(Struct, frozen=True):
    """An account, and what it had from the beginning.

    Attributes:
        account: as it stands.
        origins: by lot id, of all lots that it ever had, in their order.
        worths: by voucher id, what each was worth when it was issued, in minor units.
    """

    account: Account
    origins: dict[str, Origin]
    worths: dict[str, int]

    def wallets(self) -> list[str]:
        """The wallets that ever had points, sorted."""
        return sorted(
            {one.effect.wallet for one in self.origins.values()} | {*self.account.wallets}
        )

    def wallet(self, name: str) -> Wallet:
        """A wallet as it stands: lots in the order in which they are spent, owed, held."""
        return self.account.wallets.get(name, Wallet())

    def available(self, wallet: str) -> int:
        """Points that can be spent."""
        return sum(lot.left for lot in self.wallet(wallet).lots if not lot.pending)

    def pending(self, wallet: str) -> int:
        """Points that cannot be spent yet."""
        return sum(lot.left for lot in self.wallet(wallet).lots if lot.pending)

    def of_lot(self, lot_id: str) -> tuple[Lot | None, int]:
        """What is free of a lot, if anything is, and how many of its points are held."""
        lots = chain.from_iterable(wallet.lots for wallet in self.account.wallets.values())
        parts = chain.from_iterable(hold.lots for hold in self.account.holds.values())
        free = next((lot for lot in lots if lot.lot_id == lot_id), None)
        return free, sum(part.left for part in parts if part.lot_id == lot_id)


def holdings(entries: Iterable[Entry]) -> Holdings:
    """What the account holds after these records, which fit each other from the first on."""
    held = Holdings(Account(), {}, {})
    for entry in entries:
        if entry.record.decision == "ACCEPTED":
            evolve(held.account, entry.record)
            for effect in entry.record.effects:
                _note(held, effect, entry.record)
    return held


def _note(held: Holdings, effect: Effect, record: Record) -> None:
    origins = held.origins
    match effect:
        case ledger.PointsEarned():
            origins[effect.lot_id] = Origin(record, effect, effect.granted)
        case ledger.PointsAdjusted() if effect.lot_id:
            origins[effect.lot_id] = Origin(record, effect, effect.points)
        case ledger.LotsMerged():
            first = effect.taken.lot_ids[0]
            more = sum(effect.taken.points[1:])
            origins[first] = replace(origins[first], granted=origins[first].granted + more)
        case ledger.VoucherIssued():
            held.worths[effect.voucher_id] = effect.amount_minor
        case _:
            pass
