"""One promotion of a checked document."""

from msgspec import Struct
from pydantic import BaseModel

from processors.core.kinds import Kind
from processors.core.sections import Head


class Promotion(Struct, frozen=True):
    """One promotion, checked: its common words, its kind and its kind's own words."""

    head: Head
    kind: Kind
    words: BaseModel
