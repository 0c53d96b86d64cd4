"""What people see of a table in a terminal that is narrower than it."""

import io
import re

import pytest

from loyalty.console import show

COLUMNS = ("member_id", "account_id", "enrolment_store_id", "why")
ROW = ("member-0000037", "account-0000037", "S1", "a broken cup, and the saucer that was under it")


class Terminal(io.StringIO):
    """Somebody looks at it."""

    def isatty(self) -> bool:
        """So that the width counts."""
        return True


def shown(monkeypatch: pytest.MonkeyPatch, width: int, out: io.StringIO) -> list[str]:
    """The lines of a table of one row."""
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr("sys.stdout", out)
    show(COLUMNS, [ROW])
    plain = re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue())
    return [line.rstrip() for line in plain.splitlines() if line.strip()]


@pytest.mark.parametrize("width", [40, 60, 72, 80, 120, 200])
def test_no_word_is_broken_however_narrow_a_terminal_is(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half an id can neither be read nor copied."""
    lines = shown(monkeypatch, width, Terminal())

    assert {*ROW[:3], *ROW[3].split()} <= set(" ".join(lines).split())
    assert max(map(len, lines)) <= width


def test_a_table_without_room_is_shown_value_by_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each behind the name of its column."""
    assert shown(monkeypatch, 45, Terminal())[:2] == [
        "member_id           member-0000037",
        "account_id          account-0000037",
    ]


def test_a_sentence_wraps_where_the_ids_have_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table is quicker to read, so it stays one as long as it can."""
    row = shown(monkeypatch, 80, Terminal())[3]

    assert row == "member-0000037   account-0000037   S1           a broken cup, and the saucer"


def test_a_heading_ends_a_line_behind_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the name of a column can be read, and the rows stay beside each other."""
    first, second, *_ = shown(monkeypatch, 60, Terminal())

    assert first.split() == ["enrolment_"]
    assert second.split() == ["member_id", "account_id", "store_id", "why"]


def test_a_pipe_takes_as_much_as_a_table_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many columns: another program reads them."""
    out = io.StringIO()
    monkeypatch.setattr("sys.stdout", out)
    names = [f"column_{at:03}" for at in range(60)]
    show(names, [range(60)])

    assert out.getvalue().splitlines()[1].split() == names
