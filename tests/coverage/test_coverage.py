"""Every operation of the vendor's file has a call, a home in Pulumi, a rule in the sandbox, and a test."""

from __future__ import annotations

import ast

import pytest

from tests.contract import openapi
from tests.coverage.mentions import mentioned, requested
from tests.coverage.table import PAGE, Row, rows, table
from tools.tables import rewritten


def test_every_operation_is_a_row() -> None:
    assert [row.operation for row in rows()] == [" ".join(one.key) for one in openapi.described()]
    assert len(rows()) == 85


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.operation)
def test_a_row_lacks_no_cell(row: Row) -> None:
    assert row.lacking == [], f"{row.operation} has no {', '.join(row.lacking)}"


def test_an_empty_cell_is_named() -> None:
    assert Row("GET /x", ["`X.get`"], [], ["`X`"], ["`x.get`"], []).lacking == ["pulumi", "tests"]


def test_the_page_is_current() -> None:
    text = PAGE.read_text()
    assert rewritten(text, {"coverage": table}) == text, "docs/coverage.md is not what the code says: run `make docs`."


@pytest.mark.parametrize(
    ("line", "operation"),
    [
        ("PUT /servers/7/owner/2", "PUT /servers/{serverId}/owner/{newOwnerId}"),
        ("DELETE /servers/7?delay=0", "DELETE /servers/{serverId}"),
        ("GET /compute/hypervisors/groups", "GET /compute/hypervisors/groups"),
        ("GET /compute/hypervisors/\0", "GET /compute/hypervisors/{hypervisorId}"),
        ("POST {on}/disable", "POST /servers/{serverId}/firewall/{interface}/disable"),
        ("POST \0", None),
        ("POST \0/\0", None),
        ("GET \0/byUserExtRelationId/\0", None),
        ("PUT /servers", None),
        ("the answer to PUT /servers/7/owner/2", None),
    ],
)
def test_a_line_is_the_request_that_it_says(line: str, operation: str | None) -> None:
    key = requested(line)
    assert (key and " ".join(key)) == operation


@pytest.mark.parametrize(
    ("code", "operations"),
    [
        ('panel.writes() == ["POST /users"]', {"POST /users"}),
        ('asked == [f"GET /packages/{package.id}"]', {"GET /packages/{packageId}"}),
        ('at = f"PUT /servers/{id}"\nasked == [f"{at}/package/4"]', {"PUT /servers/{serverId}/package/{packageId}"}),
        ('def path(): return "/ssh_keys"\nf"POST {path()}"', {"POST /ssh_keys"}),
        ('api.ask("DELETE", f"/ssh_keys/{key}")', {"DELETE /ssh_keys/{keyId}"}),
        ('panel.fault(method="POST", path="/servers")', {"POST /servers"}),
        (
            '@mark.parametrize(("name", "path"), [("a", "boot"), ("b", "restart")])\n'
            'def test(name, path): f"POST /servers/1/power/{path}"',
            {"POST /servers/{serverId}/power/boot", "POST /servers/{serverId}/power/restart"},
        ),
        (
            'class Kind:\n  path: str\nKIND = Kind("packages")\nf"GET /{KIND.path}"',
            {"GET /packages"},
        ),
        ("panel.ssh_keys.get(7)\nask(Packages.list)", {"GET /ssh_keys/{keyId}", "GET /packages"}),
        ("panel.connect", {"GET /connect"}),
        ('panel.fault(path="/users", status=500)\nrecord.get("users")\n"POST"\n"/users"', set()),
        ('f"POST /ssh_keys{rest}"', set()),
    ],
)  # fmt: skip
def test_code_names_the_operations_that_it_asks_for(code: str, operations: set[str]) -> None:
    assert {" ".join(key) for key in mentioned(ast.parse(code))} == operations
