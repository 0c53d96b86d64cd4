"""The versions of the two functions that the ledger outlives."""

from typing import Final

EVOLVE_VERSION: Final = 1
"""How records fold into state.  Old records keep their version; old folds stay."""

DECIDER_VERSION: Final = 1
"""How rules are evaluated.  A programme may demand at least a certain one."""
