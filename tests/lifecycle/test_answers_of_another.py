"""A create is answered with an object that it cannot have made, as a cache in between may do: nothing is believed.

What the answer names would be in two states, or a stranger's, and the next deletion would take it.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import PAGE, Panel, only
from tests.provider_host import HostError

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp ada@laptop"
ADA: dict[str, Any] = {"name": "Ada", "email": "ada@example.com", "ext_relation_id": 43}
CANNOT = "answered with an object that it cannot have made"


def test_a_server_that_this_run_has_made_already(life: Life, panel: Panel, server: LivingResource) -> None:
    panel.fault("POST", "^/servers$", set={"data.id": int(server.id)})
    other = life("Server", package_id=1, user_id=server["user_id"], hypervisor_group_id=1)
    with pytest.raises(HostError, match=rf"{CANNOT}: server {server.id} was made .*import_=.{int(server.id) + 1}."):
        other.create()
    assert (other.id, len(panel.all("servers"))) == ("", 2)


def test_a_server_that_was_there_before_the_run(panel: Panel, server: LivingResource, another_run: Life) -> None:
    panel.fault("POST", "^/servers$", set={"data.id": int(server.id)})
    other = another_run("Server", package_id=1, user_id=server["user_id"], hypervisor_group_id=1)
    with pytest.raises(HostError, match=f"{CANNOT}: server {server.id} was there before"):
        other.create()
    assert other.id == ""


def test_a_server_of_another_user(life: Life, panel: Panel, owner: LivingResource) -> None:
    panel.fault("POST", "^/servers$", set={"data.ownerId": 1})
    other = life("Server", package_id=1, user_id=owner["user_id"], hypervisor_group_id=1)
    with pytest.raises(HostError, match=f"{CANNOT}: server .* belongs to user 1"):
        other.create()
    assert other.id == ""


@pytest.mark.parametrize("answered", [{"data.extRelationId": 7}, {"data.email": "eve@example.com"}])
def test_a_user_is_looked_for_by_its_relation(life: Life, panel: Panel, answered: dict[str, Any]) -> None:
    panel.fault("POST", "^/users$", set={**answered, "data.id": 1})
    ada = life("User", **ADA).create()
    assert ada["user_id"] == only("users", panel, lambda one: one["extRelationId"] == 43)["id"]
    assert ada.warnings == ["user 43 was made; the answer that told the generated password was lost."]


def test_a_key_is_looked_for_in_the_list_of_its_owner(life: Life, panel: Panel, owner: LivingResource) -> None:
    first = life("SshKey", "a", user_id=owner["user_id"], name="a", public_key=KEY).create()
    panel.fault("POST", "^/ssh_keys$", set={"data.id": int(first.id)})
    second = life("SshKey", "b", user_id=owner["user_id"], name="b", public_key=KEY).create()
    assert int(second.id) == int(first.id) + 1


@pytest.mark.parametrize(
    ("kind", "path", "given"),
    [("ResourcePack", "resourcePack/", {"pack_id": 1}), ("UserCredit", "credit/", {"tokens": 5})],
)
def test_what_cannot_be_listed_is_never_taken_twice(
    life: Life, panel: Panel, owner: LivingResource, kind: str, path: str, given: dict[str, Any]
) -> None:
    first = life(kind, "a", relation=owner["relation"], **given).create()
    panel.fault("POST", path, set={"data.id": int(first.id)})
    second = life(kind, "b", relation=owner["relation"], **given)
    with pytest.raises(HostError, match=CANNOT):
        second.create()
    assert second.id == ""


def test_a_key_that_the_panel_spells_otherwise_is_found(life: Life, panel: Panel, owner: LivingResource) -> None:
    """The panel strips the name; without that, a second run would make a second key."""
    panel.loses_the_answer("POST", "^/ssh_keys$")
    panel.fault("GET", "^/ssh_keys/user/", set={"data.0.name": "laptop"}, times=None)
    assert life("SshKey", user_id=owner["user_id"], name=" laptop ", public_key=KEY).create().id


@pytest.mark.parametrize("status", [401, 403, 409, 422, 423, 429])
def test_a_page_under_a_refusal_leaves_a_server_that_the_error_names(
    life: Life, panel: Panel, owner: LivingResource, status: int
) -> None:
    """A firewall that reads answers shows its page after the panel has made the server."""
    panel.fault("POST", "^/servers$", status=status, body=PAGE, when="after")
    web = life("Server", package_id=1, user_id=owner["user_id"], hypervisor_group_id=1)
    with pytest.raises(HostError, match=rf"answered {status}: .* may be it: .*import_="):
        web.create()
    assert panel.writes() == ["POST /servers"]


def test_a_page_under_a_refusal_of_a_new_owner_is_read_back(life: Life, panel: Panel, server: LivingResource) -> None:
    bob = life("User", "bob", **{**ADA, "email": "bob@example.com"}).create()
    panel.fault("PUT", "/owner/", status=403, body=PAGE, when="after")
    server.change(user_id=bob["user_id"])
    assert server["user_id"] == bob["user_id"]
    assert server.change().changed == []
