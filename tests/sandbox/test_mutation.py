"""Objects changed behind the API's back: the change shows in every answer that has the fact, and nowhere else."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import requests

from pulumi_virtfusion.sandbox import RunningPanel

from .conftest import PUBLIC_KEY, Api

OTHER_KEY = PUBLIC_KEY.replace("OMqq", "OMqr").replace("someone@", "other@")


def answers_of(api: Api, server_id: int) -> list[dict[str, Any]]:
    """The whole server, its row in the list of all, and its row in its owner's."""
    whole = api.server(server_id)
    rows = api.done("GET", "/servers?results=200")["data"]
    own = api.data("GET", f"/servers/user/{whole['ownerId']}")
    full = api.done("GET", "/servers?results=200&type=full")["data"]
    return [whole, *(row for row in itertools.chain(rows, own, full) if row["id"] == server_id)]


def test_a_server_s_uuid_is_changed_everywhere(api: Api, panel: RunningPanel) -> None:
    id_, new = api.new_server(), "00000000-1111-2222-3333-444444444444"
    old = api.server(id_)["uuid"]
    panel.mutate("servers", id_, {"uuid": new})
    answers = answers_of(api, id_)
    assert [answer["uuid"] for answer in answers] == [new] * 4
    assert old not in str(answers)
    assert api.server(id_)["storage"][0]["name"] == f"{new}_1"


@pytest.mark.parametrize("path", ["ownerId", "owner", "owner.id"])
def test_a_server_of_another_owner_is_in_another_list(api: Api, panel: RunningPanel, path: str) -> None:
    ada, id_ = api.new_user("ada"), api.new_server()
    panel.mutate("servers", id_, {path: ada["id"]})
    whole, row, own, full = answers_of(api, id_)
    assert (whole["ownerId"], whole["owner"]["id"], whole["owner"]["email"]) == (ada["id"], ada["id"], ada["email"])
    assert (row["owner"], own["ownerId"], full["ownerId"]) == (ada["id"], ada["id"], ada["id"])
    assert api.data("GET", "/servers/user/1") == []
    assert api.ask("DELETE", "/users/ada/byExtRelation?relStr=true").status_code == 409


def test_a_server_that_was_migrated_is_in_another_group(api: Api, panel: RunningPanel) -> None:
    id_ = api.new_server(memory=2048)
    panel.mutate("servers", id_, {"hypervisor.groupId": 2})
    whole, row, own, _ = answers_of(api, id_)
    host = api.data("GET", f"/compute/hypervisors/{whole['hypervisorId']}")
    assert (whole["hypervisor"]["groupId"], whole["hypervisor"]["group"]["name"]) == (2, "Storage")
    assert (whole["vnc"]["ip"], whole["hypervisor"]["id"]) == (host["ip"], host["id"])
    assert {whole["hypervisorId"], row["hypervisorId"], own["hypervisorId"]} == {3}
    used = api.done("GET", "/compute/hypervisors/groups/2/resources")["data"][0]["resources"]
    assert (used["servers"]["allocated"], used["memory"]["allocated"]) == (1, 2048)
    panel.mutate("servers", id_, {"hypervisor.groupId": 2})
    assert api.server(id_)["hypervisorId"] == 3


def test_a_system_that_somebody_installed_anew_is_told(api: Api) -> None:
    id_ = api.built_server()
    before = api.server(id_)
    api.panel.advance(60)
    api.data("POST", f"/servers/{id_}/build", {"operatingSystemId": 2})
    api.panel.advance(10)
    after = api.server(id_)
    assert (before["settings"]["osTemplateInstallId"], after["settings"]["osTemplateInstallId"]) == (1, 2)
    assert before["built"] < after["built"]


def test_a_system_can_be_changed_without_a_build(api: Api, panel: RunningPanel) -> None:
    id_ = api.built_server()
    panel.mutate("servers", id_, {"settings.osTemplateInstallId": 3, "built": "2031-01-02T03:04:05.000000Z"})
    server = api.server(id_)
    assert (server["settings"]["osTemplateInstallId"], server["built"]) == (3, "2031-01-02T03:04:05+00:00")


def test_a_key_is_changed_in_lists_and_on_the_servers_that_have_it(api: Api, panel: RunningPanel) -> None:
    ada, key = api.new_user("ada"), api.new_key()
    id_ = api.new_server()
    api.data("POST", f"/servers/{id_}/build", {"operatingSystemId": 1, "sshKeys": [key]})
    panel.advance(10)
    panel.mutate("ssh_keys", key, {"name": "stolen", "publicKey": OTHER_KEY, "userId": ada["id"]})
    listed = api.data("GET", f"/ssh_keys/user/{ada['id']}")
    assert api.data("GET", "/ssh_keys/user/1") == []
    assert listed == [api.data("GET", f"/ssh_keys/{key}")]
    assert (listed[0]["name"], listed[0]["publicKey"]) == ("stolen", OTHER_KEY)
    (installed,) = api.server(id_)["sshKeys"]
    assert (installed["name"], installed["public"], installed["ownerId"]) == ("stolen", OTHER_KEY, ada["id"])


def test_another_key_of_the_same_number_leaves_what_is_installed_alone(api: Api, panel: RunningPanel) -> None:
    panel.snapshot()
    key = api.new_key()
    before = panel.state()["ssh_keys"][0]
    panel.restore()
    assert api.new_key() == key
    id_ = api.built_server()
    panel.mutate("servers", id_, {"sshKeys": [{"id": key, "created": before["created"], "name": "old"}]})
    panel.mutate("ssh_keys", key, {"name": "new"})
    assert api.server(id_)["sshKeys"][0]["name"] == "old"


