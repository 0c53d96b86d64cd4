"""The event that ends one promotion, if there is such a promotion to end."""

from datetime import datetime
from zoneinfo import ZoneInfo

from infra.settings import Settings
from loyalty.amounts import day
from loyalty.inputs import must_be_a_reason, must_lead_to_nobody
from loyalty.outcome import Trouble
from loyalty.rulebook.activations import last_activated, live_programme, read_history, today
from processors.words.nearest import nearest
from producers.days import moment_of
from producers.programmes import stop
from schemas.events import PromotionStopped


def stop_event(settings: Settings, promotion: str, because: str, by: str) -> PromotionStopped:
    """The stop of a promotion that is in force, or will be by what was activated last.

    Of one that is stopped it is the stop that there is: a command that was cut off may not have
    reached every partition, and where it is known already it changes nothing.

    Raises:
        Trouble: there is no such promotion, or it is stopped by what the log has no more.
        LogUnavailable: the log cannot be reached.
    """
    history = read_history(settings)
    programme = last_activated(history)
    live = live_programme(history) if history.live(today()) is not None else programme
    known = {one.head.id for checked in (live, programme) for one in checked.promotions}
    if promotion not in known:
        raise Trouble(
            f"There is no promotion {promotion} in {live.name} v{live.version}"
            f"{nearest(promotion, known)}"
        )
    for one in history.stops:
        if one.promotion_id == promotion:
            if one.event is None:
                raise Trouble(f"{promotion} is stopped since {day(one.on)}: {one.because}")
            return one.event
    must_be_a_reason(because)
    must_lead_to_nobody("--by", by)
    zone = live.body.zone
    now = datetime.now(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)
    return stop(live.name, live.version, promotion, because, moment_of(now, zone), by)
