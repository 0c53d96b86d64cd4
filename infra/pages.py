"""The pages of a service on its one port: /metrics, /healthz, /readyz."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app

from infra.health import Health

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
"""A WSGI application.  Any: as the protocol has it."""


class _Server(ThreadingMixIn, WSGIServer):
    """A slow reader keeps nobody waiting."""

    daemon_threads = True


class _Handler(WSGIRequestHandler):
    """Requests are no log lines."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(port: int, registry: CollectorRegistry, health: Health) -> Iterator[int]:
    """Serve the pages while the block runs; gives the port, a free one for 0.

    Raises:
        OSError: the port is taken.
    """
    server = make_server("", port, _application(registry, health), _Server, _Handler)
    thread = Thread(target=server.serve_forever, name="pages", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _application(registry: CollectorRegistry, health: Health) -> Application:
    metrics = make_wsgi_app(registry)
    answers = {"/healthz": health.hangs, "/readyz": health.idle}

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = answers.get(environ["PATH_INFO"])
        if answer is None:
            page: Iterable[bytes] = metrics(environ, start_response)
            return page
        why_not = answer()
        status = "503 Service Unavailable" if why_not else "200 OK"
        start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
        return [f"{why_not or 'well'}\n".encode()]

    return application
