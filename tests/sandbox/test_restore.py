"""A panel that comes back from a backup: what was made since is gone, and its numbers go to other objects."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
import requests

from pulumi_virtfusion.sandbox import RunningPanel

from .conftest import PUBLIC_KEY, Api
from .test_survival import ask, process


def of_everything(api: Api) -> dict[str, Any]:
    """One of each kind that the API makes, and the id each of them got."""
    user = api.new_user("ada")
    relation = "byUserExtRelationId/ada?relStr=true"
    server = api.built_server(userId=user["id"], additionalStorage1Enable=True, additionalStorage1Capacity=5)
    api.done("POST", f"/servers/{server}/traffic/blocks", {"month": 1, "amount": 10})
    api.done("POST", f"/servers/{server}/networkWhitelist", {"interface": "primary", "ip": "192.0.2.1", "cidr": 32})
    made = api.server(server)
    return {
        "user": user["id"],
        "server": server,
        "address": made["network"]["interfaces"][0]["ipv4"][0]["address"],
        "interface": made["network"]["interfaces"][0]["id"],
        "whitelist entry": made["network"]["interfaces"][0]["ipWhitelist"][0]["id"],
        "disks": [disk["_id"] for disk in made["storage"]],
        "traffic block": api.data("GET", f"/servers/{server}/traffic/blocks")["assigned"][0]["id"],
        "key": api.data("POST", "/ssh_keys", {"userId": user["id"], "name": "k", "publicKey": PUBLIC_KEY})["id"],
        "pack": api.data("POST", f"/selfService/resourcePack/{relation}", {"packId": 1})["id"],
        "credit": api.data("POST", f"/selfService/credit/{relation}", {"tokens": 5})["id"],
        "queue item": api.data("POST", f"/servers/{server}/power/restart")["queueId"],
    }


def test_everything_is_as_it_was_and_every_id_is_given_out_again(api: Api, panel: RunningPanel) -> None:
    kept = api.new_server()
    before = panel.state()
    panel.snapshot()
    made = of_everything(api)
    api.done("PUT", f"/servers/{kept}/modify/name", {"name": "renamed since"})
    api.done("DELETE", f"/servers/{kept}?delay=0")
    panel.advance(10)
    panel.restore()
    assert panel.state() == before
    assert api.ask("GET", f"/servers/{made['server']}").status_code == 404
    assert of_everything(api) == made


def test_what_gets_a_number_anew_is_another_object(api: Api, panel: RunningPanel) -> None:
    panel.snapshot()
    first, first_user = api.server(api.new_server()), api.new_user("ada")
    panel.restore()
    second, second_user = api.server(api.new_server()), api.new_user("ada")
    assert (first["id"], first_user["id"]) == (second["id"], second_user["id"])
    assert first["uuid"] != second["uuid"]
    assert first["created"] < second["created"]
    assert first_user["created"] < second_user["created"]


def test_what_the_hypervisors_carry_is_restored_too(api: Api, panel: RunningPanel) -> None:
    def carried() -> list[dict[str, Any]]:
        rows = api.done("GET", "/compute/hypervisors/groups/1/resources")["data"]
        return [row["resources"] for row in rows]

    api.new_server(memory=1024)
    before = carried()
    panel.snapshot()
    api.new_server(memory=2048)
    panel.restore()
    assert carried() == before


def test_snapshots_have_names_and_end_with_a_seed(api: Api, panel: RunningPanel) -> None:
    panel.snapshot("empty")
    api.new_server()
    panel.snapshot("one")
    control = f"{panel.origin}/_sandbox"
    assert requests.post(f"{control}/restore", json={"name": "empty"}, timeout=20).status_code == 204
    assert panel.state()["servers"] == []
    assert requests.post(f"{control}/restore", json={"name": "one"}, timeout=20).status_code == 204
    assert len(panel.state()["servers"]) == 1
    assert requests.post(f"{control}/snapshot", json={"name": "one"}, timeout=20).status_code == 204
    assert requests.post(f"{control}/restore", json={"name": "other"}, timeout=20).status_code == 404
    panel.reset()
    assert requests.post(f"{control}/restore", json={"name": "one"}, timeout=20).status_code == 404
    assert panel.state()["servers"] == []


@pytest.mark.parametrize("name", ["", 1, "x" * 300])
def test_a_name_that_is_none_is_refused(panel: RunningPanel, name: object) -> None:
    answer = requests.post(f"{panel.origin}/_sandbox/snapshot", json={"name": name}, timeout=20)
    assert answer.status_code == 422


def test_a_snapshot_in_a_file_outlives_the_panel(tmp_path: Path) -> None:
    data = tmp_path / "panel.db"
    body = {"packageId": 1, "userId": 1, "hypervisorId": 1}
    with process(data) as (started, address):
        assert requests.post(f"{address}/_sandbox/snapshot", timeout=20).status_code == 204
        first = ask(address, "POST", "/servers", body).json()["data"]
        os.kill(started.pid, signal.SIGKILL)
        started.wait()
    with process(data) as (_, address):
        assert requests.post(f"{address}/_sandbox/restore", timeout=20).status_code == 204
        second = ask(address, "POST", "/servers", body).json()["data"]
    assert (first["id"], first["uuid"] == second["uuid"]) == (second["id"], False)


def test_work_on_a_server_that_was_deleted_is_never_done_on_the_next_one_of_its_number(
    api: Api, panel: RunningPanel
) -> None:
    first = api.new_server()
    api.done("POST", f"/servers/{first}/build", {"operatingSystemId": 1})
    panel.mutate("servers", first, delete=True)
    assert [item["failed"] for item in panel.state()["queue"] if item["serverId"] == first] == [True]
    panel.sandbox.panel.store.connection.execute("UPDATE sequences SET last = ? WHERE kind = 'servers'", (first - 1,))
    assert api.new_server() == first
    panel.advance(600)
    assert api.server(first)["state"] == "allocated"
