"""Open vouchers with their codes, out of the tables."""

from collections.abc import Sequence
from typing import Any

from infra.settings import Settings
from loyalty.outcome import Trouble
from loyalty.people import can_be_registered, member_meant, register
from loyalty.questions import ask
from producers.voucher_codes import KEY_BYTES_MIN, CodeMistyped, as_printed, code_of

COLUMNS = ("code", "voucher", "member", "first day", "last day", "voucher id")

Row = tuple[Any, ...]
"""Any: texts and dates, as Postgres gives them."""

_OPEN = """
    SELECT voucher, member_id, first_day, last_day, voucher_id FROM vouchers
    WHERE status = 'issued' AND (%(member)s = '' OR member_id = %(member)s)
    ORDER BY last_day, voucher_id
"""
_IS_AN_ID = """
    SELECT FROM members WHERE member_id = %(word)s
    UNION ALL SELECT FROM vouchers WHERE member_id = %(word)s LIMIT 1
"""


def key_of(settings: Settings) -> bytes:
    """The key of the chain's voucher codes.

    Raises:
        Trouble: none is set, or it is too short.
    """
    key = settings.voucher_key.get_secret_value().encode()
    if len(key) < KEY_BYTES_MIN:
        raise Trouble(
            f"Voucher codes need a key of {KEY_BYTES_MIN} characters or more in "
            "LOYALTY_VOUCHER_KEY, or in a file that LOYALTY_VOUCHER_KEY_FILE names."
        )
    return key


def of_member(settings: Settings, word: str, key: bytes) -> Sequence[Row]:
    """Open vouchers of a member, each behind its code; none where the word leads to nobody.

    A member is named by id, or by what the register knows: a card, phone or e-mail.

    Raises:
        Trouble: the word leads to several members.
        Trouble, DatabaseUnavailable: as `loyalty.questions.ask`.
        KeyUnusable, OtherKey: as `loyalty.people.register`.
    """
    member: str | None = word
    if not ask(settings, _IS_AN_ID, {"word": word}).rows:
        member = _registered(settings, word)
    rows = ask(settings, _OPEN, {"member": member}).rows if member else []
    return [(code_of(row[-1], key), *row) for row in rows]


def _registered(settings: Settings, word: str) -> str | None:
    """Whose card, phone or e-mail it is, if it can be one."""
    if not can_be_registered(settings, word):
        return None
    with register(settings) as known:
        return member_meant(settings, known, word)


def of_code(settings: Settings, typed: str, key: bytes) -> Sequence[Row]:
    """The open voucher that a code is of; none if there is none.

    Codes are stored nowhere, so every open voucher is tried: a million take some seconds.

    Raises:
        Trouble: what was typed is no code.
        Trouble, DatabaseUnavailable: as `loyalty.questions.ask`.
    """
    try:
        code = as_printed(typed)
    except CodeMistyped as problem:
        raise Trouble(f"{str(problem)[:1].upper()}{str(problem)[1:]}.") from None
    rows = ask(settings, _OPEN, {"member": ""}).rows
    return [(code, *row) for row in rows if code_of(row[-1], key) == code]