@pytest.mark.parametrize(
    "written",
    [
        "2020-05-06T07:08:09+00:00",
        "2020-05-06T07:08:09.000000Z",
        "2020-05-06T07:08:09Z",
        "2020-05-06 07:08:09",
        "2020-05-06T09:08:09+02:00",
    ],
)
def test_a_time_may_be_written_as_in_any_answer(api: Api, panel: RunningPanel, written: str) -> None:
    ada = api.new_user("ada")
    id_ = api.new_server(userId=ada["id"])
    panel.mutate("users", ada["id"], {"created": written})
    panel.mutate("servers", id_, {"created": written})
    assert api.data("GET", "/users/ada/byExtRelation?relStr=true")["created"] == "2020-05-06T07:08:09.000000Z"
    whole, row, *_ = answers_of(api, id_)
    assert {whole["created"], row["created"], whole["owner"]["created"]} == {"2020-05-06T07:08:09+00:00"}
    assert api.ask("GET", f"/servers/{id_}/traffic").status_code == 200


def test_a_user_is_changed_wherever_it_is_shown(api: Api, panel: RunningPanel) -> None:
    ada = api.new_user("ada", extRelationId=77)
    id_ = api.new_server(userId=ada["id"])
    panel.mutate("users", ada["id"], {"email": "new@example.com", "extRelationId": 78, "relStr": "0078", "name": "A"})
    assert api.ask("GET", "/users/77/byExtRelation").status_code == 404
    assert api.ask("GET", "/users/ada/byExtRelation?relStr=true").status_code == 404
    shown = {"id": ada["id"], "email": "new@example.com", "extRelationId": 78, "name": "A"}
    for found in (
        api.data("GET", "/users/78/byExtRelation"),
        api.data("GET", "/users/0078/byExtRelation?relStr=true"),
        api.server(id_)["owner"],
    ):
        assert shown.items() <= found.items()
    assert api.ask("POST", "/users", {"name": "n", "email": "NEW@example.com"}).status_code == 409
    assert api.ask("POST", "/users", {"name": "n", "email": "ada@example.com"}).status_code == 201


def test_a_pack_of_another_definition_and_owner_has_their_limits(api: Api, panel: RunningPanel) -> None:
    ada, bob = api.new_user("ada"), api.new_user("bob")
    path = "/selfService/resourcePack"
    id_ = api.data("POST", f"{path}/byUserExtRelationId/ada?relStr=true", {"packId": 1})["id"]
    other = api.data("POST", f"{path}/byUserExtRelationId/ada?relStr=true", {"packId": 2})["id"]
    panel.mutate("resource_packs", id_, {"pid": 2, "userId": bob["id"], "enabled": False})
    pack, model = (api.data("GET", f"{path}/{number}") for number in (id_, other))
    assert {**pack, "id": other} == model

    def packs_of(relation: str) -> list[int]:
        report = api.data("GET", f"/selfService/report/byUserExtRelationId/{relation}?relStr=true")
        return [found["id"] for found in report["limits"]["packs"]]

    assert (packs_of("ada"), packs_of("bob")) == ([other], [id_])
    assert ada["id"] != bob["id"]
    assert panel.state()["resource_packs"][0]["hidden"]["enabled"] is False


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("servers", {"ownerId": 99}),
        ("servers", {"ownerId": "1"}),
        ("servers", {"ownerId": True}),
        ("servers", {"hypervisorId": 99}),
        ("servers", {"hypervisor.groupId": 99}),
        ("servers", {"uuid": None}),
        ("servers", {"created": "yesterday"}),
        ("servers", {"created": 5}),
        ("servers", {"created": "0001-01-01T00:00:00+00:00"}),
        ("servers", {"created": "9999-12-31T23:59:59-23:00"}),
        ("servers", {"settings.resources.memory": 10**400}),
        ("servers", {"settings.resources.cpuCores": "2"}),
        ("servers", {"storage[0].capacity": 1.5}),
        ("users", {"email": "\ud800@example.com"}),
        ("users", {"relStr": "\0"}),
        ("servers", {"settings": None}),
        ("servers", {"network": {"interfaces": [5]}}),
        ("servers", {"settings.resources": {}}),
        ("servers", {"hidden": {}}),
        ("users", {"hidden": None}),
        ("ssh_keys", {"id": 7}),
        ("users", {"created": None}),
        ("users", {"email": "admin@example.com"}),
        ("users", {"email": None}),
        ("users", {"extRelationId": 1}),
        ("users", {"extRelationId": "78"}),
        ("users", {"relStr": "bob"}),
        ("users", {"relStr": 5}),
        ("ssh_keys", {"userId": 99}),
        ("resource_packs", {"pid": 99}),
        ("resource_packs", {"userId": 99}),
    ],
)
def test_what_no_panel_could_have_is_refused_and_changes_nothing(
    api: Api, panel: RunningPanel, kind: str, values: dict[str, Any]
) -> None:
    ada = api.new_user("ada")
    api.new_user("bob")
    ids = {
        "servers": api.new_server(),
        "users": ada["id"],
        "ssh_keys": api.new_key(),
        "resource_packs": api.data("POST", "/selfService/resourcePack/byUserExtRelationId/1", {"packId": 1})["id"],
    }
    before = panel.state()
    body = {"kind": kind, "id": ids[kind], "set": values}
    answer = requests.post(f"{panel.origin}/_sandbox/mutate", json=body, timeout=20)
    assert answer.status_code == 422
    assert panel.state() == before
