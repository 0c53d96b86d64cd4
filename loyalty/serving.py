"""What every service has: settings, log lines, a way to be stopped, and metrics on a port."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from threading import Event

from msgspec import Struct

from infra import logs
from infra import settings as all_settings
from infra.health import Health
from infra.metrics import BUILD_INFO, Metrics
from infra.settings import Settings
from loyalty.journal import Lines
from loyalty.outcome import Trouble
from loyalty.stopping import asked_to_stop

CODE_VERSION = version("loyalty-ledger")


class Service(Struct, frozen=True):
    """The surroundings of a service.

    Attributes:
        settings: as the environment gives them.
        lines: where its log lines go.
        stop: set when it is asked to end.
        metrics: what it counts; None if nobody asked for a port.
        health: what it says of itself on that port.
    """

    settings: Settings
    lines: Lines
    stop: Event
    metrics: Metrics | None
    health: Health

    def stopped(self) -> bool:
        """Whether it was asked to end; whoever asks this in a loop lives."""
        self.health.beat()
        return self.stop.is_set()


@contextmanager
def service(name: str) -> Iterator[Service]:
    """The surroundings while the service runs; its metrics are served if a port is set.

    Raises:
        SettingsInvalid: a setting cannot be used.
        Trouble: the port for metrics is taken.
    """
    unknown: list[str] = []
    current = all_settings.load(unknown.append)
    logs.configure(current.log_format)
    lines = logs.logger(name)
    for sentence in unknown:
        lines.warning("unknown settings", why=sentence)
    with ExitStack() as held:
        stop = held.enter_context(asked_to_stop())
        metrics, health = None, Health()
        if current.metrics_port:
            metrics = Metrics()
            metrics.put(BUILD_INFO, 1, CODE_VERSION)
            try:
                held.enter_context(metrics.served(current.metrics_port, health))
            except OSError as problem:
                raise Trouble(
                    f"Port {current.metrics_port} cannot show metrics: {problem.strerror}.  "
                    "Set LOYALTY_METRICS_PORT to another one, or to 0 for none."
                ) from None
        yield Service(current, lines, stop, metrics, health)
