"""A real Apicurio for tests: one that is empty, in memory, a Java program from Maven Central.

Its ids are for all subjects, so tests share one registry and use prefixes of topics of their own.
"""

import shutil
import socket
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest

from infra import kafka_jars
from infra.registry import RegistryUnavailable
from infra.registry.client import Client

GROUP, ARTIFACT, VERSION = "io.apicurio", "apicurio-registry-app", "3.3.3"
DIGEST = "8bc6751c76d963734224b01d5e7f84ccb3cb61c87d3bd77c36c35f10a5cbed63"
READY_WITHIN_S = 120.0


@pytest.fixture(scope="session")
def apicurio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of its Confluent-compatible API, as long as the test run lives."""
    java, program = kafka_jars.java(), _program()
    port, management_port = _free_port(), _free_port()
    log = tmp_path_factory.mktemp("apicurio") / "log"
    options = {
        "quarkus.http.host": "127.0.0.1",
        "quarkus.http.port": port,
        "quarkus.management.host": "127.0.0.1",
        "quarkus.management.port": management_port,
        "quarkus.http.access-log.enabled": "false",
    }
    command = [java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"]
    command += [f"-D{name}={value}" for name, value in options.items()]
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*command, "-jar", "quarkus-run.jar"], cwd=program, stdout=file, stderr=file
        )
    try:
        url = f"http://127.0.0.1:{port}/apis/ccompat/v7"
        _wait_until_ready(url, process, log)
        yield url
    finally:
        process.kill()
        process.wait()


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(RegistryUnavailable):
            Client(url).get("/subjects")
            return
        time.sleep(0.1)
    pytest.fail(f"Apicurio is not ready:\n{log.read_text('utf-8', errors='replace')[-2000:]}")


def _program() -> Path:
    """The folder of the program, in the user's cache; skips if it cannot be downloaded."""
    folder = kafka_jars.cache() / f"apicurio-{VERSION}-{DIGEST[:12]}"
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        project = kafka_jars.maven(partial / "maven").project(GROUP, ARTIFACT)
        try:
            archive = project.at_version(VERSION).artifact(classifier="all", packaging="tar.gz")
            path = archive.resolve()
        except Exception as problem:  # noqa: BLE001  jgo raises what requests, XML and files raise
            pytest.skip(f"Apicurio cannot be downloaded: {problem}")
        assert sha256(path.read_bytes()).hexdigest() == DIGEST
        with tarfile.open(path) as unpacked:
            # Python 3.11 has filters since 3.11.4 only; the digest says what is unpacked.
            unpacked.extraction_filter = getattr(tarfile, "data_filter", lambda one, _: one)
            unpacked.extractall(partial / "program")  # noqa: S202
        # Another process may have been faster; its folder has the same bytes.
        with suppress(OSError):
            (partial / "program").rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
