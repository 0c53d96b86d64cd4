"""The programme that a scenario file names, and its activation on an empty partition."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from msgspec import Struct

from loyalty.scenarios.deciding import decided
from processors.core.document import Checked, check
from processors.core.overlay import Overlay
from processors.core.partition import PartitionState
from processors.words.calendar import date_of
from producers.programmes import activation
from schemas.events import Event, ProgrammeActivated
from schemas.ledger import Record


class Begun(Struct, frozen=True):
    """The first event of a partition, and its record."""

    event: Event
    record: Record


class Rules:
    """One document, checked, and what a scenario needs to know before the first decision.

    Attributes:
        zone, currency: as it says.
    """

    def __init__(self, checked: Checked) -> None:
        self._checked = checked
        self._begun: dict[int, Begun] = {}
        self.zone = str(checked.body.zone)
        self.currency = checked.body.currency

    def activation(self, first_day: int) -> ProgrammeActivated:
        """The event that brings it into force from a business date on."""
        checked = self._checked
        day = date_of(first_day)
        return activation(checked.document, checked.document_hash, day, zone=self.zone)

    def begun(self, first_day: int) -> Begun:
        """Its activation as the first event of a partition; decided once for each day."""
        begun = self._begun.get(first_day)
        if begun is None:
            event = self.activation(first_day)
            (record,) = decided(Overlay(PartitionState(0, 1)), [], event)
            begun = self._begun[first_day] = Begun(event, record)
        return begun


class Library:
    """The programmes of a run, each read and checked once."""

    def __init__(self) -> None:
        self._rules: dict[tuple[Path, bool], Rules] = {}

    def rules(self, file: Path, *, control: bool = False) -> Rules:
        """The programme of a file.

        Whether a member is control of a campaign depends on the member's id, which no scenario
        wants to depend on: so nobody is, or everybody who can be is.

        Raises:
            OSError, UnicodeDecodeError: it cannot be read.
            ProgrammeInvalid: it holds mistakes.
        """
        key = (file, control)
        rules = self._rules.get(key)
        if rules is None:
            checked = check(file.read_text("utf-8"), str(file), available_timezones())
            rules = self._rules[key] = Rules(_with_control(checked, control=control))
        return rules


def _with_control(checked: Checked, *, control: bool) -> Checked:
    """The document with all members as control of each campaign that has such a share, or none."""
    tree = json.loads(checked.document)
    campaigns = tree.get("campaigns", {}).values()
    shared = [campaign for campaign in campaigns if "control" in campaign]
    for campaign in shared:
        if control:
            campaign["control"] = "100%"
        else:
            del campaign["control"]
    return check(json.dumps(tree)) if shared else checked


# Any: a document has whatever sections the language has.
@lru_cache(maxsize=64)
def sections(document: str) -> Mapping[str, Any]:
    """A programme's document as plain data."""
    plain: Mapping[str, Any] = json.loads(document)
    return plain
