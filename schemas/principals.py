"""Who may do what in Kafka: one principal for each kind of program, and nothing beside the list.

What a program needs follows from the topics' catalogue: who produces writes, who consumes reads.
The rest is what its client asks the broker along the way.  How much a program may do is said of
those that the outside world drives.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from schemas.topics import EVENTS, LEDGER

READERS_GROUP = "loyalty-reader"
"""What readers that are in no group call their group, since the client wants a name."""


class Operation(StrEnum):
    """What can be done with a topic, in Kafka's own words."""

    READ = "Read"
    WRITE = "Write"
    CREATE = "Create"
    DELETE = "Delete"
    ALTER = "Alter"
    DESCRIBE = "Describe"
    DESCRIBE_CONFIGS = "DescribeConfigs"
    ALTER_CONFIGS = "AlterConfigs"


class Quota(Struct, frozen=True):
    """How much of each broker a login may take; the broker slows down whoever takes more.

    Attributes:
        produce_bytes_per_s: what it writes.
        request_percent: the time of the broker's threads, in percent of one thread.
    """

    produce_bytes_per_s: int
    request_percent: int

    @property
    def about(self) -> str:
        """What it says, in words."""
        return (
            f"Writes at most {self.produce_bytes_per_s:,} bytes a second to each broker, "
            f"and takes at most {self.request_percent} % of the time of one of its threads."
        )

    @property
    def configs(self) -> str:
        """The same as Kafka's own tool takes it."""
        return (
            f"producer_byte_rate={self.produce_bytes_per_s},"
            f"request_percentage={self.request_percent}"
        )


class Principal(Struct, frozen=True):
    """One kind of program as Kafka knows it.

    Attributes:
        name: as the topics' catalogue calls it; its login is `loyalty-` and this.
        about: what it is for.
        topics: what it may do, by topic.
        group: what it may do with the processors' consumer group.
        quota: how much of a broker it may take; None for as much as it needs.

    Whoever reads a topic may also look for the readers' group: nobody ever joins it, but the client
    asks who would coordinate it, and reads nothing if it may not.
    """

    name: str
    about: str
    topics: Mapping[str, frozenset[Operation]]
    group: frozenset[Operation] = frozenset()
    quota: Quota | None = None

    @property
    def readers_group(self) -> frozenset[Operation]:
        """What it may do with the readers' group."""
        reads = any(Operation.READ in operations for operations in self.topics.values())
        return _DESCRIBE if reads else frozenset()

    @property
    def login(self) -> str:
        """The user that logs in."""
        return f"loyalty-{self.name}"


class Grant(Struct, frozen=True):
    """One thing that one principal may do; all else is refused.

    Attributes:
        login: whose.
        resource, name: with what.
        operation: what.
    """

    login: str
    resource: Literal["topic", "group"]
    name: str
    operation: Operation


_READ = frozenset({Operation.READ})
_WRITE = frozenset({Operation.WRITE})
_DESCRIBE = frozenset({Operation.DESCRIBE})
# A processor refuses to start on topics that could lose an event, so it asks how they are set.
_COMPARE = frozenset({Operation.DESCRIBE_CONFIGS})
_KEEP = frozenset(Operation) - _READ - _WRITE

PRINCIPALS: tuple[Principal, ...] = (
    Principal(
        "publisher",
        "Brings events in, and sees nothing.",
        {EVENTS.name: _WRITE},
        # Tills that run wild, or a year of files at once, must leave the processors room to read.
        quota=Quota(produce_bytes_per_s=10_000_000, request_percent=50),
    ),
    Principal(
        "processor",
        "Decides events and writes the ledger.",
        {EVENTS.name: _READ | _COMPARE, LEDGER.name: _READ | _WRITE | _COMPARE},
        group=_READ,
    ),
    Principal(
        "projector",
        "Fills the tables; what a programme asks for beyond the ledger it finds in the events.",
        {EVENTS.name: _READ, LEDGER.name: _READ},
    ),
    Principal(
        "auditor",
        "Verifies and explains, and sees how far the processors are.",
        {EVENTS.name: _READ, LEDGER.name: _READ},
        group=_DESCRIBE,
    ),
    Principal(
        "operator",
        "Looks things up and publishes what follows: rules that stop, segments, corrections.",
        {EVENTS.name: _READ | _WRITE, LEDGER.name: _READ},
        group=_DESCRIBE,
    ),
    Principal(
        "admin",
        "Makes the topics and changes them; it reads and writes nothing in them.",
        {EVENTS.name: _KEEP, LEDGER.name: _KEEP},
    ),
    Principal(
        "metrics",
        "Tells how long the topics are, and how far the processors.",
        {EVENTS.name: _DESCRIBE, LEDGER.name: _DESCRIBE},
        group=_DESCRIBE,
    ),
)
"""All of them.  None can give rights away: that is for the broker's super user."""

_IMPLIED = {
    Operation.DESCRIBE: {Operation.READ, Operation.WRITE, Operation.DELETE, Operation.ALTER},
    Operation.DESCRIBE_CONFIGS: {Operation.ALTER_CONFIGS},
}
"""What Kafka allows whoever may do one of these."""


def grants(prefix: str, group: str) -> tuple[Grant, ...]:
    """The whole list, in the order of the principals.

    Args:
        prefix: put before both topics' names.
        group: the processors' consumer group.
    """
    every: list[Grant] = []
    for principal in PRINCIPALS:
        login = principal.login
        for topic, operations in principal.topics.items():
            every += [Grant(login, "topic", prefix + topic, o) for o in sorted(operations)]
        every += [Grant(login, "group", group, o) for o in sorted(principal.group)]
        readers = sorted(principal.readers_group)
        every += [Grant(login, "group", READERS_GROUP, o) for o in readers]
    return tuple(every)


def allows(granted: frozenset[Operation], operation: Operation) -> bool:
    """Whether Kafka lets somebody do this who was granted that."""
    return operation in granted or not granted.isdisjoint(_IMPLIED.get(operation, ()))
