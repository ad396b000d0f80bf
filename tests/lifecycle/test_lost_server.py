"""A server whose create lost its answer, up to the state that the program wanted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError


@pytest.fixture
def arguments(owner: LivingResource) -> dict[str, Any]:
    return {"package_id": 1, "user_id": owner["user_id"], "hypervisor_group_id": 1}


def unproven(panel: Panel) -> None:
    """The owner's list cannot be read before, so nothing proves what is there afterwards."""
    panel.refuses("GET", r"^/servers/user/", status=403)
    panel.loses_the_answer("POST", r"^/servers$")


def test_the_error_names_what_an_import_would_not_set(
    another_run: Life, panel: Panel, arguments: dict[str, Any]
) -> None:
    unproven(panel)
    with pytest.raises(HostError, match=r"Leave name, backup_access out of the program for that run"):
        another_run("Server", **arguments, memory=1024, name="web", backup_access="full").create()


def test_a_server_that_is_made_as_the_program_says_is_taken_over_as_it_is(
    another_run: Life, panel: Panel, arguments: dict[str, Any]
) -> None:
    unproven(panel)
    with pytest.raises(HostError) as caught:
        another_run("Server", **arguments, memory=1024).create()
    assert "Leave" not in caught.value.message


def test_taken_over_without_them_and_then_given_them_the_server_is_what_the_program_says(
    another_run: Life, panel: Panel, arguments: dict[str, Any]
) -> None:
    unproven(panel)
    with pytest.raises(HostError):
        another_run("Server", **arguments, name="web", backup_access="full").create()
    (lost,) = panel.all("servers")
    server = another_run("Server", **arguments, import_=lost["id"]).create()
    server.change(name="web", backup_access="full")
    found = panel.object("servers", server.id)
    assert (found["name"], found["hidden"]["backupAccess"]) == ("web", "full")
