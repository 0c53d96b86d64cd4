"""Where the events of a year come from: the real one, or a simulated one."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from schemas.events import Event


class Feed(Struct, frozen=True):
    """Which events; the same feed gives the same events.

    Attributes:
        journey: the folder of the real year; None for a simulated one.
        members, stores, years, seed: of the simulated one.
    """

    journey: Path | None
    members: int
    stores: int
    years: int
    seed: int

    @property
    def title(self) -> str:
        """What it is, for people."""
        if self.journey is not None:
            return f"the real year in {self.journey.resolve()}"
        years = "1 year" if self.years == 1 else f"{self.years} years"
        chain = f"{self.members:,} members and {self.stores:,} stores"
        return f"{years} of a chain with {chain}, seed {self.seed}"

    def events(self) -> Iterator[Event]:
        """The events in order of time; a stream, whatever the size.

        Raises:
            JourneyUnusable: the folder does not hold the year.
        """
        if self.journey is not None:
            from producers import journey

            return journey.events(self.journey)
        from producers import simulate

        return simulate.events(
            members=self.members, stores=self.stores, years=self.years, seed=self.seed
        )
