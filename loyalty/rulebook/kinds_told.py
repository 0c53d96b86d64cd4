"""The promotion kinds in words: what each is for, its parameters, and a promotion of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from loyalty.rulebook.docstrings import one_line
from loyalty.rulebook.json_schema import Schema, programme_schema
from processors.core.kinds import Kind, kinds
from processors.core.sections import Head
from processors.core.yaml_text import yaml_of

WIDTH = 18
"""The column of types begins so far behind the names."""


def told() -> Iterator[str]:
    """Every kind, then the words that all of them have, line by line."""
    definitions: Mapping[str, Schema] = programme_schema()["definitions"]
    for kind in kinds().values():
        yield from _kind(kind, definitions)
        yield ""
    yield "Every kind has these words too:"
    words = definitions[next(iter(kinds()))]
    for field_name, field in Head.model_fields.items():
        name = field.alias or field_name
        if name != "kind":
            yield from _word(name, words["properties"][name], name == "id", definitions)


def _kind(kind: Kind, definitions: Mapping[str, Schema]) -> Iterator[str]:
    yield kind.name
    for paragraph in kind.about.strip().split("\n\n"):
        yield f"  {one_line(paragraph)}"
    words = definitions[kind.name]
    for field_name, field in kind.parameters.model_fields.items():
        name = field.alias or field_name
        needed = name in words["required"]
        yield from _word(name, words["properties"][name], needed, definitions)
    yield f"  For example: {yaml_of({'kind': kind.name, **kind.example}, flow=True)}"


def _word(
    name: str, schema: Schema, needed: bool, definitions: Mapping[str, Schema]
) -> Iterator[str]:
    optional = "" if needed else ", if wanted"
    about = schema.get("description") or _of_set(schema, definitions)
    yield f"    {name:<{WIDTH}}{in_words(schema, definitions)}{optional}"
    if about:
        yield f"    {'':<{WIDTH}}{about}"


def _of_set(schema: Schema, definitions: Mapping[str, Schema]) -> str:
    """What is said of the set of words that a word refers to."""
    return str(
        definitions.get(schema.get("$ref", "").rpartition("/")[2], {}).get("description", "")
    )


def in_words(schema: Schema, definitions: Mapping[str, Schema]) -> str:
    """What may stand behind a word: `a number above 0`, `a list of words`, `day or month`."""
    if "allOf" in schema:
        return in_words(schema["allOf"][0], definitions)
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        inner = definitions[name]
        if "anyOf" in inner:  # a number or date, which may differ by level
            return in_words(inner["anyOf"][0], definitions)
        return f"{{{', '.join(inner['properties'])}}}"
    if "anyOf" in schema:
        return ", or ".join(in_words(one, definitions) for one in schema["anyOf"])
    if "const" in schema:
        return str(schema["const"])
    if "enum" in schema:
        return " or ".join(str(one) for one in schema["enum"])
    match schema.get("type"):
        case "array":
            return f"a list of {in_words(schema['items'], definitions)}"
        case "object":
            below = schema.get("additionalProperties")
            return f"name → {in_words(below, definitions)}" if isinstance(below, dict) else "words"
        case "boolean":
            return "true or false"
    return _scalar(schema)


def _scalar(schema: Mapping[str, Any]) -> str:
    if schema.get("format") == "date":
        return "a date such as 2026-03-31"
    first = types[0] if isinstance(types := schema["type"], list) else types
    what = {"integer": "a whole number", "number": "a number"}.get(first)
    if what is None:
        return "a word"
    if "exclusiveMinimum" in schema:
        return f"{what} above {schema['exclusiveMinimum']}"
    if "maximum" in schema:
        return f"{what} from {schema['minimum']} to {schema['maximum']}"
    return f"{what} from {schema['minimum']} on" if schema.get("minimum") else what
