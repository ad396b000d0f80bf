"""`virtfusion login-url`: which user, where it leads, and what is said when there is none."""

from __future__ import annotations

import pytest

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel
from tests.commands.conftest import Command


@pytest.fixture(autouse=True)
def users(client: VirtFusion) -> None:
    """A user with a number, and one whose `rel_str` is digits, as another system may have made it."""
    client.users.create(name="Ada", email="ada@example.com", ext_relation_id=1001)
    client.users.create(name="Bob", email="bob@example.com", rel_str="crm: bob")
    client.users.create(name="Cas", email="cas@example.com", rel_str="2002")


@pytest.mark.parametrize(
    ("arguments", "path", "query"),
    [
        (["1001"], "/users/1001/authenticationTokens", {}),
        (["crm: bob"], "/users/crm: bob/authenticationTokens", {"relStr": "true"}),
        (["2002", "--rel-str"], "/users/2002/authenticationTokens", {"relStr": "true"}),
    ],
)
def test_digits_are_a_number_unless_told_otherwise(
    virtfusion: Command, panel: RunningPanel, arguments: list[str], path: str, query: dict[str, str]
) -> None:
    panel.clear_requests()
    result = virtfusion("login-url", *arguments)
    assert result.exit_code == 0
    (request,) = panel.requests()
    assert (request["method"], request["path"], request["query"]) == ("POST", path, query)
    assert result.stdout.startswith(f"{panel.origin}/")
    assert result.stdout.count("\n") == 1


def test_an_address_with_the_path_of_the_api_leads_to_the_panel_all_the_same(
    virtfusion: Command, panel: RunningPanel
) -> None:
    result = virtfusion("login-url", "1001", VIRTFUSION_ENDPOINT=f"{panel.url}/")
    assert result.exit_code == 0
    assert "/api/v1" not in result.stdout
    assert result.stdout.startswith(f"{panel.origin}/")


def test_a_server_to_land_on_is_part_of_it(virtfusion: Command, panel: RunningPanel, client: VirtFusion) -> None:
    owner = client.users.get(1001)
    server = client.servers.create(package_id=1, user_id=owner.user_id, hypervisor_group_id=1)
    panel.clear_requests()
    assert virtfusion("login-url", "1001", "--server", str(server.server_id)).exit_code == 0
    (request,) = panel.requests()
    assert request["path"] == f"/users/1001/serverAuthenticationTokens/{server.server_id}"


def test_a_user_that_is_not_there_is_an_error_and_nothing_on_standard_output(virtfusion: Command) -> None:
    result = virtfusion("login-url", "2002")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "answered 404: user not found" in result.stderr


def test_without_a_panel_it_says_how_to_name_one(virtfusion: Command) -> None:
    result = virtfusion("login-url", "1001", VIRTFUSION_ENDPOINT="")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "set VIRTFUSION_ENDPOINT" in result.stderr
