"""Every setting, read from the environment in this one place; all problems reported at once.

Variables are the field names in capitals behind `LOYALTY_`.  `FOO_FILE` in place of `FOO` reads
the value from a file, which is how secrets come into a container.
"""

import os
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsInvalid(Exception):
    """One or more settings cannot be used; the text names each with its reason."""


class Settings(BaseSettings):
    """What can be set.  Frozen: read once at the start of a command and passed on."""

    model_config = SettingsConfigDict(env_prefix="LOYALTY_", frozen=True, extra="ignore")

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
    batch_events: int = Field(
        1000, ge=1, le=100_000, description="Most events decided before their records are sent."
    )
    projection_batch_records: int = Field(
        20_000, ge=1, le=1_000_000, description="Most ledger records in one Postgres transaction."
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


def load() -> Settings:
    """The settings of this process.

    Raises:
        SettingsInvalid: naming every variable that cannot be used.
    """
    for name, path in list(os.environ.items()):
        if name.startswith("LOYALTY_") and name.endswith("_FILE"):
            target = name.removesuffix("_FILE")
            if target.removeprefix("LOYALTY_").lower() in Settings.model_fields:
                try:
                    os.environ.setdefault(target, Path(path).read_text("utf-8").strip())
                except OSError as problem:
                    raise SettingsInvalid(f"{name}: {problem}") from None
    try:
        return Settings()
    except ValidationError as problem:
        lines = [
            f"LOYALTY_{'_'.join(str(part) for part in error['loc']).upper()}: {error['msg']}"
            for error in problem.errors()
        ]
        raise SettingsInvalid("\n".join(lines)) from None
