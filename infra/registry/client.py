"""Requests to a schema registry, by the API of Confluent's, which others speak as well."""

import json
from base64 import b64encode
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import Request, urlopen

from infra.settings import without_password

TIMEOUT_S = 10.0
_JSON = "application/vnd.schemaregistry.v1+json"
_NOT_THERE = 404
_ANSWER_SHOWN = 300


class RegistryUnavailable(Exception):
    """The schema registry cannot be reached or refuses something; the sentence says which."""


class Client:
    """One registry by its URL, with the name and the password that the URL may hold."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url.rstrip("/"))
        host = parts.netloc.rpartition("@")[2]
        self.url = urlunsplit(parts._replace(netloc=host))
        self._shown = without_password(url)
        self._headers: dict[str, str] = {"Accept": f"{_JSON}, application/json"}
        if parts.username is not None:
            login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers["Authorization"] = f"Basic {b64encode(login.encode()).decode()}"

    def get(self, path: str) -> Any:
        """What lies under a path, as JSON; None if the registry says that there is nothing.

        Raises:
            RegistryUnavailable: it cannot be reached or refuses, or what answers is no registry.
        """
        return self._sent("GET", self.url + path, None, {})

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to a request that changes or looks up something; None if it is empty.

        Raises:
            RegistryUnavailable: the registry cannot be reached or refuses.
        """
        data = None if body is None else json.dumps(body).encode()
        return self._sent(method, self.url + path, data, {"Content-Type": _JSON})

    def get_beside(self, url: str) -> Any:
        """What lies under a URL that need not lie below the registry's; None if nothing.

        Raises:
            RegistryUnavailable: the registry cannot be reached or refuses.
        """
        return self._sent("GET", url, None, {})

    def post_beside(self, url: str, content: bytes, headers: Mapping[str, str]) -> None:
        """Post bytes to a URL that need not lie below the registry's.

        Raises:
            RegistryUnavailable: the registry cannot be reached or refuses.
        """
        self._sent("POST", url, content, headers)

    def _sent(self, method: str, url: str, data: bytes | None, more: Mapping[str, str]) -> Any:
        headers = {**self._headers, **more}
        request = Request(url, data, headers, method=method)  # noqa: S310  Settings take http alone
        try:
            with urlopen(request, timeout=TIMEOUT_S) as response:  # noqa: S310  see above
                answer = response.read()
                return json.loads(answer) if answer else None
        except HTTPError as refusal:
            said = refusal.read().decode(errors="replace")
            # A page that is not there is no registry's; a schema that is not there has this code.
            if method == "GET" and refusal.code == _NOT_THERE and '"error_code"' in said:
                return None
            raise RegistryUnavailable(
                f"The schema registry at {self._shown} answers {refusal.code} to {method} "
                f"{urlsplit(url).path}: {said.strip()[:_ANSWER_SHOWN] or refusal.reason}"
            ) from None
        except ValueError as problem:
            raise RegistryUnavailable(
                f"What answers at {self._shown} is no schema registry: {problem}."
            ) from None
        except (OSError, HTTPException) as problem:
            why = getattr(problem, "reason", problem)
            raise RegistryUnavailable(
                f"The schema registry at {self._shown} cannot be reached: {why}."
            ) from None
