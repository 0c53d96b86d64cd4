"""Every metric, declared once with its meaning, and the page Prometheus reads them from.

Labels are partitions and words of closed lists or of the programme; never an account or an event.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from msgspec import Struct
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

from infra.health import Health
from infra.pages import served


class Metric(Struct, frozen=True):
    """One metric as it is declared.

    Attributes:
        name: for Prometheus; a counter's ends in `_total`.
        kind: counter: only grows; gauge: as it is now; histogram: seconds in buckets.
        about: what it counts, in what unit.
        labels: what it is counted by.
    """

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    about: str
    labels: tuple[str, ...] = ()


EVENTS = Metric(
    "loyalty_events_total", "counter", "Events decided, by type.", ("partition", "type")
)
EFFECTS = Metric("loyalty_effects_total", "counter", "Effects of decisions, by kind.", ("kind",))
POINTS = Metric(
    "loyalty_points_total",
    "counter",
    "Points moved, unsigned, by wallet and kind of effect.",
    ("wallet", "kind"),
)
REFUSALS = Metric("loyalty_refusals_total", "counter", "Events refused, by reason.", ("reason",))
BEHIND_EVENTS = Metric(
    "loyalty_behind_events", "gauge", "Events in the log and not yet decided.", ("partition",)
)
BEHIND_SECONDS = Metric(
    "loyalty_behind_seconds",
    "gauge",
    "Since the log took the oldest event that is not yet decided; 0 if all are.",
    ("partition",),
)
HALTED = Metric(
    "loyalty_halted", "gauge", "1 while a partition stands still.", ("partition", "reason")
)
IGNORED = Metric(
    "loyalty_ignored_records_total",
    "counter",
    "Ledger records read that do not extend the chain.",
    ("kind",),
)
CLAIMS = Metric(
    "loyalty_claims_total", "counter", "Times this process took a partition over.", ("partition",)
)
RESYNCS = Metric(
    "loyalty_resyncs_total",
    "counter",
    "Acknowledgements that were not the expected ones, after which the ledger was read again.",
    ("partition",),
)
BATCH_SECONDS = Metric(
    "loyalty_batch_seconds",
    "histogram",
    "From a batch's first event in hand to its last acknowledgement.",
)
DECISION_SECONDS = Metric(
    "loyalty_decision_seconds",
    "histogram",
    "From the log's time of a batch's last event to its decision in the ledger.",
)
PROJECTION_BEHIND_SECONDS = Metric(
    "loyalty_projection_behind_seconds",
    "gauge",
    "Age of the oldest ledger record that is in no table yet; 0 if all are in.",
)
CLOSED_DAY_AGE_SECONDS = Metric(
    "loyalty_closed_day_age_seconds",
    "gauge",
    "Since the end of the last business day that every partition here has closed.",
)
PROGRAMME_INFO = Metric(
    "loyalty_programme_info",
    "gauge",
    "Always 1; the labels say which programme decides a sale of today.",
    ("name", "version", "hash"),
)
BUILD_INFO = Metric(
    "loyalty_build_info", "gauge", "Always 1; the label says what runs.", ("version",)
)

METRICS: tuple[Metric, ...] = (
    EVENTS,
    EFFECTS,
    POINTS,
    REFUSALS,
    BEHIND_EVENTS,
    BEHIND_SECONDS,
    HALTED,
    IGNORED,
    CLAIMS,
    RESYNCS,
    BATCH_SECONDS,
    DECISION_SECONDS,
    PROJECTION_BEHIND_SECONDS,
    CLOSED_DAY_AGE_SECONDS,
    PROGRAMME_INFO,
    BUILD_INFO,
)
"""The catalogue; nothing else is ever counted."""

_BATCH_SECONDS_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The values of one process; a gauge shows nothing until somebody has said its value."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._counters: dict[str, Counter] = {}
        self._gauges: dict[str, Gauge] = {}
        self._histograms: dict[str, Histogram] = {}
        self._measured: set[str] = set()
        for metric in METRICS:
            described = (metric.name, metric.about, metric.labels)
            match metric.kind:
                case "counter":
                    self._counters[metric.name] = Counter(*described, registry=self._registry)
                case "gauge":
                    # Without labels it would show 0 before anybody has measured anything.
                    registry = self._registry if metric.labels else None
                    self._gauges[metric.name] = Gauge(*described, registry=registry)
                case "histogram":
                    self._histograms[metric.name] = Histogram(
                        *described, registry=self._registry, buckets=_BATCH_SECONDS_BUCKETS
                    )
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        GCCollector(registry=self._registry)

    def add(self, metric: Metric, amount: float, *labels: str | int) -> None:
        """Count `amount` more."""
        counter = self._counters[metric.name]
        (counter.labels(*labels) if labels else counter).inc(amount)

    def put(self, metric: Metric, value: float, *labels: str | int) -> None:
        """Say what a gauge shows now."""
        gauge = self._gauges[metric.name]
        (gauge.labels(*labels) if labels else gauge).set(value)
        if not metric.labels and metric.name not in self._measured:
            self._measured.add(metric.name)
            self._registry.register(gauge)

    def observe(self, metric: Metric, seconds: float) -> None:
        """Note one duration."""
        self._histograms[metric.name].observe(seconds)

    def forget(self, metric: Metric, *labels: str | int) -> None:
        """Show no longer what a gauge said of these labels; of all behind them, if they are few.

        `forget(HALTED, 3)` takes away every reason of partition 3.
        """
        gauge = self._gauges[metric.name]
        if metric.labels:
            gauge.remove_by_labels(dict(zip(metric.labels, map(str, labels), strict=False)))
        elif metric.name in self._measured:
            self._measured.remove(metric.name)
            self._registry.unregister(gauge)

    def value(self, metric: Metric, *labels: str | int) -> float | None:
        """What is shown now; None if nothing was said yet."""
        named = dict(zip(metric.labels, map(str, labels), strict=True))
        return self._registry.get_sample_value(metric.name, named)

    @contextmanager
    def served(self, port: int, health: Health | None = None) -> Iterator[int]:
        """Show them to Prometheus while the block runs, beside the pages of the service's health.

        Gives the port, a free one for 0.

        Raises:
            OSError: the port is taken.
        """
        with served(port, self._registry, health or Health()) as taken:
            yield taken
