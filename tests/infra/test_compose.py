"""What Docker is told fits the code: settings that exist, verbs that exist, secrets from files."""

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.settings import Settings

ROOT = Path(__file__).parents[2]
OURS = {"setup", "processor", "projector", "segments", "loyalty"}


@pytest.fixture(scope="module")
def compose() -> Any:
    """The compose file as Docker reads it, anchors and merges resolved."""
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))


def test_the_services_are_these(compose: Any) -> None:
    """A broker, a database, a one-off before the services, and the command for people."""
    assert set(compose["services"]) == OURS | {"kafka", "postgres"}


def test_every_setting_given_is_one_we_read(compose: Any) -> None:
    """No variable of ours is misspelt: each is a field of Settings, or its file."""
    known = {f"LOYALTY_{name.upper()}" for name in Settings.model_fields}
    known |= {f"{name}_FILE" for name in known}
    for name in OURS:
        assert set(compose["services"][name]["environment"]) <= known


def test_every_value_given_is_one_we_take(compose: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The values pass the checks of Settings."""
    for name in OURS:
        for variable, value in compose["services"][name]["environment"].items():
            if not variable.endswith("_FILE"):
                monkeypatch.setenv(variable, value)
    settings = Settings()

    assert settings.bootstrap_servers == "kafka:19092"
    assert settings.metrics_port == 9100


def test_what_runs_for_long_is_watched(compose: Any) -> None:
    """Every service that stays up has a health check and comes back after a crash."""
    for name in ("kafka", "postgres", "processor", "projector", "segments"):
        service = compose["services"][name]
        assert service["healthcheck"]["test"][0] == "CMD"
        assert service["restart"] == "unless-stopped"


def test_nothing_starts_before_what_it_needs(compose: Any) -> None:
    """The one-off waits for broker and database to be healthy, the services for the one-off."""
    services = compose["services"]
    assert services["setup"]["depends_on"] == {
        "kafka": {"condition": "service_healthy"},
        "postgres": {"condition": "service_healthy"},
    }
    for name in ("processor", "projector", "segments", "loyalty"):
        assert services[name]["depends_on"] == {
            "setup": {"condition": "service_completed_successfully"}
        }


def test_verbs_exist(compose: Any) -> None:
    """Every command given to the image is a verb of ours."""
    verbs = {path.stem for path in (ROOT / "loyalty" / "verbs").glob("*.py")}
    services = compose["services"]
    named = {services[name]["command"][0] for name in ("processor", "projector", "segments")}
    named |= set(re.findall(r"loyalty (\w+)", services["setup"]["entrypoint"][-1]))
    named.add(services["projector"]["healthcheck"]["test"][2])

    assert named == {"process", "project", "segments", "topics", "sql"}
    assert named <= verbs


def test_two_listeners_for_two_sides(compose: Any) -> None:
    """Containers and the machine each get an address of the broker that they can reach."""
    kafka = compose["services"]["kafka"]
    advertised = dict(
        item.split("://") for item in kafka["environment"]["KAFKA_ADVERTISED_LISTENERS"].split(",")
    )
    assert advertised == {"INTERNAL": "kafka:19092", "HOST": "localhost:9092"}
    assert (
        compose["services"]["processor"]["environment"]["LOYALTY_BOOTSTRAP_SERVERS"]
        == (advertised["INTERNAL"])
    )


def test_secrets_come_from_files(compose: Any) -> None:
    """No password stands in the file or in an environment, and none is kept in the repository."""
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN|DATABASE_URL", name):
                assert name.endswith("_FILE")
                assert value.removeprefix("/run/secrets/") in service["secrets"]
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    for secret in compose["secrets"].values():
        assert secret["file"].startswith(".loyalty/")
    assert ".loyalty/" in ignored


def test_nothing_is_open_to_the_network(compose: Any) -> None:
    """Ports are published to the machine itself only."""
    published = [port for s in compose["services"].values() for port in s.get("ports", [])]

    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_our_containers_can_do_little(compose: Any) -> None:
    """Not root, no capabilities, no new privileges, nothing to write to but scratch space."""
    for name in OURS:
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    users = re.findall(r"^USER (.+)$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert users == ["10001"]


def test_images_have_versions(compose: Any) -> None:
    """What is fetched is named with a version, so that tomorrow's build is today's."""
    fetched = [s["image"] for s in compose["services"].values() if "build" not in s]
    fetched += re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)

    assert all(re.search(r":\d", image) for image in fetched)


def test_the_image_gets_what_it_copies() -> None:
    """Every path the Dockerfile copies exists and is let through by .dockerignore."""
    allowed = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists()
                assert f"!{source}" in allowed


def test_secrets_are_made_once(tmp_path: Path) -> None:
    """The script makes both files with one random password, and leaves them alone afterwards."""
    script = tmp_path / "infra" / "postgres" / "secrets.sh"
    script.parent.mkdir(parents=True)
    shutil.copy(ROOT / "infra" / "postgres" / "secrets.sh", script)
    folder = tmp_path / ".loyalty" / "secrets"

    subprocess.run(["sh", script], check=True, capture_output=True)
    first = (folder / "database_url").read_text("utf-8")
    subprocess.run(["sh", script], check=True, capture_output=True)

    password = (folder / "postgres_password").read_text("utf-8")
    assert re.fullmatch("[0-9a-f]{64}", password)
    assert first == f"postgresql://loyalty:{password}@postgres/loyalty"
    assert (folder / "database_url").read_text("utf-8") == first
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_docker_reads_the_file_as_we_do() -> None:
    """Where the compose command is at hand, it finds nothing wrong; it needs no engine for that."""
    asked = ["docker", "compose"]
    if shutil.which("docker") is None:
        pytest.skip("no docker command here")
    if subprocess.run([*asked, "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker has no compose command here")
    checked = subprocess.run(
        [*asked, "--file", ROOT / "docker-compose.yml", "config", "--quiet"],
        capture_output=True, check=False, text=True,
        env={**os.environ, "COMPOSE_PROFILES": "tools"},
    )  # fmt: skip

    assert checked.stderr == ""
    assert checked.returncode == 0
