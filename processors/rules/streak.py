"""A habit: a purchase in each of several days, weeks or months in a row.

Worked number: a purchase in each of weeks 10, 11, 12 and 13 gives the reward in week 13, and the
count begins anew; without week 12 it stands at 1 in week 13.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from processors.words.exact import Some
from processors.words.give import Give, compile_give
from processors.words.stages import Streak

EXAMPLE = {"every": "week", "length": "4", "give": {"voucher": "free-pastry"}}
"""Words of this kind as a programme says them."""


class Parameters(BaseModel):
    """The words of this kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    every: Literal["day", "week", "month"]
    """The period; a week is Monday to Sunday."""
    length: Some
    """How many in a row."""
    give: Give
    """What is given when they are full."""


def build(words: Parameters, exponent: int) -> tuple[Streak, ...]:
    """One streak."""
    return (Streak(words.every, words.length, compile_give(words.give, exponent)),)
