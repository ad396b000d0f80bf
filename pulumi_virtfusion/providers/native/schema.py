"""The plug-in's schema for every language, made from the declarations, the functions and the settings."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields as settings_of
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, TypeAdapter
from typing_extensions import is_typeddict

from ...api.names import camel_case
from ...config import NAMESPACE, Settings
from ...functions import function
from ...resources import MODULES, resource_class
from ...schema import types as named_types
from ...schema.descriptions import described
from ...schema.fields import Change, Field, Id, OptionalId, OptionalIds
from ...schema.type_tokens import DYNAMIC, NATIVE
from ...version import VERSION
from .configuration import DOOR
from .functions import TOKENS, parameters

Spec = dict[str, Any]
ANY: Spec = {"$ref": "pulumi.json#/Any"}
ID_OR_TEXT: Spec = {"oneOf": [{"type": "integer"}, {"type": "string"}]}
"""An id as an input: `web.id` is a string, `web.serverId` a number."""


@cache
def schema() -> Spec:
    """Return the package as Pulumi's schema describes one."""
    types = Types()
    resources = {f"{NATIVE}{name}": _resource(name, types) for name in MODULES}
    functions = {token: _function(function(name), types) for token, name in TOKENS.items()}
    settings = dict(_settings())
    return {
        "name": NAMESPACE,
        "displayName": "VirtFusion",
        "version": VERSION,
        "description": "Servers, users, SSH keys and self-service of a VirtFusion panel.",
        "keywords": ["pulumi", "virtfusion", "category/cloud", "kind/native"],
        "license": "Apache-2.0",
        "publisher": NAMESPACE,
        "meta": {"supportPack": True},  # generated Go code is a module, which a program can require
        "config": {"variables": settings},
        "provider": {
            "description": "A panel, and how to reach it; what is left out comes from the environment.",
            "inputProperties": settings,
        },
        "types": dict(sorted(types.named.items())),
        "resources": resources,
        "functions": functions,
        "language": {
            "nodejs": {"respectSchemaVersion": True},
            "python": {"respectSchemaVersion": True, "packageName": "pulumi_virtfusion_native"},
            "go": {"respectSchemaVersion": True, "generateResourceContainerTypes": True},
            "csharp": {"respectSchemaVersion": True},
            "java": {},
        },
    }


def _settings() -> Iterator[tuple[str, Spec]]:
    """Yield the settings without their environment variables: generated code that reads one would copy the token."""
    for setting in settings_of(Settings):
        if setting.name == DOOR:
            continue
        kind = {bool: "boolean", int: "integer", float: "number"}.get(type(setting.default), "string")
        secret = {} if setting.repr else {"secret": True}
        yield camel_case(setting.name), {"type": kind, "description": f"{setting.metadata['help']}.", **secret}


# -- resources --------------------------------------------------------------------------------------------------


def _resource(name: str, types: Types) -> Spec:
    resource = resource_class(name)
    fields, texts = resource.fields, described(resource)
    inputs = {camel_case(f.name): _input(f, texts[f.name], types) for f in fields.values() if f.is_input}
    outputs = {camel_case(f.name): _output(f, texts[f.name], types) for f in fields.values()}
    return {
        "description": inspect.cleandoc(resource.__doc__ or ""),
        "inputProperties": inputs,
        "requiredInputs": [camel_case(f.name) for f in fields.values() if f.required],
        "properties": outputs,
        "required": [camel_case(f.name) for f in fields.values() if f.required or not f.is_input],
        "aliases": [{"type": f"{DYNAMIC}{name}"}],
    }


def _input(f: Field, text: str, types: Types) -> Spec:
    replaces = {"willReplaceOnChanges": True} if f.change is Change.REPLACE else {}
    return {**_type_of_input(f, types), "description": " ".join([text, *_remarks(f)]), **replaces}


def _type_of_input(f: Field, types: Types) -> Spec:
    declared = get_origin(f.declared_type) or f.declared_type
    if declared in (Id, OptionalId):
        return ID_OR_TEXT
    if declared is OptionalIds:
        return {"type": "array", "items": ID_OR_TEXT}
    return types.spec(f.value_type, enums=True)


def _output(f: Field, text: str, types: Types) -> Spec:
    return {**types.spec(f.value_type), "description": text, **({"secret": True} if f.secret else {})}


