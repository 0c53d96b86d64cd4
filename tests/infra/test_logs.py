"""Log lines are one JSON object a line, ours and the libraries' alike, without secrets."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from infra import logs


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """The logging of the test run is as it was before."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def written(log_format: str) -> tuple[io.StringIO, structlog.stdlib.BoundLogger]:
    target = io.StringIO()
    logs.configure(log_format, target)
    return target, logs.logger("test", owner="me")


def test_a_line_on_a_pipe_is_json() -> None:
    """Event, level, time, logger and fields are one object; auto means JSON where no one looks."""
    target, logger = written("auto")

    logger.warning("displaced", partition=3)

    line = json.loads(target.getvalue())
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "displaced",
        "level": "warning",
        "logger": "loyalty.test",
        "owner": "me",
        "partition": 3,
    }


def test_text_is_for_people() -> None:
    """On a terminal the event stands first and no braces are in the way."""
    target, logger = written("text")

    logger.info("claimed", partition=3)

    assert "claimed" in target.getvalue()
    assert "partition=3" in target.getvalue()
    assert "{" not in target.getvalue()


def test_libraries_write_the_same_lines() -> None:
    """What the Kafka client says is a JSON line too; chatter of other libraries is not shown."""
    target, _ = written("json")

    logging.getLogger("loyalty.kafka").warning("broker %s is away", "b1")
    logging.getLogger("somebody.else").info("chatter")

    assert json.loads(target.getvalue())["event"] == "broker b1 is away"


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_a_traceback_shows_no_values(log_format: str) -> None:
    """An exception is told with its places and without local variables, which may be secrets."""
    target, logger = written(log_format)

    def fail(password: str) -> None:
        raise ValueError(len(password))

    try:
        fail("hunter" + "2")
    except ValueError:
        logger.exception("failed")

    assert "ValueError" in target.getvalue()
    assert "hunter2" not in target.getvalue()
