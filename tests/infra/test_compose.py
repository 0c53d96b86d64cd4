"""What Docker is told fits the code: settings that exist, verbs that exist, secrets from files."""

import json
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose
from pydantic import SecretStr

from infra import postgres
from infra.settings import Settings, load

ROOT = Path(__file__).parents[2]
OURS = {"setup", "processor", "projector", "segments", "closer", "loyalty", "schemas"}
GUESTS = {
    "prometheus": "watch",
    "kafka-exporter": "watch",
    "grafana": "watch",
    "kafka-page": "kafka-page",
    "registry": "registry",
}
"""What others made and nothing of ours needs, with the profile that starts it."""

ENDS_BY_ITSELF = {"setup", "loyalty", "schemas"}
"""Two one-offs, and the command for people: nobody asks them whether they are healthy."""


@pytest.fixture(scope="module")
def compose() -> Any:
    """The compose file as Docker reads it, anchors and merges resolved."""
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))


def test_the_file_keeps_the_specification(compose: Any) -> None:
    """Every key and every value is one that the compose specification knows."""
    read = PyCompose.from_json(json.dumps(compose))

    assert set(read.service_names()) == set(compose["services"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("helthcheck", {"test": ["CMD", "true"]}),
        ("healthcheck", {"test": ["true"]}),
        ("cap_drop", "ALL"),
        ("restart", "sometimes"),
        ("depends_on", {"postgres": {"condition": "healthy"}}),
    ],
)
def test_a_planted_mistake_is_found(compose: Any, name: str, value: Any) -> None:
    """A specification that allowed everything would be worth nothing."""
    kafka = {**compose["services"]["kafka"], name: value}
    broken = {**compose, "services": {**compose["services"], "kafka": kafka}}

    with pytest.raises(ValueError, match="at line"):
        PyCompose.from_json(json.dumps(broken))


def test_the_services_are_these(compose: Any) -> None:
    """A broker, a database, a one-off before the services, the command for people, guests."""
    assert set(compose["services"]) == OURS | {"kafka", "postgres"} | set(GUESTS)


def test_guests_come_when_asked_for(compose: Any) -> None:
    """`up` alone starts no guest; each has the one profile that is named after what it is for."""
    profiles = {name: compose["services"][name].get("profiles") for name in GUESTS}

    assert profiles == {name: [profile] for name, profile in GUESTS.items()}


def test_whatever_is_named_exists(compose: Any) -> None:
    """Services waited for, secrets, volumes and mounted files are all there."""
    for service in compose["services"].values():
        assert set(service.get("depends_on", {})) <= set(compose["services"])
        assert set(service.get("secrets", [])) <= set(compose["secrets"])
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            if source.startswith("."):
                assert (ROOT / source).exists()
                assert mount.endswith(":ro")
            else:
                assert source in compose["volumes"]
    used = {name for s in compose["services"].values() for name in s.get("secrets", [])}
    assert used == set(compose["secrets"])


def test_nobody_waits_for_what_the_profile_does_not_start(compose: Any) -> None:
    """What a service waits for starts without a profile, or with the same one."""
    services = compose["services"]
    for service in services.values():
        for name in service.get("depends_on", {}):
            assert services[name].get("profiles") in (None, service.get("profiles"))


def test_no_port_is_taken_twice(compose: Any) -> None:
    """All profiles can run at once."""
    published = [
        p.rsplit(":", 1)[0] for s in compose["services"].values() for p in s.get("ports", [])
    ]

    assert len(set(published)) == len(published)


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
    settings = load()

    assert settings.bootstrap_servers == "kafka:19092"
    assert settings.metrics_port == 9100


def test_what_runs_for_long_is_watched(compose: Any) -> None:
    """Every service that stays up has a health check and comes back after a crash."""
    for name in set(compose["services"]) - ENDS_BY_ITSELF:
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
    for name in ("processor", "projector", "segments", "closer", "loyalty"):
        assert services[name]["depends_on"] == {
            "setup": {"condition": "service_completed_successfully"}
        }


def test_verbs_exist(compose: Any) -> None:
    """Every command given to the image is a verb of ours."""
    verbs = {path.stem for path in (ROOT / "loyalty" / "verbs").glob("*.py")}
    services = compose["services"]
    named = {
        services[name]["command"][0].replace("-", "_")
        for name in ("processor", "projector", "segments", "closer", "schemas")
    }
    named |= set(re.findall(r"loyalty (\w+)", services["setup"]["entrypoint"][-1]))
    named.add(services["projector"]["healthcheck"]["test"][2])

    assert named == {"process", "project", "segments", "close_day", "schemas", "topics", "sql"}
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


def test_containers_can_do_little(compose: Any) -> None:
    """Not root, no capabilities, no new privileges, nothing to write to but scratch space."""
    for name in OURS | set(GUESTS):
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

    assert all(re.search(r":v?\d+", image) for image in fetched)


def test_the_image_gets_what_it_copies() -> None:
    """Every path the Dockerfile copies exists and is let through by .dockerignore."""
    allowed = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists()
                assert f"!{source}" in allowed


def test_secrets_are_made_once(compose: Any, tmp_path: Path) -> None:
    """The script makes every file of the compose file, and leaves them alone afterwards."""
    script = tmp_path / "infra" / "postgres" / "secrets.sh"
    script.parent.mkdir(parents=True)
    shutil.copy(ROOT / "infra" / "postgres" / "secrets.sh", script)
    folder = tmp_path / ".loyalty" / "secrets"

    subprocess.run(["sh", script], check=True, capture_output=True)
    first = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    subprocess.run(["sh", script], check=True, capture_output=True)

    assert {f".loyalty/secrets/{name}" for name in first} == {
        secret["file"] for secret in compose["secrets"].values()
    }
    assert all(
        re.fullmatch("[0-9a-f]{64}", first[name]) for name in first.keys() - {"database_url"}
    )
    assert len(set(first.values())) == len(first)
    assert (
        first["database_url"]
        == f"postgresql://loyalty:{first['postgres_password']}@postgres/loyalty"
    )
    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == first
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_analyst_of_the_secrets_is_let_in(compose: Any, tmp_path: Path) -> None:
    """The script derives the analyst's password as we do, also from one that was there before."""
    script = tmp_path / "infra" / "postgres" / "secrets.sh"
    script.parent.mkdir(parents=True)
    shutil.copy(ROOT / "infra" / "postgres" / "secrets.sh", script)
    folder = tmp_path / ".loyalty" / "secrets"
    folder.mkdir(parents=True)
    (folder / "postgres_password").write_text("0123456789abcdef" * 4, "utf-8")

    subprocess.run(["sh", script], check=True, capture_output=True)

    url = SecretStr((folder / "database_url").read_text("utf-8"))
    derived = postgres.password(Settings(database_url=url), "analyst")
    assert (folder / "analyst_password").read_text("utf-8") == derived


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
        env={**os.environ, "COMPOSE_PROFILES": ",".join({"tools", *GUESTS.values()})},
    )  # fmt: skip

    assert checked.stderr == ""
    assert checked.returncode == 0
