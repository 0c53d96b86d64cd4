"""A real Apache Kafka on this machine, without Docker: one broker, its own controller (KRaft).

For development (`make kafka`) and for tests.  One folder is one broker: its settings, its data and
its log are there, and starting it again brings the same topics back on the same port.
"""

import argparse
import signal
import socket
import subprocess
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self
from uuid import uuid4

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from infra import kafka_jars

HEAP_MB = 512
_READY_WITHIN_S = 60.0
_STOPS_WITHIN_S = 30.0
_LOG_LINES_SHOWN = 15

# The offsets topic has one partition and groups form at once: this broker serves one machine.
# The controller forgets a killed broker after three seconds, so that its next start need not wait.
_PROPERTIES = """\
process.roles=broker,controller
node.id=1
listeners=BROKER://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=BROKER://127.0.0.1:{port}
listener.security.protocol.map=BROKER:{protocol},CONTROLLER:{protocol}
inter.broker.listener.name=BROKER
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=127.0.0.1:{controller_port}
log.dirs={data}
auto.create.topics.enable=false
num.partitions=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000
"""


# Who logs in is known by a password, and may do only what was granted; the super user may do all.
# The controller's listener has SASL too: without it whoever reaches that port would be nobody, and
# nobody would have to be a super user.
_GUARDED = """\
sasl.enabled.mechanisms=SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
sasl.mechanism.controller.protocol=PLAIN
listener.name.broker.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required \
username="{user}" password="{password}";
listener.name.controller.sasl.enabled.mechanisms=PLAIN
listener.name.controller.plain.sasl.jaas.config=\
org.apache.kafka.common.security.plain.PlainLoginModule required \
username="{user}" password="{password}" user_{user}="{password}";
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=false
super.users=User:{user}
"""
SUPER_USER = "root"
_ITERATIONS = 8192


class BrokerFailed(Exception):
    """The broker did not start or stop as it should; the text ends with the tail of its log."""


