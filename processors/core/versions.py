"""The versions of the two functions that the ledger outlives."""

EVOLVE_VERSION = 1
"""How records fold into state.  Old records keep their version; old folds stay."""

DECIDER_VERSION = 1
"""How rules are evaluated.  A programme may demand at least a certain one."""
