"""`virtfusion from-terraform` on states that Terraform itself has written, with the provider EZSCALE/virtfusion.

The values of the files are made up; all else is as `terraform state pull` and `terraform show -json` printed it.
"""

from __future__ import annotations

import codecs
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel
from tests.commands.conftest import KEY, Command, Program
from tests.commands.test_from_terraform import resource, server, written

STATES = Path(__file__).parent / "terraform"
PROVIDER = 'provider["registry.terraform.io/ezscale/virtfusion"]'


def state_of(name: str) -> Any:
    return json.loads((STATES / name).read_text())


def instances(state: Any, kind: str, provider: str | None = None) -> list[dict[str, Any]]:
    """The attributes of a state's objects of a kind."""
    return [
        instance["attributes"]
        for one in state["resources"]
        if one["type"] == kind and provider in (None, one["provider"])
        for instance in one["instances"]
    ]


def make_panel(panel: RunningPanel, state: Any, provider: str | None = None) -> None:
    """What Terraform had made at the panel of one provider of a state; other ids are the administrator's."""
    client = VirtFusion(panel.origin, panel.token)
    for number, name in enumerate(("Ada", "Bob"), 1001):
        client.users.create(name=name, email=f"{name.lower()}@example.com", ext_relation_id=number)
    for key in instances(state, "virtfusion_ssh", provider):
        client.ssh_keys.create(user_id=key["user_id"], name=key["name"], public_key=key["public_key"])
    servers = {one["id"]: one for one in instances(state, "virtfusion_server", provider)}
    for id_ in range(1, max(servers) + 1):
        one = servers.get(id_, {"package_id": 5, "user_id": 1, "hypervisor_id": 1, "memory": None})
        client.servers.create(
            package_id=one["package_id"],
            user_id=one["user_id"],
            hypervisor_group_id=one["hypervisor_id"],
            memory=one["memory"],
        )
    for build in instances(state, "virtfusion_build", provider):
        arguments = {"operating_system_id": build["osid"], "ssh_keys": build["ssh_keys"], "ipv6": build["ipv6"]}
        client.servers.build(build["server_id"], name=build["name"], hostname=build["hostname"], **arguments)
    panel.advance(60)
    panel.clear_requests()


def left_out(text: str) -> list[str]:
    return re.findall(r"^# (.* is not in here: .*)$", text, re.MULTILINE)


def test_count_for_each_and_modules_come_up_with_gets_alone(
    virtfusion: Command, program: Program, panel: RunningPanel
) -> None:
    state = state_of("shapes.tfstate")
    make_panel(panel, state)
    before = panel.state()
    result = virtfusion("from-terraform", str(STATES / "shapes.tfstate"))
    assert result.exit_code == 0, result.stderr
    stack = program(result.stdout)
    stack.up()
    assert (stack.changed, panel.state()) == ([], before)
    held = {name: one["id"] for name, one in stack.resources().items() if one["type"].endswith(":Server")}
    assert held == {
        "web-0": "9", "web-1": "8", "web-2": "3", "named-db-1": "1", "named-mail": "4",
        "eu-ams-node-0": "6", "eu-ams-node-1": "7", "eu-fra-node-0": "5", "eu-fra-node-1": "2",
    }  # fmt: skip
    assert stack.preview_steps() == []
    stack.refresh("--expect-no-changes")


def test_the_addresses_of_terraform_stay_and_can_be_let_go(virtfusion: Command, panel: RunningPanel) -> None:
    make_panel(panel, state_of("shapes.tfstate"))
    text = virtfusion("from-terraform", str(STATES / "shapes.tfstate")).stdout
    assert '    # virtfusion_server.web[1], virtfusion_build.web[1]\n    "web-1": 8,\n' in text
    assert '# virtfusion_server.named["db \\"1\\""]\nnamed_db_1 = virtfusion.Server(' in text
    assert '    # module.eu["fra"].virtfusion_server.node[0]\n' in text
    assert text.count("virtfusion.ServerBuild(") == 1
    removed = re.findall(r"^# terraform state rm (.*)$", text, re.MULTILINE)
    assert len(removed) == 13
    assert {"virtfusion_ssh.admin", "'module.eu[\"ams\"].virtfusion_server.node[1]'"} < set(removed)
    assert '\'virtfusion_server.named["db \\"1\\""]\'' in removed


