"""`python -m tests.bench [PART…]`: the figures of ARCHITECTURE.md, measured on this machine."""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.local_kafka import LocalKafka
from tests.bench import (
    bench_codec,
    bench_kafka,
    bench_latency,
    bench_ledger,
    bench_promotions,
    bench_publish,
    bench_scenarios,
    bench_steps,
)
from tests.bench.figures import Figure, table

EVENTS = 100_000
LATENCY_S = 10


def main() -> None:
    """Measure each part that is asked for and print its table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="which; all if not given")
    parser.add_argument("--events", type=int, default=EVENTS, help="events in the log")
    given = parser.parse_args()
    out = sys.stdout.write
    out(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
          f"Python {platform.python_version()}\n")  # fmt: skip
    for part in given.parts or PARTS:
        with TemporaryDirectory(prefix="bench-") as home:
            measured = list(PARTS[part](Path(home), given.events))
        out(f"\n### {part}\n\n{table(measured)}\n")
        sys.stdout.flush()


def _kafka(home: Path, events: int) -> Iterator[Figure]:
    with LocalKafka(home / "kafka") as broker:
        yield from bench_kafka.figures(broker.bootstrap_servers, home, events)


def _latency(home: Path, _: int) -> Iterator[Figure]:
    with LocalKafka(home / "kafka") as broker:
        yield from bench_latency.figures(broker.bootstrap_servers, home, LATENCY_S)


PARTS: dict[str, Callable[[Path, int], Iterator[Figure]]] = {
    "codec": lambda _, __: bench_codec.figures(),
    "steps": lambda _, __: bench_steps.figures(),
    "promotions": lambda _, __: bench_promotions.figures(),
    "scenarios": lambda home, _: bench_scenarios.figures(home),
    "publish": bench_publish.figures,
    "ledger": bench_ledger.figures,
    "kafka": _kafka,
    "latency": _latency,
}

if __name__ == "__main__":
    main()
