"""The explanation of what a member holds or an event did: which effects made it, in sentences."""

from collections.abc import Callable, Iterable

from loyalty.scenarios.world import Told, World
from loyalty.sentences import Names, effect_sentence, title
from schemas.ledger import Effect, Record
from schemas.refusals import Refusal

About = Callable[[Effect], bool]
SENTENCES_MAX = 40
"""Of a long history only the last sentences are told."""


def story(world: World, member: str, about: About) -> tuple[str, ...]:
    """What happened to a member, as far as it is about what was asked; and all that was refused."""
    said = [line for told in world.told.get(member, ()) for line in _lines(world, told, about)]
    left_out = len(said) - SENTENCES_MAX
    return tuple([f"… {left_out} earlier", *said[left_out:]] if left_out > 0 else said)


def effects_of(world: World, records: Iterable[Record]) -> tuple[str, ...]:
    """What records did, or why they did not."""
    names = _names(world)
    said: list[str] = []
    for record in records:
        if record.decision == "REFUSED":
            said.append(refused(record.reason))
        said += [effect_sentence(effect, record, names) for effect in record.effects]
    return tuple(said) or ("it changed nothing",)


def refused(reason: str) -> str:
    """A refusal and its sentence."""
    return f"it was refused, {reason}: {Refusal(reason).sentence}"


def _lines(world: World, told: Told, about: About) -> list[str]:
    record = told.record
    named = f"{told.name}, " if told.name and record.event_type != "BusinessDayClosed" else ""
    head = f"{named}{title(record)}" if record.event_type else f"{named}an event"
    if record.decision == "REFUSED":
        return [f"{head}: {refused(record.reason)}"]
    names = _names(world)
    return [
        f"{head}: {effect_sentence(effect, record, names)}"
        for effect in record.effects
        if about(effect)
    ]


def _names(world: World) -> Names:
    return {one.programme.version: one.programme.name for one in world.overlay.programmes}
