"""Single events that a person causes by a command, published as rows of a file are."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import Any

from infra.settings import Settings
from infra.wiring import ledger_log, publisher_log
from loyalty.outcome import Trouble
from loyalty.people import member_meant, new_member, register, register_when_needed
from loyalty.reading import accounts_among
from loyalty.shop_files import shop_of
from producers.files.publishing import Files, Outside
from producers.files.shapes import KINDS
from producers.files.told import Bad, Told
from schemas.events import Event


def publish_rows(settings: Settings, rows: Sequence[Mapping[str, Any]]) -> list[Event]:
    """Publish one event for each row, and return them; all of them or a sentence why not.

    Any: a value is what was typed.

    Raises:
        Trouble: a row cannot be what it says; rows behind it were not published.
        LogUnavailable, DatabaseUnavailable: something is out of reach.
    """
    made: list[Event] = []
    with ExitStack() as held:
        log = publisher_log(settings)
        held.callback(log.close)
        opened = held.enter_context(register_when_needed(settings))
        outside = Outside(log, opened, new_member, _refuse, lambda _: None, made.append)
        publishing = Files(outside, shop_of(settings, None, None, "", ""))
        for row in rows:
            told = {name: value for name, value in row.items() if name != "type"}
            publishing.publish([Told(KINDS[row["type"]], told, (0,), (b"",))])
    return made


def now() -> str:
    """This moment with its distance from UTC, to the millisecond."""
    return datetime.now().astimezone().isoformat(timespec="milliseconds")


def member_of(settings: Settings, word: str) -> str:
    """The member that a person means: by card, phone or e-mail, or else by the id itself.

    Raises:
        Trouble: the word leads to several members, or to nobody.
    """
    return members_of(settings, [word])[0]


def members_of(settings: Settings, words: Sequence[str]) -> list[str]:
    """The members that are meant, each as `member_of` has it; the register is opened once.

    A word that leads to nobody would be an account of its own, and a mistyped number would lie in
    the log for ever: so an id is one that the register or the ledger knows.
    """
    with register(settings) as known:
        meant = {word: member_meant(settings, known, word) for word in words}
        ids = {word for word, member in meant.items() if member is None}
        strangers = ids - known.members_among(ids)
    if strangers:
        strangers -= _of_the_ledger(settings, strangers)
    if strangers:
        places = ", ".join(str(at) for at, word in enumerate(words, 1) if word in strangers)
        which = f" Of {len(words):,} it is number {places}." if len(words) > 1 else ""
        raise Trouble(
            "Nobody is registered with such a card, phone or e-mail, and the ledger knows no "
            f"member with such an id.{which}"
        )
    return [meant[word] or word for word in words]


def _of_the_ledger(settings: Settings, ids: Collection[str]) -> frozenset[str]:
    """Which of these accounts the ledger knows."""
    log = ledger_log(settings)
    try:
        return accounts_among(log, settings.generation, ids)
    finally:
        log.close()


def _refuse(bad: Bad) -> None:
    raise Trouble(f"{bad.field or 'This'}: {bad.reason}.")
