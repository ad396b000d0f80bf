"""The translation of properties between the engine's messages and a lifecycle's plain values in our names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime import rpc

from ...schema.non_secret import texts_within
from ...schema.plain_values import UNKNOWN, Unknown, carriable, is_known, transformed, whole
from .names import Names

LEFT_BEHIND = frozenset({"__provider", "__closed", "__openly"})
"""The inputs and outputs in a state of the dynamic provider that this provider drops."""
UNKNOWNS = frozenset(
    {
        rpc.UNKNOWN,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # a boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # a number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # a list
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # an object
    }
)
"""The texts that stand for a value which a preview cannot know."""


@dataclass(frozen=True)
class Properties:
    """The properties of a message: the values, and the names of those with a secret in them."""

    values: dict[str, Any] = field(default_factory=dict)
    secret: frozenset[str] = frozenset()

    @property
    def open(self) -> dict[str, Any]:
        """The values without a secret."""
        return {name: value for name, value in self.values.items() if name not in self.secret}

    @property
    def secret_texts(self) -> Iterator[str]:
        for name in self.secret:
            yield from texts_within(self.values[name])


def arrived(struct: struct_pb2.Struct, names: Names) -> Properties:
    """Return the properties of a message by our names, without null values, as in every program."""
    values, secret = dict[str, Any](), set[str]()
    for key in sorted(struct.fields, key=lambda key: names.of_ours(key) != key):
        name, marks = names.of_ours(key), list[bool]()
        value = _plain(struct.fields[key], marks)
        if value is not None and key not in LEFT_BEHIND:
            value = names.value_of_ours(name, value)
            values[name] = _together(values[name], value) if name in values else value
            secret.update([name] if marks else [])
    return Properties(values, frozenset(secret))


def _together(older: Any, newer: Any) -> Any:
    """Combine one property in both spellings: an option of the program keeps the older one from before a move.

    For an object, the option may keep single keys only, which the newer value then lacks.
    """
    if isinstance(older, dict) and isinstance(newer, dict):
        return {**older, **newer}
    return older if is_known(newer) else newer


def _plain(value: struct_pb2.Value, marks: list[bool]) -> Any:
    """Return the value without its envelopes; add a mark for each secret among them."""
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _content(value.struct_value.fields, marks)
    if kind == "list_value":
        return [_plain(item, marks) for item in value.list_value.values]
    if kind == "string_value":
        return UNKNOWN if value.string_value in UNKNOWNS else value.string_value
    if kind == "number_value":
        return whole(value.number_value)
    return value.bool_value if kind == "bool_value" else None


def _content(fields: Mapping[str, struct_pb2.Value], marks: list[bool]) -> Any:
    envelope = fields[rpc._special_sig_key].string_value if rpc._special_sig_key in fields else ""
    if envelope == rpc._special_secret_sig:
        marks.append(True)
        return _plain(fields["value"], marks)
    if envelope == rpc._special_output_value_sig:
        marks.extend([True] if "secret" in fields and fields["secret"].bool_value else [])
        return _plain(fields["value"], marks) if "value" in fields else UNKNOWN
    values = {key: _plain(item, marks) for key, item in fields.items()}
    return {key: value for key, value in values.items() if value is not None}


def leaving(values: Mapping[str, Any], names: Names, secret: Collection[str] = ()) -> struct_pb2.Struct:
    """Return a message of the values by their names on the wire; mark those named in `secret`."""
    message = struct_pb2.Struct()
    for name, value in values.items():
        if value is not None:
            sent = message.fields[names.on_the_wire(name)]
            _fill(sent, sealed(_wired(name, value, names)) if name in secret else _wired(name, value, names))
    return message


def _wired(name: str, value: Any, names: Names) -> Any:
    value = names.value_on_the_wire(name, value)
    return transformed(carriable(value), lambda leaf: rpc.UNKNOWN if isinstance(leaf, Unknown) else leaf)


def sealed(value: Any) -> dict[str, Any]:
    """Wrap a value so that the engine encrypts it."""
    return {rpc._special_sig_key: rpc._special_secret_sig, "value": value}


def _fill(message: struct_pb2.Value, value: Any) -> None:
    if isinstance(value, dict):
        message.struct_value.SetInParent()
        for key, item in value.items():
            _fill(message.struct_value.fields[key], item)
    elif isinstance(value, list):
        message.list_value.SetInParent()
        for item in value:
            _fill(message.list_value.values.add(), item)
    elif isinstance(value, bool):
        message.bool_value = value
    elif isinstance(value, int | float):
        message.number_value = value
    elif value is None:
        message.null_value = struct_pb2.NULL_VALUE
    else:
        message.string_value = value
