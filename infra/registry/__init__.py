"""A schema registry, for those who read our topics and want one; we ourselves need none.

What ids there are is said by `schemas/ids.lock.json`, which is as old as the bytes in the log.  A
registry has a copy: the same schema under the same id, or it would tell other readers wrongly what
they read.  So it is compared before a service starts, and nothing that it says is ever used.
"""

from infra.registry.client import RegistryUnavailable
from infra.registry.comparing import (
    Compared,
    Entry,
    RegistryDiffers,
    State,
    compare,
    compare_levels,
    entries,
    must_agree,
)
from infra.registry.registering import Registered, register

__all__ = [
    "Compared",
    "Entry",
    "Registered",
    "RegistryDiffers",
    "RegistryUnavailable",
    "State",
    "compare",
    "compare_levels",
    "entries",
    "must_agree",
    "register",
]
