"""A row of a CSV file, cut into its cells."""

from msgspec import Struct

from producers.files.told import Bad


class Row(Struct, frozen=True, gc=False):
    """One row.

    Attributes:
        number: its line.
        raw: the lines it stands on, as they are.
        cells: one a column; of a row that has a problem, as far as they can be made out.
        problem: why it is refused; empty if it is not.
    """

    number: int
    raw: bytes
    cells: list[str]
    problem: str = ""

    @property
    def bad(self) -> Bad:
        """The row, refused."""
        return Bad(self.number, "", self.problem, (self.raw,))