def test_what_terraform_shows_and_redirects_is_the_same(
    virtfusion: Command, panel: RunningPanel, tmp_path: Path
) -> None:
    make_panel(panel, state_of("shapes.tfstate"))
    pulled = virtfusion("from-terraform", str(STATES / "shapes.tfstate")).stdout
    assert sorted(virtfusion("from-terraform", str(STATES / "shapes.show.json")).stdout.splitlines()) == sorted(
        pulled.splitlines()
    )
    # As PowerShell redirects a text into a file.
    (file := tmp_path / "state").write_bytes(
        codecs.BOM_UTF16_LE + (STATES / "shapes.tfstate").read_text().encode("utf-16-le")
    )
    assert virtfusion("from-terraform", str(file)).stdout == pulled


def test_opentofu_is_let_go_with_its_own_command(virtfusion: Command, panel: RunningPanel, tmp_path: Path) -> None:
    state = state_of("shapes.tfstate")
    make_panel(panel, state)
    text = (STATES / "shapes.tfstate").read_text().replace("registry.terraform.io", "registry.opentofu.org")
    output = tmp_path / "__main__.py"
    result = virtfusion("from-terraform", written(tmp_path, text), "--output", str(output))
    assert output.read_text().count("\n# tofu state rm ") == result.stderr.count("\ntofu state rm ") == 13
    assert "terraform state rm" not in output.read_text()


def test_what_terraform_had_not_finished_is_said(
    virtfusion: Command, program: Program, panel: RunningPanel, tmp_path: Path
) -> None:
    state = state_of("left_over.tfstate")
    make_panel(panel, state)
    state["resources"].append(resource("virtfusion_vps", "new", {"attributes": {"id": 1}}))
    result = virtfusion("from-terraform", written(tmp_path, state))
    text = result.stdout
    assert left_out(text) == [
        'virtfusion_server.named["mail"] is not in here: it is the deposed object 6a624bec, virtfusion_server 4 at the '
        "panel, which Terraform has replaced and not deleted yet. The next `terraform apply` deletes it; after a "
        "`terraform state rm` nobody does.",
        "virtfusion_vps.new is not in here: this command does not know its type, and leaves it to Terraform.",
    ]
    assert "Left out 2, named at the top of the program." in result.stderr
    tainted = text.partition("# virtfusion_server.web[1]\n")[2].splitlines()
    assert tainted[0] == "# Terraform held it for tainted and would have replaced it: look whether it is whole."
    assert "virtfusion_vps" not in text.partition("# After `pulumi up`")[2]
    ids = {one["id"] for one in _up(program(text)).values() if one["type"].endswith(":Server")}
    assert ids == {"1", "2", "3", "5", "6", "7", "8", "9", "10"}


def _up(stack: Any) -> dict[str, Any]:
    stack.up()
    assert stack.changed == []
    resources: dict[str, Any] = stack.resources()
    return resources


def test_each_provider_is_a_program_of_its_own(virtfusion: Command, panel: RunningPanel) -> None:
    make_panel(panel, state_of("aliases.tfstate"), f"{PROVIDER}.eu")
    file = str(STATES / "aliases.tfstate")
    unclear = virtfusion("from-terraform", file)
    assert (unclear.exit_code, unclear.stdout) == (2, "")
    assert f"objects of 2 providers: {PROVIDER} (1 objects); {PROVIDER}.eu (3 objects)" in unclear.stderr
    for name in ("eu", "virtfusion.eu", "ezscale/virtfusion.eu", f"{PROVIDER}.eu"):
        result = virtfusion("from-terraform", file, "--provider", name)
        assert (result.exit_code, result.stdout.count("terraform state rm")) == (0, 3), result.stderr
        assert "virtfusion_server.here" not in result.stdout
    wrong = virtfusion("from-terraform", file, "--provider", "us")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "The state has no provider that 'us' names; there are:" in wrong.stderr
    shown = virtfusion("from-terraform", str(STATES / "aliases.show.json"), "--provider", "eu")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "does not tell which provider has what" in shown.stderr


