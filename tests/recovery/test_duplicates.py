"""What is told more than once counts once."""

import random
from pathlib import Path

from infra import postgres
from infra.settings import Settings
from infra.wiring import publisher_log
from producers import simulate
from producers.publish import publish
from tests.recovery.line import PROGRAMME, YEAR, Tables, line


def test_duplicates_change_no_table(undisturbed: Tables, tmp_path: Path) -> None:
    """A year of which 30 % comes twice, and then all of it again: every table but refusals."""
    settings = Settings(home=tmp_path, partitions=4)
    members, stores, seed = (int(word) for word in YEAR if word.isdecimal())
    chance = random.Random(30)
    with line(settings) as again:
        again.run("activate", *PROGRAMME)
        log = publisher_log(settings)
        publish(
            (
                event
                for event in simulate.events(members, stores, years=1, seed=seed)
                for _ in range(2 if chance.random() < 0.3 else 1)
            ),
            log,
        )
        log.close()
        again.run("publish", *YEAR)
        again.run("process", "--until-end")
        again.run("project", "--until-end")

        assert again.tables() == undisturbed
        with postgres.connect(settings, "analyst") as connection:
            asked = "SELECT reason, count(*) FROM refusals GROUP BY reason"
            refused = dict(connection.execute(asked).fetchall())
        assert {"DUPLICATE", "DAY_CLOSED"} <= refused.keys()
        assert refused["DUPLICATE"] > again.input_count() // 3
