"""The board that Grafana shows asks only what can be answered."""

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import yaml

from infra.postgres import LOGINS, connect
from infra.settings import Settings
from loyalty.verbs.report import known as reports
from projections.install import install
from tests.infra.metric_names import ROOT, known, selectors

GRAFANA = ROOT / "infra" / "grafana"
BOARD = json.loads((GRAFANA / "boards" / "loyalty.json").read_text("utf-8"))
PROVISIONED = yaml.safe_load(
    (GRAFANA / "provisioning" / "datasources" / "loyalty.yml").read_text("utf-8")
)
PANELS = [panel for panel in BOARD["panels"] if panel["type"] != "row"]
QUESTIONS = [(panel["title"], target) for panel in PANELS for target in panel.get("targets", [])]


def to(kind: str) -> list[Any]:
    """The questions to one kind of source, each under its panel's title.  Any: pytest's own."""
    return [
        pytest.param(target, id=f"{title} {target['refId']}")
        for title, target in QUESTIONS
        if target["datasource"]["type"] == kind
    ]


@pytest.fixture
def analyst(postgres: Settings) -> Iterator[psycopg.Connection]:
    """A connection of the analyst to all tables, still empty."""
    install(postgres)
    with connect(postgres, "analyst") as connection:
        yield connection


@pytest.mark.parametrize("target", to("prometheus"))
def test_prometheus_is_asked_for_what_exists(target: Any) -> None:
    """Every expression can be read, and its metrics are declared."""
    asked = {selector.name for selector in selectors(target["expr"])}

    assert asked
    assert asked <= known()


@pytest.mark.parametrize("target", to("grafana-postgresql-datasource"))
def test_the_analyst_can_ask_it(target: Any, analyst: psycopg.Connection) -> None:
    """Every query runs on the real tables, and names the schema itself."""
    cursor = analyst.execute(target["rawSql"].encode())

    assert cursor.description
    assert "reporting." in target["rawSql"]


@pytest.mark.parametrize(
    ("title", "name", "columns"),
    [
        ("Redemption rates", "redemption-rates", ["wallet_or_voucher", "instrument", "issued"]),
        ("What is outstanding", "liability", ["kind", "wallet_or_voucher", "state"]),
    ],
)
def test_reports_are_on_it(
    analyst: psycopg.Connection, title: str, name: str, columns: list[str]
) -> None:
    """The tables of redemption rates and of what is outstanding have the columns of the reports."""
    shown = next(target for panel, target in QUESTIONS if panel == title)
    board, report = (
        [column.name for column in analyst.execute(text.encode()).description or ()]
        for text in (shown["rawSql"], reports()[name])
    )

    assert board == report
    assert board[:3] == columns


def test_every_source_is_provisioned() -> None:
    """Panels name their sources by ids that exist, and of the right type."""
    provided = {source["uid"]: source["type"] for source in PROVISIONED["datasources"]}
    named = [panel["datasource"] for panel in PANELS] + [t["datasource"] for _, t in QUESTIONS]

    assert {source["uid"]: source["type"] for source in named} == provided


def test_postgres_is_read_as_the_analyst() -> None:
    """The source logs in as the role that reads `reporting` alone, its password from a file."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    (source,) = [s for s in PROVISIONED["datasources"] if s["uid"] == "loyalty-reporting"]
    asked = source["secureJsonData"]

    assert source["user"] == LOGINS["analyst"]
    assert source["url"] == "postgres:5432"
    assert source["jsonData"]["database"] == compose["postgres"]["environment"]["POSTGRES_DB"]
    assert asked == {"password": "$__file{/run/secrets/analyst_password}"}
    assert "analyst_password" in compose["grafana"]["secrets"]


def test_panels_stand_beside_each_other() -> None:
    """No two panels share a place, and each says what it shows."""
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not taken & cells
        assert place["x"] + place["w"] <= 24
        taken |= cells
    assert all(panel["description"].endswith(".") for panel in PANELS)
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


def test_boards_are_found_where_they_are_put() -> None:
    """Grafana looks for boards in the folder that the compose file mounts, and opens this one."""
    provider = yaml.safe_load(
        (GRAFANA / "provisioning" / "dashboards" / "loyalty.yml").read_text("utf-8")
    )["providers"][0]
    grafana = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"][
        "grafana"
    ]
    folder = provider["options"]["path"]

    assert f"./infra/grafana/boards:{folder}:ro" in grafana["volumes"]
    assert (
        grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
        == f"{folder}/loyalty.json"
    )
