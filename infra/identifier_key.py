"""The key by which cards, phones and e-mails are hashed: from the settings, or the home folder.

It is in no database and no log.  Who loses it loses which card is whose.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from infra.settings import Settings

KEY_FILE = "identifier.key"
KEY_CHARACTERS_MIN = 16


class KeyUnusable(Exception):
    """There is no key, or none that will do; the sentence says how to give one."""


def identifier_key(settings: Settings) -> bytes:
    """The key of the settings; beside an embedded database, one made at its first use.

    Raises:
        KeyUnusable: Postgres is not the embedded one and no key is set, or it is too short.
    """
    given = settings.identifier_key.get_secret_value()
    if given:
        if len(given) < KEY_CHARACTERS_MIN:
            raise KeyUnusable(
                f"LOYALTY_IDENTIFIER_KEY has fewer than {KEY_CHARACTERS_MIN} characters."
            )
        return given.encode()
    if settings.database_url.get_secret_value():
        raise KeyUnusable(
            "LOYALTY_IDENTIFIER_KEY is not set.  Cards, phones and e-mails are hashed with it, by "
            "the same key on every machine; LOYALTY_IDENTIFIER_KEY_FILE reads it from a file."
        )
    return _of_the_home_folder(settings.home / KEY_FILE)


def _of_the_home_folder(file: Path) -> bytes:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as made:
                made.write(secrets.token_hex(32))
        key = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise KeyUnusable(f"{file} cannot be read: {problem}") from None
    if len(key) < KEY_CHARACTERS_MIN:
        raise KeyUnusable(f"{file} does not hold a key; it was cut off, or is being written.")
    return key.encode()