def _remarks(f: Field) -> Iterator[str]:
    """Yield the remarks on an argument that no other part of a schema can express."""
    if f.change is Change.CREATE_ONLY:
        yield f"Cannot be changed: {f.reason}."
    if f.change is Change.NEXT_TIME:
        yield "A change counts from the next time on."
    if f.change is Change.NOTE and f.default not in (None, {}):
        yield f"Default: {str(f.default).lower()}."
    if f.read_back != "always" and f.change is not Change.NOTE and not f.is_trigger:
        yield f"The panel {'never tells it' if f.read_back == 'never' else 'tells it unreliably'}: drift is not seen."


# -- functions --------------------------------------------------------------------------------------------------


def _function(ask: Callable[..., Any], types: Types) -> Spec:
    hints, known = typing.get_type_hints(ask), parameters(ask)
    inputs = {camel_case(name): types.spec(hints[name]) for name in known}
    required = [camel_case(name) for name, one in known.items() if one.default is one.empty]
    answer = hints["return"]
    return {
        "description": inspect.cleandoc(ask.__doc__ or ""),
        "inputs": {"type": "object", "properties": inputs, "required": required},
        **({} if answer is type(None) else {"outputs": types.answer(answer)}),
    }


# -- types ------------------------------------------------------------------------------------------------------


class Types:
    """The translation of Python's types by way of pydantic's JSON schema; `named` gathers those with a name."""

    def __init__(self) -> None:
        self.named: dict[str, Spec] = {}
        self._enums = {
            get_args(alias): name for name, alias in vars(named_types).items() if get_origin(alias) is Literal
        }

    def spec(self, hint: Any, *, enums: bool = False) -> Spec:
        """Return the type; with `enums`, a choice of words has a named one. Newer panels may return other words."""
        if is_typeddict(hint):
            return self._object(hint.__name__, hint, TypeAdapter(hint).json_schema()["properties"], {})
        json_schema = TypeAdapter(hint).json_schema()
        if enums and json_schema.get("type") == "string" and "enum" in json_schema:
            return self._enum(tuple(json_schema["enum"]))
        return self._translated(json_schema, json_schema.get("$defs", {}))

    def answer(self, hint: Any) -> Spec:
        """Return the type of a function's answer: an object with a record's properties, or a plain list of records."""
        if not (inspect.isclass(hint) and issubclass(hint, BaseModel)):
            return self.spec(hint)
        json_schema = TypeAdapter(hint).json_schema()
        return self._properties(hint, json_schema["properties"], json_schema.get("$defs", {}))

    def _translated(self, found: Mapping[str, Any], definitions: Mapping[str, Any]) -> Spec:
        if "$ref" in found:
            name = found["$ref"].rpartition("/")[2]
            return self._object(f"{name}Record", None, definitions[name]["properties"], definitions)
        if "anyOf" in found:
            choices = [self._translated(one, definitions) for one in found["anyOf"] if one.get("type") != "null"]
            return choices[0] if len(choices) == 1 else {"oneOf": choices}
        kind = found.get("type")
        if kind == "array":
            return {"type": "array", "items": self._translated(found.get("items", {}), definitions)}
        if kind == "object":
            inside = found.get("additionalProperties")
            return {
                "type": "object",
                "additionalProperties": self._translated(inside, definitions) if isinstance(inside, dict) else ANY,
            }
        return {"type": kind} if kind else ANY

    def _object(self, name: str, source: Any, properties: Mapping[str, Any], definitions: Mapping[str, Any]) -> Spec:
        token = f"{NATIVE}{name}"
        if token not in self.named:
            self.named[token] = {}  # a record may hold others of its kind
            self.named[token] = self._properties(source, properties, definitions)
        return {"$ref": f"#/types/{token}"}

    def _properties(self, source: Any, properties: Mapping[str, Any], definitions: Mapping[str, Any]) -> Spec:
        return {
            "type": "object",
            "properties": {
                camel_case(name): {
                    **self._translated(found, definitions),
                    **({"secret": True} if _holds_secret(found) else {}),
                }
                for name, found in properties.items()
            },
            "required": []
            if is_typeddict(source)
            else [camel_case(name) for name, found in properties.items() if not _may_be_missing(found)],
        }

    def _enum(self, values: tuple[str, ...]) -> Spec:
        token = f"{NATIVE}{self._enums[values]}"
        self.named[token] = {"type": "string", "enum": [{"value": value} for value in values]}
        return {"$ref": f"#/types/{token}"}


def _holds_secret(found: Mapping[str, Any]) -> bool:
    return any(one.get("format") == "password" for one in (found, *found.get("anyOf", ())))


def _may_be_missing(found: Mapping[str, Any]) -> bool:
    return any(one.get("type") == "null" for one in found.get("anyOf", ()))
