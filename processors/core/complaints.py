"""What is wrong with words that a model refuses: one clear sentence for each, in its place.

A choice between shapes is told once, not once for every shape; a word that is none of the known
ones comes with the nearest.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from processors.core.yaml_tree import Path, Tree
from processors.words.nearest import near, nearest

Complaint = tuple[Path, str]
"""The path from the row that was refused, and the sentence."""

_PATTERNS = {
    r"^[a-z0-9][a-z0-9-]{0,62}$": "is no id: small letters, digits and hyphens, at most 63",
    r"^[A-Z]{3}$": "is no currency, such as EUR",
}
_SHAPES = {
    "model_type": "is a set of words with values",
    "model_attributes_type": "is a set of words with values",
    "dict_type": "is a set of words with values",
    "tuple_type": "is a list, such as [a, b]",
    "list_type": "is a list, such as [a, b]",
    "bool_type": "is true or false",
    "bool_parsing": "is true or false",
    "too_short": "is empty",
    "none_required": "is not said here",
}


def complaints(
    model: type[BaseModel], row: Tree, problem: ValidationError, known: Iterable[str] = ()
) -> list[Complaint]:
    """Each thing that is wrong once, with the path at which it stands in the row.

    Args:
        model: what refused.
        row: what it refused, as it was read.
        problem: what pydantic says.
        known: words of the row beside those of the model.
    """
    found: dict[Path, list[Any]] = {}
    choices: dict[Path, list[tuple[str, Any]]] = {}
    for error in problem.errors(include_url=False, include_input=False):
        path, branch_at, branch = _placed(row, error)
        if branch:
            choices.setdefault(path[:branch_at], []).append((branch, error))
        else:
            found.setdefault(path, []).append(error)
    for path, errors in choices.items():
        fitting = _fitting(_value(row, path), errors)
        for error in fitting:
            found.setdefault(_placed(row, error)[0], []).append(error)
        if not fitting and path not in found:
            sentence = _choice(_value(row, path), errors, models_in(model))
            found[path] = [{"type": "value_error", "msg": sentence}]
    told = [(path, error) for path, errors in found.items() for error in errors]
    misspelt = _misspelt(model, told, known)
    return [
        (path, _sentence(model, row, path, error, known))
        for path, error in told
        if not (error["type"] == "missing" and path in misspelt)
        # A list of which every item is refused is told to be empty as well.
        and not (error["type"] == "too_short" and _value(row, path))
    ]


def _placed(row: Tree, error: Any) -> tuple[Path, int, str]:
    """The path of an error in what was written; where on it a choice begins, and which branch.

    pydantic puts the name of a branch between the words; what was written does not have it.
    """
    path: list[str | int] = []
    here = row
    branch_at, branch = 0, ""
    last = len(error["loc"]) - 1
    for number, part in enumerate(error["loc"]):
        if part in _steps(here):
            here = here[part]
            path.append(part)
        elif number == last and error["type"] == "missing":
            path.append(part)
        elif _is_branch(part) and not branch:
            branch_at, branch = len(path), str(part)
    return tuple(path), branch_at, branch


def _steps(tree: Tree) -> Collection[str | int]:
    """The words or numbers that lead on from here."""
    if isinstance(tree, dict):
        return tree.keys()
    return range(len(tree)) if isinstance(tree, list) else ()


def _is_branch(part: str | int) -> bool:
    """Whether a part of a place is the name of a shape and not a word: a class, or `list[…]`."""
    if not isinstance(part, str) or part == "[key]":
        return False
    return part[:1].isupper() or part.endswith("]")


def _value(row: Tree, path: Path) -> Tree:
    for part in path:
        row = row[part]
    return row


def _fitting(value: Tree, errors: list[tuple[str, Any]]) -> list[Any]:
    """The errors of the branch that has the shape of what was written; none for a plain word."""
    if isinstance(value, dict):
        return [error for branch, error in errors if _class_of(branch)]
    if isinstance(value, list):
        return [error for branch, error in errors if branch.startswith("tuple")]
    return []


def _class_of(branch: str) -> str:
    """The class that a branch is: `Term`, also of `function-after[…, Term]`; empty for others."""
    if branch.startswith(("tuple", "literal")):
        return ""
    return str(re.findall(r"\w+", branch)[-1])


def _choice(
    value: Tree, errors: list[tuple[str, Any]], models: Mapping[str, type[BaseModel]]
) -> str:
    words = [word for _, error in errors for word in _expected(error)]
    sets = [
        "{" + ", ".join(f"{name}: …" for name in _names(models[_class_of(branch)])) + "}"
        for branch, _ in errors
        if _class_of(branch) in models
    ]
    sets += ["a list of them" for branch, _ in errors if branch.startswith("tuple")]
    listed = ", ".join([*(f"`{word}`" for word in words), *dict.fromkeys(sets)])
    return f"{_said(value)} is none of {listed}{_hint(value, words)}"


def _hint(value: Tree, words: Iterable[str]) -> str:
    return nearest(value, words) if isinstance(value, str) else ""


def _expected(error: Any) -> list[str]:
    return re.findall(r"'([^']*)'", error.get("ctx", {}).get("expected", ""))


def _said(value: Tree) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return f"`{str(value).lower()}`"
        case dict():
            return "a set of words"
        case list():
            return "a list"
    return f"`{value}`"


def _misspelt(
    model: type[BaseModel], told: list[tuple[Path, Any]], known: Iterable[str]
) -> set[Path]:
    """Paths of words that are missing only because they are misspelt."""
    return {
        (*path[:-1], meant)
        for path, error in told
        if error["type"] == "extra_forbidden"
        and (meant := near(str(path[-1]), words_at(model, path[:-1], known)))
    }


def _sentence(
    model: type[BaseModel], row: Tree, path: Path, error: Any, known: Iterable[str]
) -> str:
    kind = error["type"]
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    if kind == "extra_forbidden":
        words = words_at(model, path[:-1], known)
        return f"there is no word `{name}` here{nearest(name, words)}"
    if kind == "missing":
        return f"`{path[-1]}` is missing"
    value = _value(row, path)
    match kind:
        case "literal_error":
            words = _expected(error)
            listed = ", ".join(f"`{word}`" for word in words)
            said = f"{_said(value)} is none of {listed}{_hint(value, words)}"
        case "string_type" if value is None:
            said = "has no word behind it; a text with a comma in it stands in quotes"
        case "string_type":
            said = f"{_said(value)} is no word; put one in quotes to make it one"
        case "string_pattern_mismatch":
            pattern = _PATTERNS.get(error["ctx"]["pattern"], "is not written so")
            return f"{_said(name if error['loc'][-1] == '[key]' else value)} {pattern}"
        case "greater_than_equal":
            said = f"must be {error['ctx']['ge']} or more"
        case "less_than_equal":
            said = f"must be {error['ctx']['le']} or less"
        case "too_long":
            said = f"has more than {error['ctx']['max_length']}"
        case "value_error":
            said = error["msg"].removeprefix("Value error, ")
        case _:
            said = _SHAPES.get(kind, error["msg"])
            if kind.endswith(("_type", "_parsing")) and isinstance(value, str):
                said += f", not `{value}`"
    meant = nearest(name, words_at(model, path[:-1])) if _is_own_word(model, path) else ""
    return f"`{name}`: {said}{meant}" if name else said


def _is_own_word(model: type[BaseModel], path: Path) -> bool:
    """Whether a word is none of the model's, which takes any, such as the wallets of `give`."""
    around = model_at(model, path[:-1])
    open_to_all = around.model_config.get("extra") == "allow"
    return bool(path) and open_to_all and path[-1] not in _names(around)


