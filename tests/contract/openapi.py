"""The vendor's description of the API, read as data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("virtfusion-openapi.yaml")
VERBS = ("get", "post", "put", "delete")


@dataclass(frozen=True)
class Described:
    """One operation as the vendor describes it."""

    verb: str
    path: str
    queries: Mapping[str, str]
    """Names of query parameters, and their types."""
    body: Mapping[str, Any] | None
    """JSON schema of the request's body."""
    status: int
    """The status of a success."""
    answer: str
    """The example of a success as it goes over the wire."""
    pattern: re.Pattern[str] = field(repr=False)

    @property
    def key(self) -> tuple[str, str]:
        return self.verb, self.path


# What the file says and no panel does, with the reason. Everything else is taken at its word.
NO_BODY = {
    ("GET", "/servers/{serverId}/traffic/blocks"),
    ("DELETE", "/servers/{serverId}/traffic/blocks/{blockId}"),
}
"""The body of the POST beside them was copied onto these."""
BODY_TYPES = {("PUT", "/servers/{serverId}/modify/traffic"): {"traffic": {"type": "integer"}}}
"""Described as a string, while the example beside it is a number."""
PAGED = {"page": "integer"}
"""Every paged answer's URLs hold it, no parameter list does."""


@cache
def described() -> tuple[Described, ...]:
    """All operations of the file."""
    paths = yaml.load(FILE.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["paths"]
    return tuple(
        _described(verb.upper(), path, details)
        for path, item in paths.items()
        for verb, details in item.items()
        if verb in VERBS
    )


def find(verb: str, path: str) -> Described:
    """The operation that a request means: the one with the fewest placeholders that fits."""
    fitting = [one for one in described() if one.verb == verb and one.pattern.fullmatch(path)]
    if not fitting:
        raise LookupError(f"the vendor's file has no {verb} {path}")
    return min(fitting, key=lambda one: one.path.count("{"))


def answer_to(one: Described, asked: object) -> Any:
    """The example as a panel would answer it: of the object that was asked for, and all on one page; None for none."""
    body = json.loads(one.answer) if one.answer else None
    if isinstance(body, dict) and "last_page" in body:
        return {**body, "last_page": 1, "total": len(body["data"])}
    if (
        isinstance(body, dict)
        and isinstance(body.get("data"), dict)
        and "id" in body["data"]
        and isinstance(asked, int)
    ):
        name = "extRelationId" if "{extRelationId}" in one.path else "id"
        return {**body, "data": {**body["data"], name: asked}}
    if "/user/{" in one.path and isinstance(body, dict) and isinstance(body.get("data"), list):
        owner = {"ownerId": asked}
        return {**body, "data": [{**row, **(owner if "ownerId" in row else {})} for row in body["data"]]}
    return body


def _described(verb: str, path: str, details: Mapping[str, Any]) -> Described:
    parameters = details.get("parameters", [])
    queries = {one["name"]: one["schema"]["type"] for one in parameters if one["in"] == "query"}
    status = min(status for status in details["responses"] if status.startswith("2"))
    return Described(
        verb,
        path,
        queries | (PAGED if "results" in queries else {}),
        None if (verb, path) in NO_BODY else _body((verb, path), details),
        int(status),
        _example(details["responses"][status]),
        re.compile("".join(_pattern(part, parameters) for part in re.split(r"(\{\w+\})", path))),
    )


def _body(key: tuple[str, str], details: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if "requestBody" not in details:
        return None
    schema = details["requestBody"]["content"]["application/json"]["schema"]
    properties = {**schema["properties"], **BODY_TYPES.get(key, {})}
    return {**schema, "properties": properties, "additionalProperties": False}


def _example(response: Mapping[str, Any]) -> str:
    for content in response.get("content", {}).values():
        example = content.get("example", "")
        # The firewall's example is JSON inside of a string, and customXML's is the empty string.
        return example if isinstance(example, str) else json.dumps(example)
    return ""


def _pattern(part: str, parameters: list[Mapping[str, Any]]) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    kind = next(one["schema"]["type"] for one in parameters if one["name"] == part[1:-1])
    return r"\d+" if kind == "integer" else "[^/]+"
