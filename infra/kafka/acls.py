"""The broker's list of who may do what, made as `schemas.principals` says, and compared with it."""

import time
from collections.abc import Collection
from enum import Enum

from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)

from infra.kafka import client
from infra.log import LogUnavailable
from infra.settings import Settings
from schemas.principals import Grant, Operation, grants

_AGAIN_S = 0.05
_RESOURCES = {"topic": ResourceType.TOPIC, "group": ResourceType.GROUP}
_OPERATIONS = {
    Operation.READ: AclOperation.READ,
    Operation.WRITE: AclOperation.WRITE,
    Operation.CREATE: AclOperation.CREATE,
    Operation.DELETE: AclOperation.DELETE,
    Operation.ALTER: AclOperation.ALTER,
    Operation.DESCRIBE: AclOperation.DESCRIBE,
    Operation.DESCRIBE_CONFIGS: AclOperation.DESCRIBE_CONFIGS,
    Operation.ALTER_CONFIGS: AclOperation.ALTER_CONFIGS,
}


def wanted(settings: Settings) -> tuple[Grant, ...]:
    """The list for the topics and the group of these settings."""
    return grants(settings.topic_prefix, settings.group)


def apply_acls(settings: Settings) -> list[str]:
    """Grant what is listed and was not granted yet, until it holds; nothing is taken away.

    Returns:
        What was granted beyond the list, a sentence each: somebody must decide about it.

    Raises:
        LogUnavailable: the broker cannot be reached, has no authorizer, or does not let us.
    """
    admin = client.admin(settings)
    resources = {(grant.resource, grant.name) for grant in wanted(settings)}
    listed = [_binding(grant) for grant in wanted(settings)]
    there = _there(admin, resources)
    if missing := [one for one in listed if one not in there]:
        with client.saying("grant what is listed"):
            made = admin.create_acls(missing, request_timeout=client.REQUEST_S)
            for future in made.values():
                future.result()
        _wait_until_granted(admin, resources, listed)
    return [_sentence(one) for one in there if one not in listed]


def _wait_until_granted(
    admin: AdminClient, resources: Collection[tuple[str, str]], listed: Collection[AclBinding]
) -> None:
    """Until a broker has heard from the controller what was just granted."""
    deadline = time.monotonic() + client.REQUEST_S
    while not set(listed) <= set(_there(admin, resources)):
        if time.monotonic() > deadline:
            raise LogUnavailable("What was granted does not hold yet; ask again in a while.")
        time.sleep(_AGAIN_S)


def _binding(grant: Grant) -> AclBinding:
    return AclBinding(
        _RESOURCES[grant.resource],
        grant.name,
        ResourcePatternType.LITERAL,
        f"User:{grant.login}",
        "*",
        _OPERATIONS[grant.operation],
        AclPermissionType.ALLOW,
    )


def _there(admin: AdminClient, resources: Collection[tuple[str, str]]) -> list[AclBinding]:
    """Whatever the broker's list says of these topics and groups, by name or by pattern."""
    found = []
    for resource, name in sorted(resources):
        asked = AclBindingFilter(
            _RESOURCES[resource],
            name,
            ResourcePatternType.MATCH,
            None,  # type: ignore[arg-type]  # anybody, which the client's types do not say
            None,  # type: ignore[arg-type]  # from anywhere
            AclOperation.ANY,
            AclPermissionType.ANY,
        )

        def ask(asked: AclBindingFilter = asked) -> list[AclBinding]:
            answer = admin.describe_acls(asked, request_timeout=client.REQUEST_S)
            return list(answer.result())

        found += client.patiently(
            f"ask who may do what with {name}", ask, patience_s=client.PATIENCE_AT_START_S
        )
    return found


def _sentence(one: AclBinding) -> str:
    allowed = one.permission_type == AclPermissionType.ALLOW
    pattern, resource, operation = map(
        _word, (one.resource_pattern_type, one.restype, one.operation)
    )
    return (
        f"{one.principal} is {'allowed' if allowed else 'denied'} {operation} "
        f"on the {pattern} {resource} {one.name} from {one.host}, which is not listed."
    )


def _word(value: Enum | str | int) -> str:
    """A word of the client's lists, whose types say that it might be something else."""
    return str(value.name if isinstance(value, Enum) else value).lower()
