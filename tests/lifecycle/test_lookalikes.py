"""A check of a new resource warns of an object that an earlier create, whose answer was lost, may have made."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_virtfusion.api import VirtFusion
from tests.lifecycle.identity.programs import KEY
from tests.lifecycle.life import UNKNOWN, Life, LivingResource
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError


@pytest.fixture
def arguments(owner: LivingResource) -> dict[str, Any]:
    return {"package_id": 1, "user_id": owner["user_id"], "hypervisor_group_id": 1}


@pytest.fixture
def lost(life: Life, arguments: dict[str, Any], panel: Panel) -> dict[str, Any]:
    """A server that the panel made, and whose creation no state knows."""
    panel.loses_the_answer("POST", r"^/servers$")
    with pytest.raises(HostError):
        life("Server", "web", **arguments, name="web").create()
    (server,) = panel.all("servers")
    panel.forget()
    return server


class TestServer:
    def test_the_rerun_names_it_before_it_makes_a_second_one(
        self, lost: dict[str, Any], arguments: dict[str, Any], panel: Panel, another_run: Life
    ) -> None:
        again = another_run("Server", "web", **arguments, name="web")
        again.check()
        (said,) = again.warnings
        assert f"server {lost['id']} (made {lost['created'][:10]}" in said
        assert f'import_="{lost["id"]}"' in said
        assert "in a run without name" in said
        assert panel.writes() == []

    def test_what_it_says_can_be_done(
        self, lost: dict[str, Any], arguments: dict[str, Any], panel: Panel, another_run: Life
    ) -> None:
        server = another_run("Server", "web", **arguments, import_=lost["id"]).create()
        assert (server.id, server.warnings) == (str(lost["id"]), [])
        assert server.change(name="web").changed == ["name"]
        assert panel.writes() == [f"PUT /servers/{lost['id']}/modify/name"]

    @pytest.mark.parametrize(
        "otherwise",
        [
            {"state": "complete", "commissionStatus": 3},
            {"name": "somebody's"},
            {"settings.resources.memory": 4096},
            {"settings.resources.storage": 99},
            {"built": "2026-01-01T00:00:00Z"},
        ],
        ids=str,
    )
    def test_one_that_looks_otherwise_is_not_named(
        self,
        otherwise: dict[str, Any],
        lost: dict[str, Any],
        arguments: dict[str, Any],
        panel: Panel,
        another_run: Life,
    ) -> None:
        panel.mutate("servers", lost["id"], **otherwise)
        again = another_run("Server", "web", **arguments, name="web")
        again.check()
        assert again.warnings == []

    @pytest.mark.parametrize("more", [{"memory": 2048}, {"hypervisor_group_id": 2}, {"package_id": 2}], ids=str)
    def test_nor_is_one_that_this_create_would_make_otherwise(
        self,
        more: dict[str, Any],
        lost: dict[str, Any],  # noqa: ARG002
        arguments: dict[str, Any],
        another_run: Life,
    ) -> None:
        again = another_run("Server", "web", **{**arguments, **more})
        again.check()
        assert again.warnings == []

    def test_nor_is_one_that_the_program_has(
        self, life: Life, arguments: dict[str, Any], panel: Panel, another_run: Life
    ) -> None:
        held = life("Server", "first", **arguments).create()
        another_run.next_run(held).plan()
        panel.forget()
        more = [another_run("Server", f"more-{number}", **arguments) for number in range(3)]
        for one in more:
            one.check()
        assert [one.warnings for one in more] == [[], [], []]
        assert panel.requests() == [f"GET /servers/user/{int(arguments['user_id'])}"]

    def test_nor_is_one_that_this_run_has_made(self, arguments: dict[str, Any], another_run: Life) -> None:
        for number in range(3):
            server = another_run("Server", f"web-{number}", **arguments).create()
            assert server.warnings == []

    def test_a_planned_replacement_does_not_name_its_predecessor(
        self, life: Life, arguments: dict[str, Any], another_run: Life
    ) -> None:
        server = another_run.next_run(life("Server", "web", **arguments).create())
        server.plan(hypervisor_group_id=2)
        assert [said for said in server.warnings if "is there already" in said] == []

    def test_what_is_not_known_yet_is_not_looked_for(
        self,
        lost: dict[str, Any],  # noqa: ARG002
        arguments: dict[str, Any],
        panel: Panel,
        another_run: Life,
    ) -> None:
        again = another_run("Server", "web", **{**arguments, "user_id": UNKNOWN})
        again.check()
        assert (again.warnings, panel.requests()) == ([], [])

    def test_a_look_that_fails_stops_nothing(
        self, lost: dict[str, Any], arguments: dict[str, Any], panel: Panel, another_run: Life
    ) -> None:
        panel.refuses("GET", f"^/servers/{lost['id']}$", status=403, times=None)
        again = another_run("Server", "web", **arguments)
        again.check()
        assert again.warnings == []


class TestOthers:
    """What the panel takes a second time without a word."""

    def test_an_equal_key_is_named(
        self, client: VirtFusion, owner: LivingResource, panel: Panel, another_run: Life
    ) -> None:
        there = client.ssh_keys.create(user_id=int(owner["user_id"]), name="laptop", public_key=KEY).ssh_key_id
        panel.forget()
        key = another_run("SshKey", "laptop", user_id=owner["user_id"], name="laptop", public_key=KEY)
        key.check()
        (said,) = key.warnings
        assert f"SSH key {there} (made " in said
        assert f'import_="{there}"' in said
        assert len(panel.requests()) == 1

    def test_a_key_of_another_name_or_text_is_not(
        self, client: VirtFusion, owner: LivingResource, another_run: Life
    ) -> None:
        client.ssh_keys.create(user_id=int(owner["user_id"]), name="desktop", public_key=KEY)
        client.ssh_keys.create(user_id=int(owner["user_id"]), name="laptop", public_key=KEY.replace("IP3u", "IQ4v"))
        key = another_run("SshKey", "laptop", user_id=owner["user_id"], name="laptop", public_key=KEY)
        key.check()
        assert key.warnings == []

    def test_nor_is_one_that_the_program_has(self, life: Life, owner: LivingResource, another_run: Life) -> None:
        arguments = {"user_id": owner["user_id"], "name": "laptop", "public_key": KEY}
        another_run.next_run(life("SshKey", "laptop", **arguments).create()).plan()
        second = another_run.next_run(life("SshKey", "second", **arguments))
        second.check()
        assert second.warnings == []

    def test_an_equal_traffic_block_is_named(
        self, client: VirtFusion, server: LivingResource, panel: Panel, another_run: Life
    ) -> None:
        client.servers.add_traffic_block(int(server.id), month=1, amount=100)
        client.servers.add_traffic_block(int(server.id), month=1, amount=50)
        first = min(block["id"] for block in panel.all("traffic_blocks"))
        panel.forget()
        block = another_run("TrafficBlock", "more", server_id=int(server.id), month=1, amount=100)
        block.check()
        (said,) = block.warnings
        assert f"traffic block {server.id}/{first} (made " in said
        assert f'import_="{server.id}/{first}"' in said
        assert len(panel.requests()) == 1