class LocalKafka:
    """One broker as a child process.  A context manager: it stops when the block ends.

    Args:
        folder: where the broker lives; made if there is none.
        port: where it listens, from the first start of the folder on; 0 for any free one.
        heap_mb: the most memory its Java heap takes, in megabytes.
        passwords: by user; if there are any, `SUPER_USER` is among them, everybody logs in by
            SCRAM-SHA-512 without TLS, and nobody else may do what was not granted.  The same for
            every start of the folder.

    Raises:
        BrokerFailed, kafka_jars.JarsUnavailable: on `start`.
    """

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        heap_mb: int = HEAP_MB,
        passwords: Mapping[str, str] | None = None,
    ) -> None:
        self._folder = folder.absolute()
        self._port = port
        self._heap_mb = heap_mb
        self._passwords = passwords or {}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def bootstrap_servers(self) -> str:
        """The address for clients, known once the broker was started."""
        return f"127.0.0.1:{self._port}"

    def login(self, user: str) -> dict[str, str]:
        """The client settings with which a user logs in; none where nobody has to."""
        if not self._passwords:
            return {}
        return {
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": user,
            "sasl.password": self._passwords[user],
        }

    @property
    def pid(self) -> int:
        """The process id of the running broker."""
        return self._running().pid

    def start(self) -> None:
        """Start it, and return when it answers clients."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._settings.exists():
            self._port = _port_of(self._settings.read_text("utf-8"))
        else:
            self._lay_out()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._java("kafka.Kafka", str(self._settings)), stdout=log, stderr=log
            )
        try:
            self._wait_until_ready()
        except BaseException:
            # Nobody would stop it: whoever starts a broker gets one that is ready, or none.
            self._abandon()
            raise

    def wait(self) -> None:
        """Return never, but raise when the broker ends by itself.

        Raises:
            BrokerFailed: it ended.
        """
        code = self._running().wait()
        self._process = None
        raise BrokerFailed(f"Kafka ended with {code}:\n{self._log_tail()}")

    def stop(self) -> None:
        """Stop it in order; its data stays.  Nothing happens if it does not run."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """Kill it as a power cut would (`kill -9`); `start` brings it back."""
        self._running()
        self._abandon()

    def _abandon(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @property
    def _settings(self) -> Path:
        return self._folder / "server.properties"

    @property
    def _log(self) -> Path:
        return self._folder / "broker.log"

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise BrokerFailed("The broker does not run.")
        return self._process

    def _java(self, main_class: str, *arguments: str) -> list[str]:
        return [
            str(kafka_jars.java()),
            f"-Xmx{self._heap_mb}m",
            "-XX:+ExitOnOutOfMemoryError",
            # It is mostly started for minutes, in which compiling it well costs more than it gains.
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS",
            "-cp",
            kafka_jars.classpath(),
            main_class,
            *arguments,
        ]

    def _lay_out(self) -> None:
        """Choose the ports, write the settings and format the data folder."""
        self._port = self._port or _free_port()
        text = _PROPERTIES.format(
            port=self._port,
            controller_port=_free_port(),
            data=self._folder / "data",
            protocol="SASL_PLAINTEXT" if self._passwords else "PLAINTEXT",
        )
        if self._passwords:
            secret = self._passwords[SUPER_USER]
            text += _GUARDED.format(user=SUPER_USER, password=secret)
        # Only a formatted folder gets its settings file: a cut first start begins anew.
        draft = self._settings.with_suffix(".draft")
        draft.write_text(text, "utf-8")
        # Kafka writes a UUID as unpadded base64; one that begins with a dash would be an option.
        cluster = f"L{urlsafe_b64encode(uuid4().bytes).decode()[1:22]}"
        made = subprocess.run(
            self._java(
                "kafka.tools.StorageTool", "format", "--standalone", "--ignore-formatted",
                "--cluster-id", cluster, "--config", str(draft),
                *self._credentials(),
            ),
            capture_output=True, check=False, text=True,
        )  # fmt: skip
        if made.returncode != 0:
            raise BrokerFailed(f"Kafka cannot format {self._folder}: {made.stderr}")
        draft.rename(self._settings)

    def _credentials(self) -> list[str]:
        """The users as the formatter of the data folder takes them."""
        return [
            word
            for user, password in self._passwords.items()
            for word in (
                "--add-scram",
                f"SCRAM-SHA-512=[name={user},password={password},iterations={_ITERATIONS}]",
            )
        ]

    def _wait_until_ready(self) -> None:
        """Until the broker answers with itself, is dead, or took too long."""
        client = AdminClient(
            {
                "bootstrap.servers": self.bootstrap_servers,
                "log_level": 0,
                "socket.timeout.ms": 1000,
                **self.login(SUPER_USER),
            }
        )
        deadline = time.monotonic() + _READY_WITHIN_S
        while time.monotonic() < deadline:
            if (code := self._running().poll()) is not None:
                raise BrokerFailed(f"Kafka ended with {code} at its start:\n{self._log_tail()}")
            try:
                if client.list_topics(timeout=1).brokers:
                    return
            except KafkaException:
                time.sleep(0.05)
        raise BrokerFailed(f"Kafka was not ready in {_READY_WITHIN_S} s:\n{self._log_tail()}")

    def _log_tail(self) -> str:
        lines = self._log.read_text("utf-8", errors="replace").splitlines()
        return "\n".join(lines[-_LOG_LINES_SHOWN:])


def _port_of(properties: str) -> int:
    """The clients' port of a settings file."""
    line = next(item for item in properties.splitlines() if item.startswith("advertised.listeners"))
    return int(line.rsplit(":", 1)[1])


def _free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _interrupted(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Run a broker in the foreground until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m infra.local_kafka", description=main.__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".loyalty/kafka"), help="its data")
    parser.add_argument("--port", type=int, default=9092, help="of a new folder; 0 for a free one")
    parser.add_argument("--heap-mb", type=int, default=HEAP_MB, help="most Java heap")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        with LocalKafka(chosen.folder, chosen.port, chosen.heap_mb) as broker:
            print(f"LOYALTY_BOOTSTRAP_SERVERS={broker.bootstrap_servers}", flush=True)  # noqa: T201  the address is the output
            broker.wait()
    except KeyboardInterrupt:
        pass
    except (BrokerFailed, kafka_jars.JarsUnavailable) as problem:
        raise SystemExit(str(problem)) from None


if __name__ == "__main__":
    main()
