"""The sandbox against the vendor's OpenAPI file: every operation, its status, and its example's keys and types."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from pulumi_virtfusion.sandbox import RunningPanel
from pulumi_virtfusion.sandbox.routes import OPERATIONS

from .conftest import Api

VENDOR_FILE = Path(__file__).parent.parent / "contract" / "virtfusion-openapi.yaml"
OPERATION_NAMES = sorted(f"{operation.method} {operation.path}" for operation in OPERATIONS)

PATHS = {
    "newOwnerId": "2",
    "planId": "1",
    "interface": "primary",
    "extRelationId": "1",
}
"""Values of placeholders; every other id of the world below is 1."""

ONE_EXTRA_DISK = {"additionalStorage1Enable": True, "additionalStorage1Capacity": 10}

BODIES: dict[str, Any] = {
    "POST /servers": {"packageId": 1, "userId": 1, "hypervisorId": 2, "ipv4": 1} | ONE_EXTRA_DISK,
    "POST /servers/{serverId}/ipv4": {"interface": "primary", "ip": ["198.51.100.100"]},
    "DELETE /servers/{serverId}/ipv4": {"interface": "primary", "ip": ["198.51.100.3"]},
    "DELETE /servers/{serverId}/networkWhitelist": {"interface": "primary", "ip": "100.100.100.100"},
    "PUT /servers/{serverId}/backupManager/access": {"type": "full"},
    "POST /servers/{serverId}/build": {"operatingSystemId": 1, "name": "server 1", "sshKeys": [1], "swap": 512},
    "POST /users": {"name": "Jon Doe", "email": "jon@doe.example", "extRelationId": 9, "selfService": 3},
    "PUT /users/{extRelationId}/byExtRelation": {"name": "Jon Doe", "selfService": 3},
}
"""Where the vendor's example can not be sent as it is: it names ids of the vendor's panel, or is empty."""


ADDRESSES = {"DELETE /users/{extRelationId}/byExtRelation": "/users/other/byExtRelation?relStr=true"}
"""User 1 is an administrator, who can not be deleted."""

EMPTY_HERE = {"$.data.primaryActions", "$.data.network.secondaryInterfaces[0].ipv6"}
"""Lists of the examples that the sandbox has no rows for."""


@cache
def vendor() -> Any:
    return yaml.safe_load(VENDOR_FILE.read_text())


def described(name: str) -> Any:
    method, path = name.split()
    return vendor()["paths"][path][method.lower()]


def test_the_sandbox_has_the_operations_of_the_vendor_s_file_and_no_other() -> None:
    file = {f"{m.upper()} {path}" for path, methods in vendor()["paths"].items() for m in methods if m != "parameters"}
    assert set(OPERATION_NAMES) == file
    assert len(OPERATION_NAMES) == 85


@pytest.fixture
def world(api: Api, panel: RunningPanel) -> Api:
    """One of everything with id 1: a built server of user 1 with key, addresses, whitelist, block, pack, credit."""
    api.new_user("other")
    api.new_key()
    server = api.new_server(packageId=5, hypervisorId=1, ipv4=2)
    api.done("PUT", f"/servers/{server}/backups/plan/1")
    build = {"operatingSystemId": 1, "hostname": "server1.example.com", "sshKeys": [1], "ipv6": True}
    api.data("POST", f"/servers/{server}/build", build)
    panel.advance(10)
    whitelist = {"interface": "primary", "ip": "100.100.100.100", "cidr": 32}
    api.done("POST", f"/servers/{server}/networkWhitelist", whitelist)
    api.done("POST", f"/servers/{server}/traffic/blocks", {"month": 1, "amount": 100})
    of_user = "byUserExtRelationId/1"
    api.data("POST", f"/selfService/resourcePack/{of_user}", {"packId": 1, "enabled": True})
    api.data("POST", f"/selfService/credit/{of_user}", {"tokens": 5})
    for family in ("hourly", "resource"):
        api.done("POST", f"/selfService/{family}GroupProfile/{of_user}", {"profileId": 1})
    return api


@pytest.mark.parametrize("name", OPERATION_NAMES)
def test_an_answer_has_the_status_keys_and_types_of_the_vendor_s_example(world: Api, name: str) -> None:
    method, template = name.split()
    path = ADDRESSES.get(name, template)
    for parameter in described(name).get("parameters", []):
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", PATHS.get(parameter["name"], "1"))
    answer = world.ask(method, path, BODIES.get(name, _example_body(name)))
    status = next(status for status in described(name)["responses"] if status.startswith("2"))
    assert answer.status_code == int(status), answer.text
    example = _example(name, status)
    if example is None:
        assert answer.content == b""
    else:
        assert list(_differences("$", example, answer.json())) == []


def _example_body(name: str) -> Any:
    content = described(name).get("requestBody", {}).get("content", {})
    example = content.get("application/json", {}).get("example")
    return None if name.startswith("GET") else example


def _example(name: str, status: str) -> Any:
    for content in described(name)["responses"][status].get("content", {}).values():
        if "example" in content:
            example = content["example"]
            # The file holds the firewall's answer as a text.
            return json.loads(example) if isinstance(example, str) and example else example
    return None


def _differences(path: str, example: Any, found: Any) -> Any:
    """Where `found` lacks a key of the example or has another type; null goes with everything, `[]` with `{}`."""
    if example is None or found is None:
        return
    if isinstance(example, dict) and isinstance(found, dict):
        for key, value in example.items():
            if key not in found:
                yield f"{path}.{key} is missing"
            else:
                yield from _differences(f"{path}.{key}", value, found[key])
    elif isinstance(example, list) and isinstance(found, list):
        if example and not found and path not in EMPTY_HERE:
            yield f"{path} is empty"
        for index, value in enumerate(found if example else []):
            yield from _differences(f"{path}[{index}]", example[0], value)
    elif not _same_type(example, found):
        yield f"{path} is {found!r}, the example has {example!r}"


def _same_type(example: Any, found: Any) -> bool:
    kinds: list[tuple[type, ...]] = [(bool,), (int, float), (str,), (list, dict)]
    kind = next(kind for kind in kinds if isinstance(example, kind))
    return isinstance(found, kind) and (bool in kind or not isinstance(found, bool))
