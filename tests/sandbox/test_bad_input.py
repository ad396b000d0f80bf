"""Whatever is sent, the panel answers with a 4xx that says why: never with a 5xx."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from pulumi_virtfusion.sandbox import RunningPanel
from pulumi_virtfusion.sandbox.routes import OPERATIONS

from .conftest import Api
from .test_vendor_examples import VENDOR_FILE, vendor


def _fields(method: str, path: str) -> set[str]:
    content = vendor()["paths"][path][method.lower()].get("requestBody", {}).get("content", {})
    return set(content.get("application/json", {}).get("schema", {}).get("properties", {}))


WITH_BODY = [operation for operation in OPERATIONS if operation.method in ("POST", "PUT")]

FIELDS = sorted({name for operation in WITH_BODY for name in _fields(operation.method, operation.path)})
"""Every name that the body of any operation has."""

schema = schemathesis.openapi.from_path(VENDOR_FILE)


@pytest.fixture(scope="module")
def busy_panel(started_panel: RunningPanel) -> RunningPanel:
    """A panel with a few servers, users and keys for invented requests to hit."""
    started_panel.seed("large")
    api = Api(started_panel)
    for name in ("ada", "bob", "eve"):
        user = api.new_user(name, extRelationId=len(name) + ord(name[0]))
        api.new_key(user["id"])
        api.built_server(userId=user["id"])
    api.data("POST", "/selfService/resourcePack/byUserExtRelationId/1", {"packId": 1, "enabled": True})
    api.close()
    return started_panel


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as opened:
        opened.trust_env = False
        yield opened


@schema.parametrize()
@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow],
)
def test_no_invented_request_is_a_server_error(
    case: schemathesis.Case[Any], busy_panel: RunningPanel, session: requests.Session
) -> None:
    headers = {"Authorization": f"Bearer {busy_panel.token}", "Accept": "application/json"}
    answer = case.call(base_url=busy_panel.url, session=session, headers=headers, timeout=20)
    assert answer.status_code < 500, f"{case.formatted_path}: {answer.text}"


def send(panel: RunningPanel, method: str, path: str, content: bytes) -> requests.Response:
    headers = {"Authorization": f"Bearer {panel.token}", "Accept": "application/json"}
    return requests.request(method, panel.url + path, data=content, headers=headers, timeout=20)


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"\xff\xfe",
        b'"text"',
        b"[1]",
        b"12",
        b"NaN",
        b"[" * 100_000,
        b'{"name": "a\\u0000b"}',
        b'{"name": "\\ud800"}',
        b'{"name": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda content: repr(content[:20]),
)
def test_a_body_that_is_no_object_is_refused(panel: RunningPanel, api: Api, content: bytes) -> None:
    id_ = api.new_server()
    answer = send(panel, "PUT", f"/servers/{id_}/modify/name", content)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_a_body_of_megabytes_is_refused_before_it_is_read(panel: RunningPanel) -> None:
    content = json.dumps({"name": "x" * 2_000_000}).encode()
    assert send(panel, "PUT", "/servers/1/modify/name", content).status_code == 413


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda operation: f"{operation.method} {operation.path}")
def test_a_field_of_any_type_is_understood_or_refused(busy_panel: RunningPanel, operation: Any) -> None:
    path = operation.path.replace("{interface}", "primary")
    path = re.sub(r"{\w+}", "1", path)
    api = Api(busy_panel)
    values: tuple[Any, ...] = (None, True, -1, 2**63, 1e300, "", "\u0001", [], {}, [[]], "0")
    for value in values:
        answer = api.ask(operation.method, path, dict.fromkeys(FIELDS, value))
        assert answer.status_code < 500, f"{value!r}: {answer.text}"
    api.close()


@pytest.mark.parametrize(
    "path",
    [
        "/servers/-1",
        "/servers/0",
        "/servers/99999999999999999999999999",
        "/servers/9223372036854775808",
        "/servers/1.0",
        "/servers/1%00",
        "/servers/%FF",
        "/servers/\u0661",
        "/users/%00/byExtRelation?relStr=true",
        "/users/a%2Fb/byExtRelation?relStr=true",
        "/servers/1/firewall/tertiary",
        "/servers/1//",
        "/" + "x" * 5000,
    ],
)
def test_a_path_to_nothing_is_not_found(api: Api, path: str) -> None:
    assert api.ask("GET", path).status_code == 404


@pytest.mark.parametrize(
    "query", ["remoteState=True", "remoteState=", "remoteState=%00", "remoteState=%FF", "&".join(["a=1"] * 2000)]
)
def test_a_query_that_makes_no_sense_is_refused(api: Api, query: str) -> None:
    id_ = api.new_server()
    assert api.ask("GET", f"/servers/{id_}?{query}").status_code == 422


@pytest.mark.parametrize(
    "path", ["/servers?results=0", "/servers?page=0", "/servers?type=half", "/servers?hypervisorId=x"]
)
def test_a_list_refuses_pages_that_are_none(api: Api, path: str) -> None:
    assert api.ask("GET", path).status_code == 422
