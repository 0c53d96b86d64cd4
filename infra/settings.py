"""Every setting, read from the environment in this one place; all problems reported at once.

Variables are the field names in capitals behind `LOYALTY_`.  `FOO_FILE` in place of `FOO` reads
the value from a file, which is how secrets come into a container.
"""

import os
import re
import sys
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

_CREDENTIALS = re.compile(r"://[^/]*@")


class SettingsInvalid(Exception):
    """One or more settings cannot be used; the text names each with its reason."""


class Settings(BaseModel):
    """What can be set.  Frozen: read once at the start of a command and passed on."""

    model_config = ConfigDict(frozen=True)

    home: Path = Field(Path(".loyalty"), description="Where all local state lives.")
    bootstrap_servers: str = Field(
        "", description="Kafka's addresses; empty for the embedded log in the home folder."
    )
    kafka_config_file: Path | None = Field(
        None, description="A file of librdkafka settings (name=value), for TLS and SASL."
    )
    topic_prefix: str = Field("", description="Put before both topics' names.")
    partitions: int = Field(
        4, ge=1, le=1024, description="Partitions of both topics, fixed once they are created."
    )
    replication: int = Field(1, ge=1, le=7, description="Copies of each topic; 3 in production.")
    group: str = Field("loyalty-processor", description="The processors' consumer group.")
    generation: str = Field("live", description="The run of the ledger over the log.")
    database_url: SecretStr = Field(
        SecretStr(""), description="Postgres; empty for the embedded one in the home folder."
    )
    identifier_key: SecretStr = Field(
        SecretStr(""),
        description="Hashes cards, phones and e-mails; empty for one made in the home folder.",
    )
    phone_prefix: str = Field(
        "",
        pattern=r"^(\+[1-9][0-9]{0,2})?$",
        description="Put before a phone number without a country, such as +1.",
    )
    voucher_key: SecretStr = Field(
        SecretStr(""), description="What voucher codes are made with; 32 characters at least."
    )
    schema_registry_url: str = Field(
        "",
        pattern=r"^(https?://.+)?$",
        description="A schema registry that must have our schemas under our ids; empty for none.",
    )
    close_day_after_min: int = Field(
        180, ge=0, le=1440, description="Minutes after midnight at which `run` closes a day."
    )
    stores: Path | None = Field(
        None,
        description="A CSV of stores: days close when over in each one's zone; for `publish` too.",
    )
    batch_events: int = Field(
        1000,
        ge=1,
        le=100_000,
        description="Most events read at a time; their records leave together.",
    )
    projection_batch_records: int = Field(
        20_000, ge=1, le=1_000_000, description="Most ledger records in one Postgres transaction."
    )
    projectors: int = Field(
        0, ge=0, le=1024, description="Processes that fill the tables; 0 for one a core."
    )
    refused_in_a_row_max: int = Field(
        100, ge=1, description="Unreadable events in a row at which a partition halts."
    )
    refused_of_10000_max: int = Field(
        100, ge=1, description="Unreadable events among the last 10,000 at which it halts."
    )
    metrics_port: int = Field(0, ge=0, le=65_535, description="Port for Prometheus; 0 for none.")
    log_format: str = Field(
        "auto", pattern="^(auto|json|text)$", description="auto: text on a terminal, else json."
    )
    complete_journey: Path | None = Field(
        None, description="A folder with The Complete Journey, if it is at hand."
    )


def on_stderr(sentence: str) -> None:
    """How a command says what it is warned of."""
    sys.stderr.write(f"{sentence}\n")


def load(tell: Callable[[str], None] = on_stderr) -> Settings:
    """The settings of this process; `tell` hears of variables that look like settings of ours.

    Raises:
        SettingsInvalid: naming every variable that cannot be used.
    """
    if sentence := unknown():
        tell(sentence)
    values, problems = _given()
    try:
        settings = Settings(**values)
    except ValidationError as problem:
        problems += [
            f"{_variable(str(error['loc'][0]))}: {error['msg']}" for error in problem.errors()
        ]
    if problems:
        raise SettingsInvalid("\n".join(problems))
    return settings


def whence(name: str) -> str:
    """Where a setting's value comes from: the variable that gives it, or `default`."""
    given = (_variable(name), f"{_variable(name)}_FILE")
    return next((variable for variable in given if os.environ.get(variable)), "default")


def shown(settings: Settings, name: str) -> str:
    """A setting's value for people to read; of a secret only whether there is one."""
    value = getattr(settings, name)
    if isinstance(value, SecretStr):
        return "(set, not shown)" if value.get_secret_value() else ""
    return "" if value is None else without_password(str(value))


def without_password(value: str) -> str:
    """A URL for people to read: whoever it names logs in, and with what, is left out."""
    return _CREDENTIALS.sub("://***@", value)


def unknown() -> str:
    """A sentence on the variables that look like settings and are none; empty without any.

    They are mistyped, perhaps; but Kubernetes, too, gives variables of its own to whoever has a
    service called `loyalty` beside it, so nothing is refused for them.
    """
    known = [_variable(name) for name in Settings.model_fields]
    strange = [
        _with_nearest(variable, known)
        for variable in sorted(os.environ)
        if variable.startswith("LOYALTY_")
        and not variable.startswith("LOYALTY_TEST_")
        and variable not in known
        and variable.removesuffix("_FILE") not in known
    ]
    return f"There is no such setting: {', '.join(strange)}." if strange else ""


def _with_nearest(variable: str, known: list[str]) -> str:
    # What all have in common would make any two of them alike.
    names = [one.removeprefix("LOYALTY_") for one in known]
    near = get_close_matches(variable.removeprefix("LOYALTY_"), names, n=1)
    return f"{variable} (did you mean LOYALTY_{near[0]}?)" if near else variable


def _variable(name: str) -> str:
    return f"LOYALTY_{name.upper()}"


def _given() -> tuple[dict[str, Any], list[str]]:
    """The values of `FOO` variables and of what `FOO_FILE` points to, and what is wrong with them.

    An empty variable is as good as none.
    """
    values: dict[str, Any] = {}  # the keywords of Settings, each of its own type
    problems: list[str] = []
    for name in Settings.model_fields:
        variable = _variable(name)
        value, path = os.environ.get(variable), os.environ.get(f"{variable}_FILE")
        if value:
            values[name] = value
        if not path:
            continue
        if value:
            problems.append(f"{variable}_FILE: {variable} is set as well; set one of the two")
            continue
        try:
            values[name] = Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as problem:
            problems.append(f"{variable}_FILE: {problem}")
    return values, problems
