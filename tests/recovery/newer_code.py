"""A processor of newer code, as a process: `python -m tests.recovery.newer_code`.

It decides as the present code does and signs with the next decider version, so that every record
tells which code decided it.
"""

from collections.abc import Iterator

from infra import settings
from infra.wiring import worker_log
from loyalty.services import owner_name
from loyalty.stopping import asked_to_stop
from processors.core.decide import decide
from processors.core.message import Decided, Given
from processors.core.overlay import Overlay
from processors.core.versions import DECIDER_VERSION
from processors.stream.worker import Limits, Worker
from schemas.records import replace

CODE_VERSION = "newer"
NEWER_DECIDER_VERSION = DECIDER_VERSION + 1


def decide_newer(overlay: Overlay, given: Given, first_part: int = 0) -> Iterator[Decided]:
    """The same decisions under the next version."""
    for decided in decide(overlay, given, first_part):
        record = replace(decided.record, decider_version=NEWER_DECIDER_VERSION)
        yield Decided(record, decided.part, decided.final)


def main() -> None:
    """Work until asked to stop."""
    current = settings.load()
    worker = Worker(
        worker_log(current),
        owner=owner_name(),
        code_version=CODE_VERSION,
        generation=current.generation,
        limits=Limits(batch=current.batch_events),
        decide=decide_newer,
    )
    with asked_to_stop() as stop:
        print("started", flush=True)  # noqa: T201  as the service logs it
        try:
            worker.run(stop.is_set)
        finally:
            worker.close()
    raise SystemExit(4 if worker.halted else 0)


if __name__ == "__main__":
    main()
