"""A service's own pages: alive, at work, and what Prometheus reads."""

from urllib.error import HTTPError
from urllib.request import urlopen

from infra.health import ALIVE_WITHIN_S, Health
from infra.metrics import BUILD_INFO, Metrics


class Clock:
    """Seconds that only go on when told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """What it shows."""
        return self.seconds


def page(port: int, path: str) -> tuple[int, str]:
    """Status and text of a page."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        return refused.code, refused.read().decode()


def test_a_service_is_ready_when_it_says_so_and_alive_before() -> None:
    """Alive from the start; ready once it does its work, and no longer when it cannot."""
    health = Health()
    with Metrics().served(0, health) as port:
        assert page(port, "/healthz") == (200, "well\n")
        assert page(port, "/readyz") == (503, "it has not begun\n")
        health.ready()
        assert page(port, "/readyz") == (200, "well\n")
        health.ready("partition 3 stands still, DEFECT")
        assert page(port, "/readyz") == (503, "partition 3 stands still, DEFECT\n")
        assert page(port, "/healthz") == (200, "well\n")


def test_a_loop_that_does_not_come_round_is_seen() -> None:
    """Whoever restarts services asks /healthz."""
    clock = Clock()
    health = Health(clock)
    health.ready()
    with Metrics().served(0, health) as port:
        clock.seconds = ALIVE_WITHIN_S + 1
        assert page(port, "/healthz") == (503, "nothing moved for 61 s\n")
        assert page(port, "/readyz") == (503, "nothing moved for 61 s\n")
        health.beat()
        assert page(port, "/healthz") == (200, "well\n")


def test_the_metrics_are_on_the_same_port() -> None:
    """One port is one hole in a firewall."""
    metrics = Metrics()
    metrics.put(BUILD_INFO, 1, "7")
    with metrics.served(0) as port:
        status, text = page(port, "/metrics")
    assert (status, 'loyalty_build_info{version="7"} 1.0' in text) == (200, True)
