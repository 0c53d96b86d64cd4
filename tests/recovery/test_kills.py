"""Processes killed at random moments leave the same tables as a year in peace."""

import random

import pytest

from infra.settings import Settings
from tests.recovery.line import PROGRAMME, YEAR, Child, Line, Tables, line, moments

PUBLISHER_KILLS = 2


@pytest.mark.parametrize(
    ("kills", "seed"),
    [
        pytest.param(10, 1),
        pytest.param(50, 2, marks=[pytest.mark.long, pytest.mark.timeout(1800)]),
    ],
)
def test_kills_change_no_table(
    kafka_settings: Settings, undisturbed: Tables, kills: int, seed: int
) -> None:
    """Kill -9 of publisher, processors and projector: nothing is lost, nothing counts twice."""
    chance = random.Random(seed)
    # Small batches make many moments; a kill that hits nobody at work would prove nothing.
    slow = kafka_settings.model_copy(update={"batch_events": 2, "projection_batch_records": 200})
    with line(slow) as run:
        run.run("activate", *PROGRAMME)
        services = [run.start("process"), run.start("process"), run.start("project")]

        publish_with_kills(run, chance)
        kill_services(run, services, chance, kills - PUBLISHER_KILLS)
        run.finish(*services)

        assert max(run.epochs()) > 2
        assert run.tables() == undisturbed
        run.run("verify")


def publish_with_kills(run: Line, chance: random.Random) -> None:
    """A publisher killed underway is simply run again, from the start."""
    for _ in range(PUBLISHER_KILLS):
        before = run.input_count()
        publisher = run.start("publish", *YEAR)
        run.wait_for_input(before + chance.randrange(500, 4000))
        publisher.kill()
    run.run("publish", *YEAR)


def kill_services(run: Line, services: list[Child], chance: random.Random, kills: int) -> None:
    """At each moment one service dies and another of its kind is started."""
    for moment in moments(chance, kills, run.decided_count(), run.input_count()):
        run.wait_for_decided(moment)
        victim = chance.randrange(len(services))
        services[victim].expect_running()
        services[victim].kill()
        services[victim] = run.start(*services[victim].verb)
