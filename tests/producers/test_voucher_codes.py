"""A voucher's code: nobody makes one without the key, and a slip of the finger is seen."""

from random import Random

import pytest

from producers.voucher_codes import ALPHABET, CodeMistyped, as_printed, code_of

KEY = b"k" * 32
VOUCHER = "0142|3|2017-03-24|1017|sale#6"


def test_a_code_is_a_function_of_voucher_and_key() -> None:
    """The same on every till; another voucher or another key gives another."""
    assert code_of(VOUCHER, KEY) == code_of(VOUCHER, KEY)
    assert (
        len({code_of(VOUCHER, KEY), code_of(VOUCHER + "1", KEY), code_of(VOUCHER, b"l" * 32)}) == 3
    )


def test_a_code_is_fourteen_characters_that_look_like_no_others() -> None:
    """In groups that can be read out."""
    code = code_of(VOUCHER, KEY)
    assert [len(group) for group in code.split("-")] == [5, 5, 4]
    assert set(code.replace("-", "")) <= set(ALPHABET)
    assert not set("ILOU") & set(ALPHABET)


def test_a_code_may_be_typed_in_any_way_it_can_be_read() -> None:
    """Small letters, no hyphens, and O for 0."""
    code = code_of(VOUCHER, KEY)
    assert as_printed(code.lower().replace("-", "")) == code
    assert as_printed(code.replace("0", "O").replace("1", "l").replace("-", " ")) == code


def test_any_one_wrong_character_is_seen() -> None:
    """At every place, whatever it was mistaken for."""
    code = code_of(VOUCHER, KEY).replace("-", "")
    for at, right in enumerate(code):
        for wrong in ALPHABET.replace(right, ""):
            with pytest.raises(CodeMistyped, match="a character in it is wrong"):
                as_printed(code[:at] + wrong + code[at + 1 :])


def test_two_changed_places_are_nearly_always_seen() -> None:
    """In more than 99 of 100 codes and places."""
    random = Random(3)
    unseen = tried = 0
    for number in range(300):
        code = code_of(f"{VOUCHER}{number}", KEY).replace("-", "")
        at = random.randrange(13)
        swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        if swapped != code:
            tried += 1
            unseen += _holds(swapped)
    assert unseen < tried / 100


def _holds(typed: str) -> bool:
    try:
        as_printed(typed)
    except CodeMistyped:
        return False
    return True


@pytest.mark.parametrize("typed", ["", "ABC", "?" * 14, "A" * 15])
def test_what_is_no_code_is_said_to_be_none(typed: str) -> None:
    """Before anything is searched."""
    with pytest.raises(CodeMistyped, match="those have 14 letters and digits"):
        as_printed(typed)


def test_a_short_key_is_refused() -> None:
    """It could be tried out."""
    with pytest.raises(ValueError, match="32 at least"):
        code_of(VOUCHER, b"short")
