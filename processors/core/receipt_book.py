"""Where a partition keeps its receipts, packed, until their dates lie behind the horizon."""

from collections.abc import Iterator
from typing import Final


class Receipts:
    """The receipts of a partition, by key; a class of its own so that it can move to disk."""

    def __init__(self) -> None:
        self._packed: Final[dict[bytes, bytes]] = {}
        self._by_date: Final[dict[int, list[bytes]]] = {}

    def get(self, key: bytes) -> bytes | None:
        """The packed receipt of an event, or None."""
        return self._packed.get(key)

    def put(self, key: bytes, packed: bytes, filed: int | None) -> None:
        """Remember a new receipt until a date lies behind the horizon; None for a changed one."""
        if filed is not None:
            self._by_date.setdefault(filed, []).append(key)
        self._packed[key] = packed

    def before(self, date: int) -> Iterator[bytes]:
        """The keys of what is filed under earlier dates."""
        for filed, keys in self._by_date.items():
            if filed < date:
                yield from keys

    def forget_before(self, date: int) -> None:
        """Drop what is filed under earlier dates."""
        for filed in [filed for filed in self._by_date if filed < date]:
            for key in self._by_date.pop(filed):
                del self._packed[key]

    def __len__(self) -> int:
        return len(self._packed)

    def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
        return iter(sorted(self._packed.items()))
