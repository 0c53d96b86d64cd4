"""Open vouchers with their codes, out of the tables."""

from collections.abc import Sequence
from typing import Any

from infra.settings import Settings
from loyalty.outcome import Trouble
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


def of_member(settings: Settings, member: str, key: bytes) -> Sequence[Row]:
    """A member's open vouchers, each behind its code.

    Raises:
        Trouble, DatabaseUnavailable: as `loyalty.questions.ask`.
    """
    rows = ask(settings, _OPEN, {"member": member}).rows
    return [(code_of(row[-1], key), *row) for row in rows]


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
