"""Python's cycle collector, told what it need not look at.

State, records and rows hold no cycles, so reference counts free them; what the collector would do
is walk a long-lived state again and again.
"""

import gc

_YOUNG_MAX = 500_000
"""So many new containers before the collector looks, more than a batch of rows holds; its own 700
are reached by a few sales."""


def spare() -> None:
    """Leave alone all that is there now, and look seldom at what comes."""
    gc.freeze()
    gc.set_threshold(_YOUNG_MAX, 20, 100)