def test_the_other_panel_is_refused(virtfusion: Command, panel: RunningPanel) -> None:
    """The one of the alias `eu`, with what the default provider holds, which is server 11 of user 2."""
    make_panel(panel, state_of("aliases.tfstate"), PROVIDER)
    result = virtfusion("from-terraform", str(STATES / "aliases.tfstate"), "--provider", "eu")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Of 3 objects of the state that this panel has by their ids, 3 are others here:" in result.stderr
    assert "virtfusion_server.there: user_id is 1 at the panel, and 3 in the Terraform state" in result.stderr
    assert {request["method"] for request in panel.requests()} == {"GET"}


def test_two_panels_in_what_terraform_shows_are_seen_by_their_ids(
    virtfusion: Command, panel: RunningPanel, tmp_path: Path
) -> None:
    make_panel(panel, state_of("shapes.tfstate"))
    state = state_of("shapes.show.json")
    root = state["values"]["root_module"]
    root["resources"].append({**root["resources"][-2], "address": "virtfusion_server.there"})
    result = virtfusion("from-terraform", written(tmp_path, state))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "virtfusion_server.web[2] and virtfusion_server.there are both virtfusion_server 3" in result.stderr


def test_an_object_that_is_another_one_here_is_left_out(
    virtfusion: Command, panel: RunningPanel, tmp_path: Path
) -> None:
    """One of many: given away at the panel, or made anew there under the same id."""
    state = state_of("shapes.tfstate")
    make_panel(panel, state)
    client = VirtFusion(panel.origin, panel.token)
    client.servers.change_owner(9, 3)
    client.servers.modify_memory(8, 8192)
    text = virtfusion("from-terraform", written(tmp_path, state)).stdout
    assert left_out(text) == [
        "virtfusion_server.web[0] is not in here: it is another one at the panel. user_id is 3 at the panel, and 2 in "
        "the Terraform state. `virtfusion import` takes over what is there.",
        "virtfusion_build.web[0] is not in here: server 9 is another one at the panel.",
    ]
    assert "web[0]" not in text.partition("# After `pulumi up`")[2]
    assert "# memory is 8192 at the panel, and 2048 in the Terraform state.\n" in text
    assert "    memory=8192,\n" in text


def test_a_key_with_another_text_is_another_key(virtfusion: Command, panel: RunningPanel, tmp_path: Path) -> None:
    make_panel(panel, state_of("shapes.tfstate"))
    other = KEY.replace("IP3uQw1", "IP3uQw2")
    attributes = {"id": 1, "name": "admin@example.com", "public_key": other, "user_id": 2}
    state = {"version": 4, "resources": [resource("virtfusion_ssh", "mine", {"attributes": attributes})]}
    result = virtfusion("from-terraform", written(tmp_path, state))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "virtfusion_ssh.mine: public_key is 'ssh-ed25519 " in result.stderr


def test_an_object_that_is_twice_in_a_state_is_declared_once(
    virtfusion: Command, panel: RunningPanel, tmp_path: Path
) -> None:
    make_panel(panel, state_of("shapes.tfstate"))
    twice = [resource("virtfusion_server", name, {"attributes": server(1)}) for name in ("one", "same")]
    text = virtfusion("from-terraform", written(tmp_path, {"version": 4, "resources": twice})).stdout
    assert left_out(text) == [
        "virtfusion_server.same is not in here: virtfusion_server.one is virtfusion_server 1 too."
    ]


def test_a_uuid_is_one_server_however_it_is_spelled(virtfusion: Command, panel: RunningPanel, tmp_path: Path) -> None:
    make_panel(panel, state_of("shapes.tfstate"))
    uuid = VirtFusion(panel.origin, panel.token).servers.get(1).uuid
    spelled = {"one": uuid.lower(), "same": uuid.upper()}
    twice = [resource("virtfusion_server", name, {"attributes": {"id": id_}}) for name, id_ in spelled.items()]
    text = virtfusion("from-terraform", written(tmp_path, {"version": 4, "resources": twice})).stdout
    assert text.count("virtfusion.Server(") == 1
    assert left_out(text) == [
        f"virtfusion_server.same is not in here: virtfusion_server.one is virtfusion_server {uuid.lower()} too."
    ]


