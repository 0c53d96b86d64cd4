"""What every recovery test compares with: the same year, undisturbed."""

import pytest

from infra.settings import Settings
from tests.recovery.line import PROGRAMME, YEAR, Tables, line


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """The tables of the year on the embedded log, where nothing happened."""
    settings = Settings(home=tmp_path_factory.mktemp("undisturbed"), partitions=4)
    with line(settings) as calm:
        calm.run("activate", *PROGRAMME)
        calm.run("publish", *YEAR)
        calm.run("process", "--until-end")
        calm.run("project", "--until-end")
        return calm.tables()
