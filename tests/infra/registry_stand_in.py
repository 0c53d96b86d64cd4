"""A schema registry as Confluent documents its own: as much of it as ours is asked.

It takes a given id while the subject is in the mode IMPORT, and gives one itself otherwise.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit


class StandIn:
    """What the registry holds and was asked.

    Attributes:
        schemas: subject → version → id and text.
        levels, modes: by subject, where one was set.
        changes: method and path of each request that was no question.
        logins: the Authorization headers that came.
        has_modes: whether a subject can be put into a mode.
        takes_ids: whether a given id is used; else it is passed over.
    """

    def __init__(self) -> None:
        self.schemas: dict[str, dict[int, tuple[int, str]]] = {}
        self.levels: dict[str, str] = {}
        self.modes: dict[str, str] = {}
        self.changes: list[str] = []
        self.logins: set[str | None] = set()
        self.has_modes = True
        self.takes_ids = True
        self.next_id = 1000

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """Status and answer to one request."""
        if method != "GET":
            self.changes.append(f"{method} {path}")
        match [unquote(part) for part in path.split("/")[1:]]:
            case ["subjects", subject, "versions"]:
                return self._add(subject, body)
            case ["subjects", subject, "versions", version]:
                return self._version(method, subject, int(version))
            case ["subjects", subject]:
                versions = self.schemas.get(subject, {}).items()
                return next(
                    (200, {"id": id_, "version": version})
                    for version, (id_, text) in versions
                    if text == body["schema"]
                )
            case ["schemas", "ids", id_]:
                found = self._by_id().get(int(id_))
                return (404, {"error_code": 40403}) if found is None else (200, {"schema": found})
            case ["config", subject]:
                return self._kept(self.levels, method, subject, body, "compatibility", "Level")
            case ["mode", subject] if self.has_modes or method == "GET":
                return self._kept(self.modes, method, subject, body, "mode", "")
            case _:
                return 405, {"error_code": 405, "message": "not here"}

    def _by_id(self) -> dict[int, str]:
        return dict(one for versions in self.schemas.values() for one in versions.values())

    def _add(self, subject: str, body: Any) -> tuple[int, Any]:
        versions = self.schemas.setdefault(subject, {})
        id_, version = body.get("id"), body.get("version", len(versions) + 1)
        if id_ is not None and self.modes.get(subject) != "IMPORT":
            return 422, {"error_code": 42205, "message": f"{subject} is not in import mode"}
        if id_ is None or not self.takes_ids:
            id_, self.next_id = self.next_id, self.next_id + 1
        if self._by_id().get(id_, body["schema"]) != body["schema"]:
            return 422, {"error_code": 42205, "message": f"another schema has the id {id_}"}
        versions[version] = id_, body["schema"]
        return 200, {"id": id_}

    def _version(self, method: str, subject: str, version: int) -> tuple[int, Any]:
        found = self.schemas.get(subject, {}).get(version)
        if found is None:
            return 404, {"error_code": 40402}
        if method == "DELETE":
            # The first deletion only hides a version; the stand-in hides nothing.
            if self.changes.count(self.changes[-1]) > 1:
                del self.schemas[subject][version]
            return 200, version
        return 200, {"id": found[0], "schema": found[1], "version": version}

    def _kept(
        self, kept: dict[str, str], method: str, subject: str, body: Any, word: str, more: str
    ) -> tuple[int, Any]:
        if method == "PUT":
            kept[subject] = body[word]
        if method == "DELETE":
            return 200, {word: kept.pop(subject)}
        if subject not in kept:
            return 404, {"error_code": 40408}
        return 200, {word + more: kept[subject]}


@contextmanager
def served(stand_in: StandIn) -> Iterator[str]:
    """The URL at which the registry answers, inside the `with`."""

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            stand_in.logins.add(self.headers["Authorization"])
            length = int(self.headers["Content-Length"] or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            status, answer = stand_in.answer(self.command, urlsplit(self.path).path, body)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        do_GET = do_POST = do_PUT = do_DELETE = _handle  # noqa: N815  the library's names

        def log_message(self, *words: Any) -> None:
            """Requests are not told to the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
