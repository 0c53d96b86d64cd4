"""A ledger written by hand: given these records, in these partitions, on the embedded log."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from infra.embedded_log import EmbeddedLedgerLog, EmbeddedWorkerLog
from projections.apply import Projector
from projections.positions import Position
from projections.reading import Fetch
from schemas import chain
from schemas.chain import Chain, Kind, Prefix, RecentHashes
from schemas.codec import encode_body
from schemas.definitions import RECORD, frame
from schemas.ledger import (
    NEVER,
    DayClosed,
    Effect,
    HoldPlaced,
    Outstanding,
    PointsAdjusted,
    PointsEarned,
    PointsOwed,
    PointsRepaid,
    PointsRestored,
    PointsWrittenOff,
    Record,
    Sale,
    Taken,
    Totals,
    WithheldFromControl,
)

Project = Callable[..., Projector]
"""Project all that was written, in batches of so many records; the projector."""
Query = Callable[[str], list[tuple[Any, ...]]]
"""Ask as an analyst; the rows."""

PARTITIONS = 2
NOON_MS = 12 * 3_600_000
MEMBER_OF = ("ann", "bob")
"""The account that these tests keep in each partition."""


def day(text: str) -> int:
    """An ISO date as days since 1970."""
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def earned(
    points: int, lot: str, *, wallet: str = "points", promotion: str = "base",
    spendable: str = "2017-01-01", last: str = "",
) -> PointsEarned:  # fmt: skip
    """One promotion's points of a sale."""
    last_day = day(last) if last else NEVER
    return PointsEarned(
        wallet, lot, points + 5, points, (), (points,), promotion, "", "", day(spendable), last_day
    )


def taken(*lots: tuple[str, int, str], promotion: str = "base", last: str = "") -> Taken:
    """Points out of lots: (lot, how many, earned on)."""
    return Taken(
        tuple(lot for lot, _, _ in lots),
        tuple(points for _, points, _ in lots),
        tuple(day(last) if last else NEVER for _ in lots),
        tuple(day(on) for _, _, on in lots),
        tuple(promotion for _ in lots),
    )


def receipt(net: int, *, currency: str = "USD", of: str = "", with_points: int = 0) -> Sale:
    """A receipt of one line; `of` makes it a return of that sale."""
    return Sale("7", currency, of, (1,), (1000,), (net,), net + 50, 50, net, with_points, "c1")


def _change(effect: Effect) -> int:
    """What an effect on points changes of what is outstanding, said apart from the projections."""
    match effect:
        case PointsEarned():
            return effect.granted
        case PointsAdjusted() | PointsRestored():
            return effect.points
        case PointsRepaid() | PointsWrittenOff() | HoldPlaced():
            return 0
        case PointsOwed():
            return -effect.points
        case _:
            return -getattr(effect, "points", 0)


class History:
    """Writes records that extend the chains of its partitions, from where they end.

    Attributes:
        chains: how far each partition's reaches.
        version: of the ledger's schema that it writes by.
    """

    def __init__(
        self, home: Path, generation: str = "live", *, partitions: int = PARTITIONS
    ) -> None:
        self._log = EmbeddedWorkerLog(home, partitions)
        self._home = home
        self._partitions = partitions
        self.version: int | None = None
        self._outstanding: dict[tuple[str, str], int] = {}
        self.chains = self._ends(generation)
        for partition, at in self.chains.items():
            if at.seq < 0:
                self.write(partition, Record(), kind=Kind.GENESIS)

    def _ends(self, generation: str) -> dict[int, Chain]:
        """Where the chains end that are already written."""
        log, ends = self.reader(), {}
        for partition in range(self._partitions):
            stored = log.read_ledger(partition, 0, log.ledger_end(partition))
            written = Fetch(stored, Position(Chain(generation, partition)), RecentHashes())
            for _ in written.places():
                pass
            ends[partition] = written.chain
        log.close()
        return ends

    def reader(self) -> EmbeddedLedgerLog:
        """A reader of what was written."""
        return EmbeddedLedgerLog(self._home, self._partitions)

    def write(self, partition: int, record: Record, *, kind: Kind = Kind.DECISION) -> bytes:
        """Append a record to the chain."""
        at = self.chains[partition]
        decision = kind is Kind.DECISION
        prefix = Prefix(
            at.generation, partition, at.seq + 1, at.epoch, at.head, kind, 1,
            at.source_offset + decision, 0, True,
        )  # fmt: skip
        value = chain.write_prefix(prefix, frame(RECORD, self.version)) + encode_body(record)
        verdict = chain.accept(
            value, at, chain.RecentHashes(), 1, frozenset({int.from_bytes(value[1:5])})
        )
        assert isinstance(verdict, chain.Accepted)
        self.chains[partition] = verdict.chain
        self.raw(partition, value)
        return value

    def raw(self, partition: int, value: bytes) -> None:
        """Append bytes, whatever they are."""
        self._log.append({partition: [value]})

    def decided(
        self,
        partition: int,
        event: str,
        *effects: Effect,
        on: str = "2017-01-01",
        account: str | None = None,
        member: str | None = None,
        sale: Sale | None = None,
        store: str = "0142",
        stated: int | None = None,
        totals: Totals | None = None,
    ) -> None:
        """An accepted decision; the balances before it are stated as they are, or as `stated`."""
        account = MEMBER_OF[partition] if account is None else account
        on_points = [
            e for e in effects if hasattr(e, "wallet") and not isinstance(e, WithheldFromControl)
        ]
        wallets = sorted({e.wallet for e in on_points})
        before = tuple(
            Outstanding(w, self._outstanding.get((account, w), 0) if stated is None else stated)
            for w in wallets
        )
        for effect in on_points:
            if type(effect).__name__ != "PointsMatured":
                key = (account, effect.wallet)
                self._outstanding[key] = self._outstanding.get(key, 0) + _change(effect)
        kind = "SaleReturned" if sale is not None and sale.original_sale else "SaleRecorded"
        self.write(
            partition,
            Record(
                event_id=event,
                event_type=kind if sale is not None else "Other",
                account_id=account,
                member_id=account if member is None else member,
                decision="ACCEPTED",
                before=before,
                effects=effects,
                programme_version=1,
                occurred_at=day(on) * 86_400_000 + NOON_MS,
                business_date=day(on),
                store_id=store,
                till_id="3",
                channel="pos",
                sale=sale,
                totals=totals,
            ),
        )

    def refused(self, partition: int, event: str, reason: str) -> None:
        """A refused event."""
        self.write(
            partition,
            Record(event_id=event, event_type="SaleRecorded", decision="REFUSED", reason=reason),
        )

    def close_day(self, on: str, *partitions: int) -> None:
        """The end of a business day, in these partitions or in all."""
        for partition in partitions or self.chains:
            self.decided(partition, f"day|{on}", DayClosed(day(on)), on=on, account="", store="")

    def close(self) -> None:
        """Let go of the log."""
        self._log.close()
