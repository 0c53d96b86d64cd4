"""A programme file as the check sees it: its mistakes, and what in it is worth a second look."""

from pathlib import Path

from msgspec import Struct

from loyalty.amounts import day
from loyalty.programmes import checked_file, text_of
from processors.core import doubts, succession
from processors.core.document import Checked, ProgrammeInvalid, as_mistakes
from processors.core.yaml_tree import Mistake, place_of, read_tree

LIVE = "live"
"""In place of a file: what was activated last."""


class Judgement(Struct, frozen=True):
    """Mistakes, for which it cannot be activated, and doubts, for which somebody should look."""

    mistakes: tuple[Mistake, ...] = ()
    doubts: tuple[Mistake, ...] = ()


def judge(file: Path, against: str = "") -> Judgement:
    """Check a file, perhaps against what it is to follow.

    Args:
        file: the programme.
        against: `live`, another file, or nothing.

    Raises:
        Trouble: a file cannot be read, or nothing was ever activated.
        LogUnavailable: the log cannot be reached, for `live`.
        ProgrammeInvalid: the file that it is compared with holds mistakes.
    """
    text = text_of(file)
    try:
        checked = checked_file(file)
    except ProgrammeInvalid as invalid:
        return Judgement(invalid.mistakes)
    doubtful = doubts.doubts(checked, text, str(file))
    if not against:
        return Judgement((), doubtful)
    if against != LIVE:
        old = checked_file(Path(against))
        return Judgement(succession.mistakes(old, checked, text, str(file)), doubtful)
    return _against_live(file, text, checked, doubtful)


def _against_live(
    file: Path, text: str, checked: Checked, doubtful: tuple[Mistake, ...]
) -> Judgement:
    from infra import settings
    from loyalty.rulebook.activations import mistakes, read_history

    history = read_history(settings.load())
    document = read_tree(text)
    ended = {one.promotion_id: one for one in history.stops}
    stopped = [
        (
            place_of(document, ("promotions", at, "id")),
            f"was stopped on {day(ended[one.head.id].on)} and stays so; give it another id",
        )
        for at, one in enumerate(checked.promotions)
        if one.head.id in ended
    ]
    return Judgement(
        mistakes(history, checked, text, str(file)),
        (*doubtful, *as_mistakes(text, str(file), stopped)),
    )
