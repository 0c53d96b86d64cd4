"""The code that a customer reads out for a voucher: made at the edge, by whoever hands it out.

A code is a keyed hash of the voucher's id: 65 bits in thirteen letters and digits, and a check
character.  It lies in no topic and no table, so that who reads those can use no voucher.  Without
the key nobody can make one, and one that is guessed is some voucher's once in 10**13 tries, even
if a million vouchers are open.

The alphabet is that of Crockford's base 32: no I, L, O and U; who types I, L or O means 1, 1 and 0.
The check is ISO 7064's hybrid system over it: any one wrong character is seen.
"""

import hmac

from stdnum.iso7064 import mod_37_36

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 65
KEY_BYTES_MIN = 32
"""A shorter key could be tried out."""
_BITS_A_LETTER = 5
_GROUPS = ((0, 5), (5, 10), (10, 14))
_MEANT = str.maketrans("ILO", "110", "- ")


class CodeMistyped(ValueError):
    """What was typed is no code: of another length or alphabet, or with a wrong check character."""


def code_of(voucher_id: str, key: bytes) -> str:
    """A voucher's code as it is printed, in groups: 5, 5 and 4 characters.

    Raises:
        ValueError: the key is shorter than it must be.
    """
    if len(key) < KEY_BYTES_MIN:
        raise ValueError(f"the key of voucher codes has {len(key)} bytes; {KEY_BYTES_MIN} at least")
    digest = hmac.digest(key, voucher_id.encode(), "sha256")
    number = int.from_bytes(digest) >> (8 * len(digest) - BITS)
    shifts = range(BITS - _BITS_A_LETTER, -1, -_BITS_A_LETTER)
    letters = "".join(ALPHABET[number >> shift & 31] for shift in shifts)
    whole = letters + mod_37_36.calc_check_digit(letters, alphabet=ALPHABET)
    return "-".join(whole[start:end] for start, end in _GROUPS)


def as_printed(typed: str) -> str:
    """What somebody typed, as `code_of` prints it: any case, with or without its hyphens.

    Raises:
        CodeMistyped: it cannot be a code.
    """
    whole = typed.upper().translate(_MEANT)
    if len(whole) != _GROUPS[-1][1] or not set(whole) <= set(ALPHABET):
        raise CodeMistyped(f"{typed} is no voucher code: those have 14 letters and digits")
    if not mod_37_36.is_valid(whole, alphabet=ALPHABET):
        raise CodeMistyped(f"{typed} is no voucher code: a character in it is wrong")
    return "-".join(whole[start:end] for start, end in _GROUPS)
