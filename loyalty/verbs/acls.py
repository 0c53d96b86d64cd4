"""`loyalty acls`: who may do what in Kafka, and how much of it."""

import shlex
from collections.abc import Iterator
from itertools import groupby
from typing import Annotated

import typer

from loyalty.console import err, out
from loyalty.outcome import Code, Trouble

Apply = Annotated[
    bool, typer.Option("--apply", help="Grant it, with the broker's super user; else only print.")
]


def acls(*, apply: Apply = False) -> None:
    """Print who may do what in Kafka, as commands for its own tools, or grant it.

    One login for each kind of program: publisher, processor, projector, auditor, admin, metrics.
    Nothing is ever taken away; what was granted beyond the list is named, and the exit code is 1.

    How much a login may take of each broker, its quota, only Kafka's own tool can set: these
    commands are printed with --apply as well.
    """
    from infra import settings

    current = settings.load()
    if not apply:
        for line in commands(current.topic_prefix, current.group, current.bootstrap_servers):
            out().print(line, markup=False)
        for line in quotas(current.bootstrap_servers):
            out().print(line, markup=False)
        return
    if not current.bootstrap_servers:
        raise Trouble("The embedded log knows no principals; set LOYALTY_BOOTSTRAP_SERVERS.")
    from infra.kafka.acls import apply_acls, wanted

    more = apply_acls(current)
    err().print(f"{len(wanted(current))} rights are granted.")
    err().print("Quotas are left for Kafka's own tool to set:")
    for line in quotas(current.bootstrap_servers):
        out().print(line, markup=False)
    for sentence in more:
        err().print(sentence, style="red", markup=False)
    if more:
        raise typer.Exit(Code.FOUND)


def commands(prefix: str, group: str, servers: str) -> Iterator[str]:
    """One line of `kafka-acls.sh` for each principal and topic or group."""
    from schemas.principals import PRINCIPALS, Grant, grants

    about = {principal.login: principal.about for principal in PRINCIPALS}

    def whose(grant: Grant) -> tuple[str, str, str]:
        return grant.login, grant.resource, grant.name

    said = ""
    for (login, resource, name), granted in groupby(grants(prefix, group), key=whose):
        if login != said:
            yield f"# {login}: {about[login]}"
            said = login
        words = [*_tool("kafka-acls.sh", servers), "--add"]
        words += ["--allow-principal", f"User:{login}"]
        words += [word for grant in granted for word in ("--operation", grant.operation.value)]
        yield shlex.join([*words, f"--{resource}", name])


def quotas(servers: str) -> Iterator[str]:
    """One line of `kafka-configs.sh` for each principal with a quota, said before it in words."""
    from schemas.principals import PRINCIPALS

    for principal in PRINCIPALS:
        if principal.quota is not None:
            yield f"# {principal.login}: {principal.quota.about}"
            words = [*_tool("kafka-configs.sh", servers), "--alter"]
            words += ["--add-config", principal.quota.configs]
            yield shlex.join([*words, "--entity-type", "users", "--entity-name", principal.login])


def _tool(script: str, servers: str) -> list[str]:
    """How a command of Kafka's own tools begins, run as the super user."""
    words = [script, "--bootstrap-server", servers or "localhost:9092"]
    return [*words, "--command-config", "super-user.properties"]
