"""`virtfusion from-terraform`: states of the VirtFusion providers become a program that comes up with GETs alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel
from tests.commands.conftest import KEY, Command, Program
from tests.commands.test_import import declared


@pytest.fixture(autouse=True)
def made_by_terraform(client: VirtFusion, panel: RunningPanel) -> None:
    """Key 1, servers 1 and 2 of package 1, which nothing tells from package 5, and a system on the first."""
    client.users.create(name="Ada", email="ada@example.com", ext_relation_id=1001)
    client.ssh_keys.create(user_id=2, name="My key", public_key=KEY)
    for _ in range(2):
        client.servers.create(package_id=1, user_id=2, hypervisor_group_id=1, memory=2048)
    client.servers.build(1, operating_system_id=1, name="node1", hostname="node1.example.com", ssh_keys=[1], ipv6=True)
    panel.advance(60)
    panel.clear_requests()


def resource(kind: str, name: str, *instances: dict[str, Any], **more: Any) -> dict[str, Any]:
    provider = 'provider["registry.terraform.io/ezscale/virtfusion"]'
    return {"mode": "managed", "type": kind, "name": name, "provider": provider, "instances": list(instances), **more}


def server(id_: int, **more: Any) -> dict[str, Any]:
    """A server's attributes as a provider of the Global API keeps them: what was left out is null."""
    given = {"id": id_, "package_id": 1, "user_id": 2, "hypervisor_id": 1, "ipv4": 1, "memory": 2048}
    return {**given, "cores": None, "storage": None, "traffic": None, "name": "", **more}


BUILD = {
    "server_id": 1, "osid": 1, "name": "node1", "hostname": "node1.example.com", "vnc": False, "ipv6": True,
    "ssh_keys": [1], "email": None,
}  # fmt: skip
STATE = {
    "version": 4,
    "terraform_version": "1.9.0",
    "resources": [
        {"mode": "data", "type": "virtfusion_server", "name": "seen", "instances": [{"attributes": {"id": 2}}]},
        resource("random_id", "other", {"attributes": {"id": "x"}}),
        resource("virtfusion_build", "node1", {"attributes": BUILD}),
        resource("virtfusion_server", "node1", {"attributes": server(1)}),
        resource("virtfusion_server", "nodes", {"index_key": "b", "attributes": server(2)}, module="module.eu"),
        resource(
            "virtfusion_ssh", "mine", {"attributes": {"id": 1, "name": "My key", "public_key": KEY, "user_id": 2}}
        ),
    ],
}
PROGRAM = {
    "mine": ["SshKey", "user_id=2", "name='My key'", f"public_key={KEY!r}"],
    "node1": [
        "Server", "package_id=1", "user_id=2", "hypervisor_group_id=1", "name='node1'", "memory=2048"
    ],
    "eu_nodes_b": ["Server", "package_id=1", "user_id=2", "hypervisor_group_id=1", "memory=2048"],
    "node1_system": [
        "ServerBuild", "server_id=node1.server_id", "operating_system_id=1", "hostname='node1.example.com'",
        "ssh_keys=[mine.ssh_key_id]", "vnc=False", "ipv6=True",
    ],
}  # fmt: skip


def written(tmp_path: Path, state: Any) -> str:
    (file := tmp_path / "terraform.tfstate").write_text(state if isinstance(state, str) else json.dumps(state))
    return str(file)


def test_each_object_keeps_its_name_and_what_only_terraform_knew(
    virtfusion: Command, panel: RunningPanel, tmp_path: Path
) -> None:
    result = virtfusion("from-terraform", written(tmp_path, STATE))
    assert result.exit_code == 0
    assert declared(result.stdout) == PROGRAM
    assert {request["method"] for request in panel.requests()} == {"GET"}


def test_what_terraform_shows_as_json_is_the_same(virtfusion: Command, tmp_path: Path) -> None:
    def shown(kind: str, name: str, values: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name, "values": values, **more}

    root = {
        "resources": [
            shown("virtfusion_build", "node1", BUILD),
            shown("virtfusion_server", "node1", server(1)),
            shown("virtfusion_ssh", "mine", {"id": 1, "user_id": 2}),
        ],
        "child_modules": [
            {"address": "module.eu", "resources": [shown("virtfusion_server", "nodes", server(2), index="b")]}
        ],
    }
    state = {"format_version": "1.0", "terraform_version": "1.9.0", "values": {"root_module": root}}
    result = virtfusion("from-terraform", written(tmp_path, state))
    assert declared(result.stdout) == PROGRAM


def test_the_program_comes_up_with_gets_alone(
    virtfusion: Command, program: Program, panel: RunningPanel, tmp_path: Path
) -> None:
    before = panel.state()
    stack = program(virtfusion("from-terraform", written(tmp_path, STATE)).stdout)
    assert stack.counts(stack.up()) == {"created": 5}
    assert stack.changed == []
    assert panel.state() == before
    assert stack.preview_steps() == []


def test_a_uuid_of_the_end_users_api_is_looked_up(virtfusion: Command, client: VirtFusion, tmp_path: Path) -> None:
    uuid = client.servers.get(1).uuid
    build = {"server_id": uuid, "template_id": 1, "hostname": "node1.example.com", "method": "template"}
    state = {
        "version": 4,
        "resources": [
            resource("virtfusion_server", "node1", {"attributes": {"id": uuid.upper(), "memory": "2048 MB"}}),
            resource("virtfusion_build", "node1", {"attributes": build}),
            resource("virtfusion_server", "gone", {"attributes": {"id": "385e8f86-6cc8-4f88-8d1e-a8fece0f6b32"}}),
            resource("virtfusion_ssh", "theirs", {"attributes": {"id": "abc", "name": "x"}}),
        ],
    }
    result = virtfusion("from-terraform", written(tmp_path, state))
    program = declared(result.stdout)
    assert program["node1"][1] == "package_id=node1_package"
    assert 'node1_package = decide("package_id of server 1: 1 or 5")' in result.stdout
    assert program["node1_system"][1] == "server_id=node1.server_id"
    assert "# virtfusion_server.gone is not in here: the panel has no server 385e8f86-" in result.stdout
    assert "# virtfusion_ssh.theirs is not in here: 'abc' is not the id of a key in the Global API." in result.stdout
    assert "Left out 2, named at the top of the program." in result.stderr


def test_what_the_panel_does_not_have_is_left_out_with_the_reason(virtfusion: Command, tmp_path: Path) -> None:
    state = {
        "version": 4,
        "resources": [
            resource("virtfusion_server", "gone", {"attributes": server(77)}),
            resource("virtfusion_build", "empty", {"attributes": {**BUILD, "server_id": 2}}),
        ],
    }
    result = virtfusion("from-terraform", written(tmp_path, state))
    assert (result.exit_code, declared(result.stdout)) == (0, {})
    assert "# virtfusion_server.gone is not in here: GET /servers/77 answered 404: server not found" in result.stdout
    assert "# virtfusion_build.empty is not in here: the panel has no system on server 2." in result.stdout


@pytest.mark.parametrize("state", ["", "[]", "{}", '{"version": 4}', '{"resources": [{"mode": "managed"}]}'])
def test_what_is_no_state_is_said(virtfusion: Command, tmp_path: Path, state: str) -> None:
    result = virtfusion("from-terraform", written(tmp_path, state))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "neither a terraform.tfstate (version 4) nor what `terraform show -json` prints" in result.stderr
