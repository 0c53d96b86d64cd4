"""Log lines: one JSON object a line on a pipe, readable on a terminal, always on standard error.

Standard output is for results.  A line has an event in plain words and fields; no field ever holds
personal data.
"""

import logging
import sys
from typing import Any, TextIO

import structlog


def configure(log_format: str, stream: TextIO | None = None) -> None:
    """Say once, at the start of a command, how log lines look.

    Args:
        log_format: json, text, or auto for text on a terminal and else json.
        stream: where they go; standard error if not said.
    """
    target = stream or sys.stderr
    as_text = log_format == "text" or (log_format == "auto" and target.isatty())
    shared: list[Any] = [  # processors of several types, as structlog has them
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # A traceback shows no local variables: they hold events, and settings with secrets.
    if as_text:
        shown: list[Any] = [
            structlog.dev.ConsoleRenderer(
                colors=target.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    else:
        trace = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        shown = [
            structlog.processors.ExceptionRenderer(trace),
            structlog.processors.JSONRenderer(),
        ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    # Libraries log through the standard library, the Kafka client among them; all lines are alike.
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shown],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("loyalty").setLevel(logging.INFO)


def logger(name: str, **fields: Any) -> structlog.stdlib.BoundLogger:
    """A logger of ours (`loyalty.<name>`) whose every line has these fields."""
    bound: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(f"loyalty.{name}")
    return bound.bind(**fields)
