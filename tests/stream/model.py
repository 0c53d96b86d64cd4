"""A small model of one input partition and one ledger partition, to drive the real `accept`.

Its processors are a few lines each, its events earn or spend, its faults are those of LEDGER's
protocol.  What is real is the chain: the bytes, and which of them count.  The rules without a
chain are here to show that the faults do break them.
"""

import random
from collections import Counter
from collections.abc import Callable
from hashlib import sha256

from msgspec import Struct

from schemas.chain import (
    Accepted,
    Chain,
    Kind,
    Prefix,
    RecentHashes,
    accept,
    read_prefix,
    write_prefix,
)
from schemas.codec import frame

FRAME = frame("loyalty.ledger.Record")
WIRE_IDS = frozenset({int.from_bytes(FRAME[1:])})
MEMBERS = 4


class Scenario(Struct, frozen=True):
    """Which faults there are besides kills, pauses, takeovers and late requests.

    Attributes:
        name: in words.
        two_versions: processors of two versions live at once and decide differently.
        whim: how often a decision depends on something hidden.
        timeout: a write may be lost while later ones of its session are not.
        loses_input: the tail of the input is lost once.
    """

    name: str
    two_versions: bool = False
    whim: float = 0.0
    timeout: bool = False
    loses_input: bool = False


class Body(Struct, frozen=True):
    """What a record of the model decides: who, by how much, to which balance, of which event."""

    member: int
    moved: int
    balance: int
    digest: bytes

    def packed(self) -> bytes:
        """Its bytes behind the prefix."""
        return b"%d %d %d " % (self.member, self.moved, self.balance) + self.digest

    @classmethod
    def read(cls, value: bytes, start: int) -> "Body":
        """The body of a stored record."""
        member, moved, balance, digest = value[start:].split(b" ", 3)
        return cls(int(member), int(moved), int(balance), digest)


def by_chain(value: bytes, chain: Chain, recent: RecentHashes) -> Chain | None:
    """The real rule."""
    verdict = accept(value, chain, recent, 1, WIRE_IDS)
    return verdict.chain if isinstance(verdict, Accepted) else None


def by_offset(value: bytes, chain: Chain, recent: RecentHashes) -> Chain | None:
    """The simpler rule: a record counts if its event is behind the last one."""
    prefix, _ = read_prefix(value)
    if prefix.kind is Kind.DECISION and prefix.source_offset <= chain.source_offset:
        return None
    return Chain(
        "live", 0, prefix.seq, sha256(value).digest(), max(prefix.epoch, chain.epoch),
        max(prefix.source_offset, chain.source_offset),
    )  # fmt: skip


Rule = Callable[[bytes, Chain, RecentHashes], Chain | None]


