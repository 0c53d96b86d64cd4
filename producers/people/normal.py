"""One way to write a card number, a phone number and an e-mail address.  Pure.

However a person or a till writes them, the same card gives the same text, and what is none gives
`None`: a guess here would give one customer's points to another.
"""

import re
from unicodedata import normalize

CARD_LENGTHS = range(4, 41)
_CARD = re.compile(r"[0-9A-Z]+")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_PHONE_SIGNS = str.maketrans("", "", " -./()\u00a0\u2010\u2011\u2012\u2013")
_TRUNK_IN_BRACKETS = re.compile(r"(?<=\d)\s*\(0\)")
_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\\\]]{1,64}")
_DOMAIN = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
_KEEPS_ITS_ZERO = ("+39", "+378")
"""Countries whose numbers begin with a 0 that belongs to them."""


def card(text: str) -> str | None:
    """A card number: letters and digits, 4 to 40 of them; spaces and hyphens do not matter.

    A number that a spreadsheet has turned into `4.0001E+15` is none.
    """
    if text.isascii() and text.isalnum():
        plain = text.upper()
    else:
        plain = re.sub(r"[ \u00a0-]", "", normalize("NFKC", text).strip()).upper()
    return plain if len(plain) in CARD_LENGTHS and _CARD.fullmatch(plain) else None


def phone(text: str, prefix: str = "") -> str | None:
    """A phone number as `+` and digits, the country first.

    Args:
        text: as a person writes it: `+44 (0)20 7946 0018`, `0044 20 …`, `(212) 555-0100`.
        prefix: the country of numbers that name none, such as `+44`; empty if that is not known.
    """
    written = _TRUNK_IN_BRACKETS.sub("", normalize("NFKC", text).strip())
    plain = written.translate(_PHONE_SIGNS)
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    if not plain.startswith("+"):
        if not prefix or not plain.isascii() or not plain.isdigit():
            return None
        plain = prefix + _without_trunk(plain, prefix)
    return plain if _PHONE.fullmatch(plain) else None


def _without_trunk(national: str, prefix: str) -> str:
    """A national number without the digit that is dialled inside the country only."""
    if prefix == "+1":
        return national[1:] if len(national) == 11 else national
    if prefix in _KEEPS_ITS_ZERO:
        return national
    return national.removeprefix("0")


def email(text: str) -> str | None:
    """An e-mail address in lower case, its domain in ASCII."""
    local, at, domain = normalize("NFKC", text).strip().lower().rpartition("@")
    if (
        not at
        or not _LOCAL.fullmatch(local)
        or ".." in local
        or local[0] == "."
        or local[-1] == "."
    ):
        return None
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        return None
    return f"{local}@{domain}" if _DOMAIN.fullmatch(domain) else None
