"""The sentences behind the words of a model, which stand in its source below each of them."""

import ast
import inspect
import textwrap
from functools import cache
from itertools import pairwise

from pydantic import BaseModel


@cache
def sentences(model: type[BaseModel]) -> dict[str, str]:
    """Field → its docstring, as one line; fields without one are left out."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    found: dict[str, str] = {}
    body = tree.body if isinstance(tree, ast.ClassDef) else []
    for node, after in pairwise(body):
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
            and isinstance(after.value.value, str)
        ):
            found[node.target.id] = one_line(after.value.value)
    return found


def one_line(text: str) -> str:
    """A docstring's text without its line breaks."""
    return " ".join(text.split())
