"""What was decided once is decided the same for ever: a year under the first programme."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from processors.core.decide import decide
from processors.core.message import Given
from processors.core.overlay import Overlay
from producers import simulate
from schemas.codec import decode_event, encode_body, encode_event
from schemas.events import Event
from schemas.ledger import Record
from tests.core.scene import GROCERY, Scene

GOLDEN = Path(__file__).parent / "golden_effects.json"
"""Written by the first code that decided; never written again."""
MEMBERS, STORES, SEED, BATCH = 150, 5, 11, 500


def decided() -> Iterator[Record]:
    """The records of a simulated year under the first programme."""
    scene = Scene(GROCERY, "2016-11-14")
    yield from scene.records
    state, offset = scene.state, 1
    events: list[Event] = list(simulate.events(MEMBERS, STORES, years=1, seed=SEED))
    for start in range(0, len(events), BATCH):
        overlay = Overlay(state)
        for event in events[start : start + BATCH]:
            value = encode_event(event)
            for one in decide(overlay, Given(offset, value, decode_event(value))):
                yield one.record
            offset += 1
        overlay.commit()


def what_it_did(record: Record) -> bytes:
    """The decision and its effects, and what the wallets held before: byte for byte."""
    kept = Record(
        event_id=record.event_id,
        account_id=record.account_id,
        decision=record.decision,
        reason=record.reason,
        before=record.before,
        effects=record.effects,
    )
    return encode_body(kept)


def digests() -> list[str]:
    """One digest for each thousand records."""
    found, whole = [], sha256()
    for number, record in enumerate(decided()):
        whole.update(what_it_did(record))
        if number % 1000 == 999:
            found.append(whole.hexdigest()[:16])
    return [*found, whole.hexdigest()]


def test_effects_of_the_first_programme_never_change() -> None:
    """A year of 150 members under the words of the first day: every effect as it was then."""
    assert digests() == json.loads(GOLDEN.read_text("utf-8"))
