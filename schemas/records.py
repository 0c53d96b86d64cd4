"""What can be done with any record of our schemas: an event, an effect, a part of one.

Their classes are generated (`schemas.generate`), and name their fields in `__match_args__`.
"""

from typing import Any, ClassVar, Protocol, TypeVar


class AnyRecord(Protocol):
    """Fields in the order of the schema, nothing else."""

    __match_args__: ClassVar[tuple[str, ...]]


One = TypeVar("One", bound=AnyRecord)


def astuple(record: AnyRecord) -> tuple[Any, ...]:
    """The values of its fields, in order.  Any: each has a type of its own."""
    return tuple([getattr(record, name) for name in record.__match_args__])


def asdict(record: AnyRecord) -> dict[str, Any]:
    """Field → value.  Any: each has a type of its own."""
    return dict(zip(record.__match_args__, astuple(record), strict=True))


def replace(record: One, /, **changes: Any) -> One:
    """The same with other values in some fields.  Any: each has a type of its own.

    Raises:
        TypeError: there is no such field.
    """
    fields = asdict(record)
    if unknown := sorted(changes.keys() - fields.keys()):
        raise TypeError(f"{type(record).__name__} has no field {', '.join(unknown)}")
    return type(record)(**{**fields, **changes})


def shown(record: AnyRecord) -> str:
    """As it is written in Python."""
    said = ", ".join(f"{name}={value!r}" for name, value in asdict(record).items())
    return f"{type(record).__name__}({said})"