def words_at(model: type[BaseModel], path: Path, known: Iterable[str] = ()) -> list[str]:
    """The words that may stand at a path of a row, as far as the model tells."""
    here = model_at(model, path)
    own = [*_names(here), *_flattened(here)]
    return own if path else [*known, *own]


def model_at(model: type[BaseModel], path: Path) -> Any:
    """The model of what stands at a path of a row."""
    here: Any = model
    for part in path:
        field = _field(here, part)
        if field is None:
            continue
        inner = annotations(field.annotation)
        here = next((kind for kind in inner if hasattr(kind, "model_fields")), here)
    return here


def _names(model: Any) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _flattened(model: Any) -> list[str]:
    """The words of `items` that stand beside a model's own."""
    if model.model_config.get("json_schema_extra") is None:
        return []
    return _names(next(iter(models_in(model).values())))


def _field(model: Any, word: str | int) -> Any:
    fields = getattr(model, "model_fields", {})
    aliased = {field.alias: field for field in fields.values() if field.alias}
    return fields.get(word) or aliased.get(word)


def annotations(annotation: Any) -> list[Any]:
    """A type and all types inside it."""
    return [annotation, *(one for inner in get_args(annotation) for one in annotations(inner))]


def models_in(model: Any) -> dict[str, type[BaseModel]]:
    """The models that a model is made of, at any depth, by name."""
    found: dict[str, type[BaseModel]] = {}
    left = list(_parts(model))
    while left:
        one = left.pop()
        if one.__name__ not in found:
            found[one.__name__] = one
            left += _parts(one)
    return found


def _parts(model: Any) -> Iterator[Any]:
    for field in model.model_fields.values():
        yield from (one for one in annotations(field.annotation) if hasattr(one, "model_fields"))
