"""The house rules that a machine can check, and a planted violation for each check.

A rule that nothing checks decays.  Length is counted without blank lines, comments and docstrings:
nobody should shorten an explanation because of a limit.
"""

import ast
import io
import tokenize
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("producers", "processors", "projections", "schemas", "infra", "loyalty")
MODULE_LINES_MAX = 300
FUNCTION_LINES_MAX = 50
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
PURE = (
    "processors/core/",
    "processors/rules/",
    "projections/tables/",
    "schemas/chain.py",
    "schemas/link.py",
    "schemas/verdicts.py",
)
WORLDLY_CALLS = {
    "open", "input", "print", "eval", "exec", "float", "hash", "id", "now", "today", "utcnow",
    "time", "monotonic", "perf_counter", "getenv", "uuid4", "random",
}  # fmt: skip
"""What a decision may never call: the clock, chance, files, floats, and per-process hashes."""

Check = Callable[[str, str], Iterator[str]]


@lru_cache(maxsize=2)
def parsed(text: str) -> ast.Module:
    """The tree of a module; every check of one module asks for it in turn."""
    return ast.parse(text)


@lru_cache(maxsize=2)
def nodes(text: str) -> list[ast.AST]:
    """All its nodes."""
    return list(ast.walk(parsed(text)))


@lru_cache(maxsize=2)
def code_lines(text: str) -> set[int]:
    """The numbers of the lines that hold code: neither blank, nor comment, nor docstring."""
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in silent:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in nodes(text):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            lines.difference_update(range(node.lineno, (node.end_lineno or 0) + 1))
    return lines


def long_module(path: str, text: str) -> Iterator[str]:
    """A module is short enough to be read at once."""
    if len(code_lines(text)) >= MODULE_LINES_MAX:
        yield f"{path} has {len(code_lines(text))} lines of code"


def long_functions(path: str, text: str) -> Iterator[str]:
    """A function is short enough to be seen at once."""
    code = code_lines(text)
    for node in nodes(text):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = len(code & set(range(node.lineno, (node.end_lineno or 0) + 1)))
            if length >= FUNCTION_LINES_MAX:
                yield f"{path}: {node.name} has {length} lines of code"


def empty_names(path: str, text: str) -> Iterator[str]:
    """A module is named after what it does."""
    if NAMES_THAT_SAY_NOTHING & set(Path(path).with_suffix("").parts):
        yield f"{path} is a name that says nothing"


def unfinished(path: str, text: str) -> Iterator[str]:
    """What is known to be broken is not committed."""
    for word in ("FIX" + "ME", "XX" + "X:", "HA" + "CK"):
        if word in text:
            yield f"{path} says {word}"


def unexplained(path: str, text: str) -> Iterator[str]:
    """A module with code says at its top what it is for."""
    tree = parsed(text)
    if tree.body and not ast.get_docstring(tree):
        yield f"{path} has no docstring"


def worldly(path: str, text: str) -> Iterator[str]:
    """A decision and a table are functions of their arguments alone."""
    if not path.startswith(PURE):
        return
    for node in nodes(text):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in WORLDLY_CALLS:
                yield f"{path}:{node.lineno} calls {name}"
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"{path}:{node.lineno} has the float {node.value}"


def pasted_sql(path: str, text: str) -> Iterator[str]:
    """SQL takes its values as parameters; a query is never glued together from them."""
    for node in nodes(text):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            glued = isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
            if node.func.attr in {"execute", "executemany", "copy"} and glued:
                yield f"{path}:{node.lineno} glues SQL together"


def unsafe_tools(path: str, text: str) -> Iterator[str]:
    """Nothing is unpickled, and no shell reads our words."""
    for node in nodes(text):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            names.append(getattr(node, "module", None) or "")
            if {"pickle", "marshal", "shelve"} & set(names):
                yield f"{path}:{node.lineno} imports a way to run foreign bytes"
        if isinstance(node, ast.keyword) and node.arg == "shell":
            yield f"{path} passes shell="


CHECKS: tuple[Check, ...] = (
    long_module,
    long_functions,
    empty_names,
    unfinished,
    unexplained,
    worldly,
    pasted_sql,
    unsafe_tools,
)
OF_TESTS: tuple[Check, ...] = (empty_names, unfinished, unexplained, unsafe_tools)

PLANTED = [
    (long_module, "loyalty/a.py", "x = 1\n" * MODULE_LINES_MAX),
    (long_functions, "loyalty/a.py", "def f():\n" + "    x = 1\n" * FUNCTION_LINES_MAX),
    (empty_names, "producers/utils.py", ""),
    (empty_names, "infra/common/kafka.py", ""),
    (unfinished, "infra/a.py", "# FIX" + "ME: later\n"),
    (unexplained, "infra/a.py", "x = 1\n"),
    (worldly, "processors/core/a.py", "import time\nx = time.time()\n"),
    (worldly, "processors/rules/a.py", "x = open('rates')\n"),
    (worldly, "processors/rules/a.py", "x = 0.5\n"),
    (worldly, "projections/tables/a.py", "from datetime import date\nx = date.today()\n"),
    (worldly, "schemas/chain.py", "x = hash('a')\n"),
    (pasted_sql, "projections/a.py", "c.execute(f'delete from {t}')\n"),
    (pasted_sql, "projections/a.py", "c.execute('delete from ' + t)\n"),
    (unsafe_tools, "infra/a.py", "import pickle\n"),
    (unsafe_tools, "infra/a.py", "from pickle import loads\n"),
    (unsafe_tools, "infra/a.py", "run('ls', shell=True)\n"),
]

INNOCENT = '''"""What this module is for."""


def whole(amount: int) -> int:
    """Documentation does not count as length."""
    # Nor does a comment.
    return amount // 100
'''


def modules(*folders: str) -> list[str]:
    """The Python files below the folders, as paths from the root."""
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


@pytest.mark.parametrize("path", modules(*PACKAGES))
def test_a_module_keeps_the_house_rules(path: str) -> None:
    """Every module of ours passes every check."""
    text = (ROOT / path).read_text("utf-8")

    assert [problem for check in CHECKS for problem in check(path, text)] == []


@pytest.mark.parametrize("path", modules("tests"))
def test_a_test_keeps_the_house_rules(path: str) -> None:
    """A test may be long, but it is named, explained and finished."""
    text = (ROOT / path).read_text("utf-8")

    assert [problem for check in OF_TESTS for problem in check(path, text)] == []


@pytest.mark.parametrize(("check", "path", "text"), PLANTED)
def test_a_planted_violation_is_found(check: Check, path: str, text: str) -> None:
    """A check that finds nothing in broken code would be worth nothing."""
    assert list(check(path, text)) != []


@pytest.mark.parametrize("check", CHECKS)
def test_innocent_code_passes(check: Check) -> None:
    """A check that complains about everything would be worth nothing either."""
    assert list(check("processors/core/innocent.py", INNOCENT)) == []


def test_every_check_has_a_planted_violation() -> None:
    """No check can be added without showing that it works."""
    assert {check for check, _, _ in PLANTED} == set(CHECKS)
