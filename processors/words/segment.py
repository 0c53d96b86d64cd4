"""Who belongs to a segment: words about what a member bought, asked when a business day closes.

A decision reads no table: it sees who had entered a segment by an event.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from processors.words.exact import AmountOrNone, Percent, Some, Whole

Texts = Annotated[tuple[str, ...], Field(min_length=1)]


class LastSale(BaseModel):
    """How long ago the last purchase was."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    more_than_days_ago: Whole | None = None
    at_most_days_ago: Whole | None = None


class Sales(BaseModel):
    """How many purchases, in a window that ends today; ever if no window is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_least: Whole | None = None
    at_most: Whole | None = None
    in_days: Some | None = None


class Spend(BaseModel):
    """How much money net of returns, in a window that ends today; ever if no window is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_least: AmountOrNone | None = None
    at_most: AmountOrNone | None = None
    in_days: Some | None = None


class Share(BaseModel):
    """Which part of the money went to certain articles."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    departments: Texts | None = None
    categories: Texts | None = None
    brands: Texts | None = None
    labels: Texts | None = None
    at_least: Percent
    in_days: Some


class Segment(BaseModel):
    """All of the words that are said must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: dict[str, str] = {}
    last_sale: LastSale | None = None
    sales: Sales | None = None
    spend: Spend | None = None
    share_of_spend: Share | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Segment":
        said = (self.last_sale, self.sales, self.spend, self.share_of_spend)
        if all(word is None for word in said):
            raise ValueError("a segment needs a word such as `sales` or `last_sale`")
        return self


def definition_hash(words: Mapping[str, Any]) -> str:
    """SHA-256 of a segment's words as the document has them, canonical JSON, hexadecimal."""
    text = json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()
