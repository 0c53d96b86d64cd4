"""What every partition switches by: a programme comes into force, a promotion is stopped."""

from loyalty.scenarios import words
from loyalty.scenarios.converting import Wrong
from loyalty.scenarios.world import World
from processors.core.document import ProgrammeInvalid
from producers.pos import day_number
from schemas.events import Header, ProgrammeActivated, PromotionStopped


def activated(world: World, where: words.Where, said: words.Activate) -> ProgrammeActivated:
    """A programme comes into force, from the day of what went before if no other is said."""
    file = world.stage.folder / said.file
    try:
        rules = world.stage.library.rules(file, control=world.stage.control)
    except (OSError, UnicodeDecodeError) as problem:
        raise Wrong(f"{file} cannot be read: {problem}") from None
    except ProgrammeInvalid as problem:
        raise Wrong(f"{file} holds mistakes:\n{problem}") from None
    if said.first_day is not None:
        return rules.activation(day_number(said.first_day))
    before = world.begins if world.latest is None else world.latest.business_date
    return rules.activation(before if where.at is None else day_number(where.at.date()))


def stopped(world: World, where: words.Where, said: words.Stop) -> PromotionStopped:
    """A promotion gives nothing more."""
    moment = world.place(where).moment
    name = world.programme(moment.business_date).name
    event_id = f"stop|{name}|{said.promotion}|{world.number(where)}"
    header = Header(event_id, "", "", moment.at_ms, moment.utc_offset_min, moment.business_date)
    return PromotionStopped(header, said.promotion, said.because)
