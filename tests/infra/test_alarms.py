"""Every alarm asks for metrics that exist, and leads to a heading of the runbook."""

import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from infra.metrics import METRICS
from schemas.link import Halt, Ignored
from schemas.refusals import Refusal
from tests.infra.metric_names import ROOT, known, rules, selectors

ALARMS = [rule for rule in rules() if "alert" in rule]
RUNBOOK = (ROOT / "infra" / "RUNBOOK.md").read_text("utf-8")
ASKED = yaml.safe_load((ROOT / "infra" / "prometheus" / "prometheus.yml").read_text("utf-8"))
WORDS = {
    "kind": {*Ignored},
    "reason": {*Refusal, *Halt},
    "job": {job["job_name"] for job in ASKED["scrape_configs"]},
}
"""Labels whose values are closed lists."""


def names(found: list[Any]) -> list[str]:
    return [rule.get("alert") or rule["record"] for rule in found]


def anchors(markdown: str) -> list[str]:
    """The headings as a link names them."""
    headings = re.findall(r"^#+ (.+)$", markdown, re.MULTILINE)
    return [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]


@pytest.mark.parametrize("rule", rules(), ids=names(rules()))
def test_a_rule_asks_for_what_exists(rule: Any) -> None:
    """Every metric is declared, and counted by the labels that the rule speaks of."""
    labels = {metric.name: {*metric.labels, "job"} for metric in METRICS}
    asked = list(selectors(rule["expr"]))

    assert asked
    for selector in asked:
        assert selector.name in known()
        for matcher in selector.matchers.matchers:
            assert matcher.name in labels.get(selector.name, {matcher.name})


@pytest.mark.parametrize("rule", rules(), ids=names(rules()))
def test_a_word_of_a_closed_list_is_in_it(rule: Any) -> None:
    """A reason or kind that no longer exists would make an alarm that never comes."""
    for selector in selectors(rule["expr"]):
        for matcher in selector.matchers.matchers:
            if matcher.name in WORDS:
                assert set(matcher.value.split("|")) <= WORDS[matcher.name]


@pytest.mark.parametrize("alarm", ALARMS, ids=names(ALARMS))
def test_an_alarm_says_what_is_wrong_and_where_to_read_on(alarm: Any) -> None:
    """It has a severity of two, one sentence, and a heading of the runbook that exists."""
    file, heading = alarm["annotations"]["runbook"].split("#")

    assert alarm["labels"]["severity"] in {"page", "ticket"}
    assert alarm["annotations"]["summary"].endswith(".")
    assert file == "infra/RUNBOOK.md"
    assert anchors(RUNBOOK).count(heading) == 1


@pytest.mark.parametrize("alarm", ALARMS, ids=names(ALARMS))
def test_a_heading_answers_three_questions(alarm: Any) -> None:
    """What it means, what is not harmed, what to do."""
    at = anchors(RUNBOOK).index(alarm["annotations"]["runbook"].split("#")[1])
    section = re.split(r"^#+ .+$", RUNBOOK, flags=re.MULTILINE)[at + 1]

    for question in ("**What it means.**", "**What is not harmed.**", "**What to do.**"):
        assert section.count(question) == 1


def test_every_alarm_has_a_heading_of_its_own() -> None:
    """Whoever follows an alarm reads of nothing else."""
    assert len(set(names(ALARMS))) == len(ALARMS)
    assert len({alarm["annotations"]["runbook"] for alarm in ALARMS}) == len(ALARMS)


def test_prometheus_asks_where_something_answers() -> None:
    """Every place it reads from is a service of the compose file that shows that port."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    places = [
        f"{name}:{found['port']}"
        for job in ASKED["scrape_configs"]
        for found in job.get("dns_sd_configs", [])
        for name in found["names"]
    ]
    places += [
        target
        for job in ASKED["scrape_configs"]
        for found in job.get("static_configs", [])
        for target in found["targets"]
        if not target.startswith("localhost:")
    ]

    assert ASKED["rule_files"] == ["alarms.yml"]
    assert {"processor:9100", "projector:9100", "kafka-exporter:9308"} <= set(places)
    for place in places:
        name, port = place.split(":")
        assert port in compose[name]["expose"]


def test_alarms_come_when_they_should() -> None:
    """Where Prometheus' own tool is at hand, it plays what the alarms say of given metrics."""
    if shutil.which("promtool") is None:
        pytest.skip("no promtool here")
    played = subprocess.run(
        ["promtool", "test", "rules", ROOT / "tests" / "infra" / "alarms.promtool.yml"],
        capture_output=True, check=False, text=True,
    )  # fmt: skip

    assert played.returncode == 0, played.stdout + played.stderr
