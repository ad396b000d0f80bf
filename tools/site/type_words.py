"""The words for the type of an argument or an output: the Python type, and the limits of a number or a text."""

from __future__ import annotations

from typing import Any

from pulumi_virtfusion.schema.fields import Field, Id, OptionalId
from pulumi_virtfusion.schema.types import LARGEST_ID

PLAIN = {"integer": "int", "number": "float", "string": "str", "boolean": "bool", "array": "list", "object": "dict"}


def type_words(field: Field) -> str:
    """Return the words for a field's type, such as `int, at least 256`."""
    if field.is_input and (field.declared_type is Id or field.declared_type is OptionalId):
        return "id: int or str"
    return _words(field.adapter.json_schema())


def _words(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " or ".join(f'"{one}"' if isinstance(one, str) else str(one) for one in schema["enum"])
    if "anyOf" in schema:
        alternatives = list(dict.fromkeys(_words(one) for one in schema["anyOf"]))
        return _limited("float" if alternatives == ["int", "float"] else " or ".join(alternatives), schema)
    kind = PLAIN.get(schema.get("type", ""), "any plain value")
    if kind == "list":
        kind = f"list of {_element(schema['items'])}"
    elif kind == "dict" and "properties" in schema:
        names = [f"`{name}`" for name in schema["properties"]]
        kind = f"dict with {', '.join(names)}"
    elif kind == "dict" and isinstance(schema.get("additionalProperties"), dict):
        kind = f"dict of str to {_element(schema['additionalProperties'])}"
    return _limited(kind, schema)


def _element(schema: dict[str, Any]) -> str:
    return PLAIN.get(schema.get("type", ""), "any")


def _limited(kind: str, schema: dict[str, Any]) -> str:
    low = schema.get("ge", schema.get("minimum"))
    high = schema.get("le", schema.get("maximum"))
    if schema.get("gt") is not None:
        kind = f"{kind}, greater than {schema['gt']}"
    if low is not None and high is not None and high < LARGEST_ID and high - low < 100_000:
        return f"{kind}, {low} to {high}"
    if low:
        return f"{kind}, at least {low}"
    return f"{kind}, at most {schema['maxLength']} characters" if "maxLength" in schema else kind
