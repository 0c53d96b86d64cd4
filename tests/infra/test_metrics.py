"""Metrics are what the catalogue says, and Prometheus can read them."""

from urllib.request import urlopen

import pytest

from infra import metrics
from infra.metrics import METRICS, Metrics


def test_names_are_told_apart() -> None:
    """Every metric is declared once, begins with the project's name, and a counter says so."""
    names = [metric.name for metric in METRICS]

    assert len(set(names)) == len(names)
    assert all(name.startswith("loyalty_") for name in names)
    assert all(m.name.endswith("_total") == (m.kind == "counter") for m in METRICS)
    assert all(metric.about.endswith(".") for metric in METRICS)


def test_no_metric_is_declared_outside_the_catalogue() -> None:
    """What the module declares is what the catalogue holds."""
    declared = [thing for thing in vars(metrics).values() if isinstance(thing, metrics.Metric)]

    assert declared == list(METRICS)


def test_labels_name_no_person() -> None:
    """No metric is counted by account, member, store or event: those are endless, or personal."""
    labels = {label for metric in METRICS for label in metric.labels}

    assert labels == {
        "partition", "type", "kind", "wallet", "reason", "name", "version", "hash",
    }  # fmt: skip


def test_prometheus_reads_what_was_counted() -> None:
    """Counters, gauges and histograms are on the page, with their help."""
    counted = Metrics()
    counted.add(metrics.EVENTS, 2, 3, "SaleRecorded")
    counted.add(metrics.EVENTS, 1, 3, "SaleRecorded")
    counted.put(metrics.BEHIND_EVENTS, 17, 0)
    counted.observe(metrics.BATCH_SECONDS, 0.02)

    with counted.served(0) as port, urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        page = answer.read().decode()

    assert 'loyalty_events_total{partition="3",type="SaleRecorded"} 3.0' in page
    assert "# HELP loyalty_events_total Events decided, by type." in page
    assert 'loyalty_behind_events{partition="0"} 17.0' in page
    assert 'loyalty_batch_seconds_bucket{le="0.025"} 1.0' in page


def test_a_gauge_that_nobody_has_set_is_not_on_the_page() -> None:
    """A 0 that nobody measured would say that all is well; forgotten it is gone, too."""
    counted = Metrics()
    gauges = [metric for metric in METRICS if metric.kind == "gauge" and not metric.labels]

    for metric in gauges:
        assert counted.value(metric) is None
        counted.put(metric, 0)
        counted.put(metric, 7)
        assert counted.value(metric) == 7
        counted.forget(metric)
        counted.forget(metric)
        assert counted.value(metric) is None
    assert metrics.PROJECTION_BEHIND_SECONDS in gauges


def test_a_partition_that_is_gone_is_shown_no_more() -> None:
    """Forgetting a partition takes away all that was said of it, and nothing of the others."""
    counted = Metrics()
    counted.put(metrics.HALTED, 1, 3, "DEFECT")
    counted.put(metrics.HALTED, 1, 30, "DEFECT")

    counted.forget(metrics.HALTED, 3)

    assert counted.value(metrics.HALTED, 3, "DEFECT") is None
    assert counted.value(metrics.HALTED, 30, "DEFECT") == 1


def test_two_sets_of_metrics_do_not_mix() -> None:
    """Each set counts for itself, so that two workers in one process can be told apart."""
    one, other = Metrics(), Metrics()
    one.add(metrics.CLAIMS, 1, 0)

    assert other.value(metrics.CLAIMS, 0) is None


def test_the_port_is_free_again() -> None:
    """After the block another may serve on the same port."""
    with Metrics().served(0) as port:
        pass
    with Metrics().served(port) as again:
        assert again == port
    with (
        Metrics().served(0) as port,
        pytest.raises(OSError, match="in use"),
        Metrics().served(port),
    ):
        pass