class Reader:
    """Folds the ledger by a rule."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._recent = RecentHashes()
        self.chain = Chain("live", 0)
        self.balances: Counter[int] = Counter()
        self.kept: list[tuple[Prefix, Body]] = []
        self.position = 0

    def read(self, ledger: list[bytes]) -> None:
        """Look at what is new."""
        for value in ledger[self.position :]:
            extended = self._rule(value, self.chain, self._recent)
            if extended is not None:
                self.chain = extended
                self._recent.add(extended.head)
                prefix, start = read_prefix(value)
                if prefix.kind is Kind.DECISION:
                    body = Body.read(value, start)
                    self.balances[body.member] = body.balance
                    self.kept.append((prefix, body))
        self.position = len(ledger)


def seal(chain: Chain, kind: Kind, body: bytes, source: int) -> tuple[bytes, Chain]:
    """The stored bytes that extend a chain, and the chain with them."""
    epoch = chain.epoch + (kind is Kind.CLAIM)
    prefix = Prefix("live", 0, chain.seq + 1, epoch, chain.head, kind, 1, source, 0, True)
    value = write_prefix(prefix, FRAME) + body
    return value, Chain("live", 0, prefix.seq, sha256(value).digest(), epoch, source)


class Processor:
    """One owner of the partition, or one that believes it is."""

    def __init__(self, world: "Town", version: int) -> None:
        self._world = world
        self._version = version
        self.paused = 0
        self.alive = True
        self.open()

    def open(self) -> None:
        """Read the ledger, compare the input, claim."""
        town = self._world
        self._reader = Reader(town.rule)
        self._reader.read(town.ledger)
        if self._reader.kept:
            prefix, body = self._reader.kept[-1]
            at = prefix.source_offset
            if at >= len(town.events) or digest(town.events[at]) != body.digest:
                town.halted, self.alive = True, False
                return
        chain = self._reader.chain
        if chain.seq < 0:
            value, chain = seal(chain, Kind.GENESIS, b"", -1)
            town.ledger.append(value)
        value, _ = seal(chain, Kind.CLAIM, b"", chain.source_offset)
        town.ledger.append(value)
        self._reader.read(town.ledger)
        self._mine = self._reader.chain.epoch
        self._balances = Counter(self._reader.balances)
        self._chain = self._reader.chain

    def step(self) -> None:
        """Decide a few events, write them as the faults will have it, and look at the offsets."""
        town = self._world
        if self.paused:
            self.paused -= 1
            return
        values, answers = [], []
        for _ in range(town.chance.randint(1, 6)):
            source = self._chain.source_offset + 1
            if source >= len(town.events):
                break
            body = self._decide(town.events[source])
            value, self._chain = seal(self._chain, Kind.DECISION, body.packed(), source)
            values.append(value)
            answers.append((source, body))
        if values:
            expected = self._reader.position
            offsets = town.write(values)
            if offsets == list(range(expected, expected + len(values))) or town.rule is by_offset:
                town.answers += answers
                self._reader.read(town.ledger)
            else:
                self._resync()

    def _decide(self, event: tuple[int, int, int]) -> Body:
        _number, member, amount = event
        chance = self._world.chance
        if amount > 0:
            amount = amount * self._version + (chance.random() < self._world.scenario.whim)
        elif self._balances[member] < -amount:
            amount = 0
        self._balances[member] += amount
        return Body(member, amount, self._balances[member], digest(event))

    def _resync(self) -> None:
        self._reader.read(self._world.ledger)
        if self._reader.chain.epoch != self._mine:
            self.alive = False
            return
        self._balances = Counter(self._reader.balances)
        self._chain = self._reader.chain


def digest(event: tuple[int, int, int]) -> bytes:
    """What names an event."""
    return sha256(repr(event).encode()).hexdigest().encode()


class Town:
    """Everything, stepped from one seed."""

    def __init__(self, seed: int, rule: Rule, scenario: Scenario, events: int = 100) -> None:
        self.chance = random.Random(f"{scenario.name} {seed}")
        self.rule = rule
        self.scenario = scenario
        self.events: list[tuple[int, int, int]] = []
        self.ledger: list[bytes] = []
        self.late: list[bytes] = []
        self.answers: list[tuple[int, Body]] = []
        self.processors: list[Processor] = []
        self.halted = False
        self._to_come = events
        self._may_lose = scenario.loses_input

    def write(self, values: list[bytes]) -> list[int] | None:
        """Some arrive now, some late, some never; the offsets are known only if all arrived."""
        chance = self.chance
        if chance.random() < 0.1:
            cut = chance.randrange(len(values) + 1)
            gap = 1 if self.scenario.timeout and chance.random() < 0.5 else 0
            late = chance.random() < 0.5
            self.ledger += values[:cut]
            (self.late if late else self.ledger).extend(values[cut + gap :] if late or gap else ())
            return None
        offsets = []
        for value in values:
            if self.late and chance.random() < 0.2:
                self.ledger.append(self.late.pop(0))
            offsets.append(len(self.ledger))
            self.ledger.append(value)
        return None if chance.random() < 0.05 else offsets

    def live(self) -> None:
        """Until every event is decided, or the partition halts."""
        chance = self.chance
        for _ in range(5_000):
            if self._to_come and chance.random() < 0.5:
                amount = chance.randint(1, 20) * (1 if chance.random() < 0.55 else -1)
                self.events.append((chance.getrandbits(48), chance.randrange(MEMBERS), amount))
                self._to_come -= 1
            if self._to_come:
                self._disturb()
            self.processors = [one for one in self.processors if one.alive]
            if self.halted:
                return
            if not self.processors:
                version = chance.randint(1, 2) if self.scenario.two_versions else 1
                self.processors.append(Processor(self, version))
            for one in list(self.processors):
                if one.alive and not self.halted:
                    one.step()
            if not self._to_come and chance.random() < 0.2 and self._done():
                return

    def _done(self) -> bool:
        self.ledger += self.late
        self.late = []
        reader = Reader(self.rule)
        reader.read(self.ledger)
        return reader.chain.source_offset == len(self.events) - 1

    def _disturb(self) -> None:
        chance = self.chance
        if self.processors and chance.random() < 0.03:
            self.processors.remove(chance.choice(self.processors))
        if len(self.processors) < 3 and chance.random() < 0.05:
            version = chance.randint(1, 2) if self.scenario.two_versions else 1
            self.processors.append(Processor(self, version))
        if self.processors and chance.random() < 0.05:
            chance.choice(self.processors).paused = chance.randint(1, 20)
        if self._may_lose and len(self.events) > 40 and chance.random() < 0.05:
            del self.events[-chance.randint(1, 5) :]
            self._may_lose = False
            # Readers behind the new end are told so by their broker, and end.
            self.processors = []

    def wrong(self) -> set[str]:
        """What a reader of the whole ledger finds wrong."""
        if self.halted:
            return set()
        reader = Reader(self.rule)
        reader.read(self.ledger)
        found: set[str] = set()
        if [prefix.source_offset for prefix, _ in reader.kept] != list(range(len(self.events))):
            found.add("an event is lost or doubled")
        sums: Counter[int] = Counter()
        for prefix, body in reader.kept:
            sums[body.member] += body.moved
            if sums[body.member] != body.balance:
                found.add("a balance is not the sum of what moved")
            if sums[body.member] < 0:
                found.add("an account was overdrawn")
            if body.digest != digest(self.events[prefix.source_offset]):
                found.add("another event was decided")
        kept = {prefix.source_offset: body for prefix, body in reader.kept}
        if any(kept.get(source) != body for source, body in self.answers):
            found.add("an answer was given that is not in the ledger")
        return found
