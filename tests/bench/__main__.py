"""`python -m tests.bench [PART…]`: the figures of ARCHITECTURE.md, measured on this machine."""

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.figures import Figure, table

PARTS = ("codec", "steps", "promotions", "scenarios", "publish", "ledger", "kafka", "latency")
EVENTS = 100_000
LATENCY_S = 10


def main() -> None:
    """Measure each part that is asked for and print its table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="which; all if not given")
    parser.add_argument("--events", type=int, default=EVENTS, help="published, or decided on Kafka")
    given = parser.parse_args()
    out = sys.stdout.write
    out(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
          f"Python {platform.python_version()}\n")  # fmt: skip
    for part in given.parts or PARTS:
        with TemporaryDirectory(prefix="bench-") as home:
            measured = list(_figures(part, Path(home), given.events))
        out(f"\n### {part}\n\n{table(measured)}\n")
        sys.stdout.flush()


def _figures(part: str, home: Path, events: int) -> Iterator[Figure]:
    """What a part measures.

    Only its own module is loaded, and only here: what is measured may start processes, and each
    of them loads this module again before it begins.
    """
    bench = import_module(f"tests.bench.bench_{part}")
    if part in ("kafka", "latency"):
        kafka = import_module("infra.local_kafka")
        with kafka.LocalKafka(home / "kafka") as broker:
            size = events if part == "kafka" else LATENCY_S
            yield from bench.figures(broker.bootstrap_servers, home, size)
    elif part == "publish":
        yield from bench.figures(home, events)
    else:
        yield from bench.figures(home) if part in ("scenarios", "ledger") else bench.figures()


if __name__ == "__main__":
    main()
