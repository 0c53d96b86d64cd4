"""Cards, phones and e-mails as keyed hashes, and the account of a card that nobody claimed.  Pure.

Whoever has the database but not the key can neither read a number nor try them all.
"""

import hmac
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from producers.people import normal

Kind = Literal["card", "phone", "email"]
KINDS: tuple[Kind, ...] = ("card", "phone", "email")

REASONS: Mapping[Kind, str] = {
    "card": "no card number: 4 to 40 letters and digits are one",
    "phone": "no phone number: write it with + and the country, or set LOYALTY_PHONE_PREFIX",
    "email": "no e-mail address",
}
"""What is wrong with a text that is none; it never repeats the text."""

_AROUND_WORDS = ".,:;!?()<>[]\"'"
_PHONE_INSIDE = re.compile(r"\+[1-9](?:[\s()./-]*[0-9]){6}", re.ASCII)


class Identifier(Struct, frozen=True):
    """By what a member is known.  value: its normal form."""

    kind: Kind
    value: str

    def __repr__(self) -> str:
        """The kind alone: no message may tell the number."""
        return f"<{self.kind}>"


def identifier(kind: Kind, text: str, phone_prefix: str = "") -> Identifier | None:
    """The identifier that a text means; None if it is none of that kind."""
    match kind:
        case "card":
            value = normal.card(text)
        case "phone":
            value = normal.phone(text, phone_prefix)
        case "email":
            value = normal.email(text)
    return None if value is None else Identifier(kind, value)


def tells_a_person(text: str) -> bool:
    """Whether a sentence holds an e-mail address, or a phone number with its country."""
    words = (word.strip(_AROUND_WORDS) for word in text.split())
    return bool(_PHONE_INSIDE.search(text)) or any(map(normal.email, words))


@lru_cache(maxsize=32_768)  # who shops once shops again
def digest(key: bytes, one: Identifier) -> bytes:
    """HMAC-SHA256 of the kind and the normal form."""
    return hmac.digest(key, f"{one.kind}|{one.value}".encode(), "sha256")


def key_mark(key: bytes) -> bytes:
    """What the key makes of a fixed word, by which another key is noticed."""
    return hmac.digest(key, b"the key of loyalty identifiers", "sha256")


def reference(card_digest: bytes) -> str:
    """How events name a card: a part of its keyed hash, never the number."""
    return card_digest.hex()[:16]


def card_account(card_digest: bytes) -> str:
    """The account that a card has which nobody has enrolled with."""
    return f"card-{card_digest.hex()[:24]}"
