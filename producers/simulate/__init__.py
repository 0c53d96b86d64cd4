"""A seeded chain of stores: any number of members, stores and years, as a stream of events."""

from producers.simulate.year import events

__all__ = ["events"]