@pytest.mark.parametrize("shown", [False, True])
def test_objects_without_an_id_are_not_one_object(
    virtfusion: Command, panel: RunningPanel, tmp_path: Path, shown: bool
) -> None:
    make_panel(panel, state_of("shapes.tfstate"))
    state: Any = state_of("shapes.show.json") if shown else {"version": 4, "resources": []}
    listed = state["values"]["root_module"]["resources"] if shown else state["resources"]
    for name in ("a", "b"):
        instance = {"status": "tainted", "attributes": {**server(1), "id": None}}
        told = resource("virtfusion_server", name, instance)
        listed.append({**told, "address": f"virtfusion_server.{name}", "values": instance["attributes"]})
    result = virtfusion("from-terraform", written(tmp_path, state))
    assert result.exit_code == 0, result.stderr
    assert left_out(result.stdout) == [
        f"virtfusion_server.{name} is not in here: the state does not tell its id. Look for it at the panel: "
        "`virtfusion import` takes over what is there."
        for name in ("a", "b")
    ]


def saved_plan() -> bytes:
    with zipfile.ZipFile(plan := io.BytesIO(), "w") as file:
        file.writestr("tfplan", b"\n\x05")
    return plan.getvalue()


ENCRYPTED = {
    "serial": 4, "lineage": "3b1c0b6e", "meta": {"key_provider.pbkdf2.main": "eyJzYWx0Ijoi"},
    "encrypted_data": "bm90aGluZw==", "encryption_version": "v0",
}  # fmt: skip
POINTER = {"version": 3, "serial": 1, "lineage": "3b1c0b6e", "backend": {"type": "s3", "config": {}}}
OLD = {"version": 3, "modules": [{"path": ["root"], "resources": {"virtfusion_server.web": {"type": "x"}}}]}
LOG = '{"@level":"info","@message":"Terraform 1.11.4","type":"version"}\n{"@level":"info","type":"x"}\n'
CONFIGURATION = 'resource "virtfusion_server" "web" {\n  package_id = 1\n}\n'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (saved_plan(), "That is a saved plan, and no state."),
        ((STATES / "plan.show.json").read_bytes(), "That is a plan, and no state:"),
        ((STATES / "show.txt").read_bytes(), "That is what `terraform show` prints for people, and no state."),
        (json.dumps(ENCRYPTED).encode(), "That is an encrypted OpenTofu state, which only OpenTofu with its key can"),
        (json.dumps(POINTER).encode(), "That says where the state is (`.terraform/terraform.tfstate`)"),
        (json.dumps(OLD).encode(), "That is a state of version 3, from before Terraform 0.12"),
        (b'{"version": 5, "resources": []}', "That is a state of version 5, which this command does not know."),
        (LOG.encode(), "That is the log of a command with `-json`, and no state."),
        (CONFIGURATION.encode(), "That is a configuration, and no state."),
        (b"\x80\x81\xff", "neither a terraform.tfstate (version 4) nor what `terraform show -json` prints"),
    ],
)
def test_another_file_is_named_for_what_it_is(
    virtfusion: Command, panel: RunningPanel, tmp_path: Path, data: bytes, said: str
) -> None:
    (file := tmp_path / "file").write_bytes(data)
    result = virtfusion("from-terraform", str(file))
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert panel.requests() == []


@pytest.mark.parametrize("state", [{"format_version": "1.0"}, {"version": 4, "resources": []}])
def test_a_state_of_nothing_is_a_program_of_nothing(virtfusion: Command, tmp_path: Path, state: Any) -> None:
    result = virtfusion("from-terraform", written(tmp_path, state))
    assert (result.exit_code, result.stderr) == (0, "Declared: nothing.\n")
