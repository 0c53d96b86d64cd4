"""The embedded server, as several users of one process see it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra.postgres import connect, server
from infra.settings import Settings


def test_threads_share_the_embedded_server(tmp_path: Path) -> None:
    """Given four threads that come and go, then each finds it there, and the last one leaves it."""
    settings = Settings(home=tmp_path)

    def come_and_go(_: int) -> int:
        with server(settings), connect(settings, "owner") as connection:
            return len(connection.execute("SELECT 1").fetchall())

    with server(settings), ThreadPoolExecutor(4) as threads:
        seen = list(threads.map(come_and_go, range(60)))
        (running,) = tmp_path.rglob("postmaster.pid")

    assert seen == [1] * 60
    assert not running.exists()
