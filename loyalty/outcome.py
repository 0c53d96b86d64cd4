"""How a command ends: its exit code, and the sentence for what can be expected to go wrong.

    0  well
    1  something was found: a wrong sum, a topic or schema that differs, a scenario that fails,
       mistakes by `rules check`
    2  wrong use, or a file that cannot be read or used, such as a programme with mistakes for
       `activate`, `quote` or `test`
    3  Kafka, Postgres or the schema registry is out of reach, or the embedded log is held by
       another process
    4  a partition stands still and a person must look

Only trouble of the outside world has a sentence here.  Anything else is a defect of ours and
keeps its traceback.
"""

import sys
from enum import IntEnum

from msgspec import Struct


class Code(IntEnum):
    """The exit codes; nothing else is ever returned."""

    WELL = 0
    FOUND = 1
    WRONG_USE = 2
    OUT_OF_REACH = 3
    HALTED = 4


class Trouble(Exception):
    """The command cannot go on: one sentence on what is wrong and what to do, and its code."""

    def __init__(self, sentence: str, code: Code = Code.WRONG_USE) -> None:
        super().__init__(sentence)
        self.code = code


class Told(Struct, frozen=True):
    """What a person is told, and the exit code."""

    sentence: str
    code: Code


def told(problem: BaseException) -> Told | None:
    """The sentence and code of an expected problem; None if it is a defect of ours.

    Modules are looked up among those already imported: what was never imported cannot have raised.
    """
    if isinstance(problem, Trouble):
        return Told(str(problem), problem.code)
    for module, name, code, what_to_do in _EXPECTED:
        kind = getattr(sys.modules.get(module), name, None)
        if kind is not None and isinstance(problem, kind):
            sentence = str(problem).strip()
            return Told(f"{sentence}\n{what_to_do}" if what_to_do else sentence, code)
    return None


_WHICH = "`loyalty settings` shows which log and which database are meant."
_WHICH_REGISTRY = "`loyalty settings` shows which schema registry is meant."
_EXPECTED = (
    ("infra.settings", "SettingsInvalid", Code.WRONG_USE, ""),
    ("infra.log", "LogUnavailable", Code.OUT_OF_REACH, _WHICH),
    ("processors.core.document", "ProgrammeInvalid", Code.WRONG_USE, ""),
    ("infra.identifier_key", "KeyUnusable", Code.WRONG_USE, ""),
    ("producers.files.source", "FileUnusable", Code.WRONG_USE, ""),
    ("producers.people.register", "OtherKey", Code.WRONG_USE, ""),
    ("infra.registry", "RegistryUnavailable", Code.OUT_OF_REACH, _WHICH_REGISTRY),
    ("infra.registry", "RegistryDiffers", Code.FOUND, ""),
    ("infra.postgres", "DatabaseUnavailable", Code.OUT_OF_REACH, _WHICH),
    ("psycopg", "OperationalError", Code.OUT_OF_REACH, _WHICH),
    ("projections.positions", "AnotherProjector", Code.OUT_OF_REACH, ""),
    ("projections.generations", "TablesUnfit", Code.WRONG_USE, ""),
    ("projections.rebuild", "RebuildUnderWay", Code.OUT_OF_REACH, ""),
    ("projections.rebuild", "RebuildHalted", Code.HALTED, ""),
    ("producers.journey_files", "JourneyUnusable", Code.WRONG_USE, ""),
)
