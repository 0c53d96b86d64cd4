"""One history decided twice, by the engine and by the oracle, and compared after every event."""

import json
from collections.abc import Iterator
from typing import Any

from processors.core.document import check
from schemas import events
from schemas.events import Event, Header
from tests.core.scene import Scene
from tests.oracle.generated import START, Step, Story
from tests.oracle.oracle import Oracle
from tests.oracle.reading import date_of


class DiffersError(AssertionError):
    """The two do not agree."""


def activation(programme: str) -> events.ProgrammeActivated:
    """The programme in force from the beginning."""
    checked = check(programme)
    day = START - 2_000
    return events.ProgrammeActivated(
        header=Header("programme", "", "", day * 86_400_000, 0, day),
        document=checked.document,
        document_hash=checked.document_hash,
        effective_from=day,
    )


def told(programme: str, steps: list[Step]) -> Iterator[Event]:
    """All events of a history: the activation, the day before, and what the steps tell."""
    yield activation(programme)
    day = START - 1
    yield events.BusinessDayClosed(Header(f"day|{day}", "", "", day * 86_400_000, 0, day))
    story = Story(json.loads(programme)["wallets"])
    for step in steps:
        yield from story.tell(step)


def engine_view(scene: Scene, programme: dict[str, Any], account_id: str) -> dict[str, Any]:
    """What the engine's account holds, in the oracle's words."""
    account = scene.account(account_id)
    wallets = {
        name: (
            sum(lot.left for lot in wallet.lots if not lot.pending),
            sum(lot.left for lot in wallet.lots if lot.pending),
            wallet.owed,
        )
        for name, wallet in account.wallets.items()
        if name in programme["wallets"]
    }
    order = {
        name: [level["id"] for level in ladder["levels"]]
        for name, ladder in programme.get("tiers", {}).items()
    }
    return {
        "wallets": {name: three for name, three in sorted(wallets.items()) if any(three)},
        "vouchers": sorted((one.voucher, one.last_day) for one in account.vouchers),
        "levels": {
            name: order[name].index(held.level)
            for name, held in sorted(account.tiers.items())
            if order[name].index(held.level)
        },
    }


def agree(programme: str, steps: list[Step]) -> Scene:
    """Plays a history; raises `DiffersError` at the first event that the two see differently."""
    scene, oracle, words = Scene(""), Oracle(), json.loads(programme)
    owners: set[str] = set()
    for event in told(programme, steps):
        record = scene.when(event)
        expected = oracle.decide(event)
        owners |= {event.header.account_id} - {""}
        got = "" if record.decision == "ACCEPTED" else record.reason
        if got != expected:
            raise DiffersError(_story(programme, scene, event, got, expected))
        for owner in [event.header.account_id] if event.header.account_id else sorted(owners):
            ours, theirs = oracle.view(owner), engine_view(scene, words, owner)
            if ours != theirs:
                raise DiffersError(_story(programme, scene, event, theirs, ours))
    return scene


def _story(programme: str, scene: Scene, event: Event, engine: Any, expected: Any) -> str:
    """The example for people: programme, history, and what each of the two says."""
    words = json.loads(programme)
    lines = [f"{key}: {json.dumps(value)}" for key, value in words.items() if key != "promotions"]
    lines += [f"  {json.dumps(promotion)}" for promotion in words["promotions"]]
    for record in scene.records[1:]:
        if record.event_type != "BusinessDayClosed" or record.effects[:-1]:
            lines.append(f"{date_of(record.business_date)} {record.event_id} {record.reason}")
            lines += [f"    {effect}" for effect in record.effects]
    lines += [f"the event: {event}", f"engine: {engine}", f"oracle: {expected}"]
    return "\n" + "\n".join(lines)
