"""Programs through the plug-in on the real engine."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pulumi_virtfusion.providers.native.imports import MARK, UNMATCHED
from pulumi_virtfusion.sandbox import RunningPanel, running
from tests.engine.interruption import hosts_of
from tests.engine.panel_stack import PanelStack
from tests.engine.test_every_life import CANNOT_BE_READ
from tests.engine.test_every_life import PROGRAM as EVERY_KIND
from tests.examples.languages import needs
from tests.native.conftest import TOKEN, Program

SMALL = """
import pulumi
import pulumi_virtfusion as virtfusion

ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=7)
web = virtfusion.Server("web", package_id=1, user_id=ada.user_id, hypervisor_group_id=1)
build = virtfusion.ServerBuild("build", server_id=web.id, operating_system_id=1, triggers={"server_id": [1]})
pulumi.export("address", web.primary_ipv4)
pulumi.export("id", web.server_id)
pulumi.export("triggers", build.triggers)
pulumi.export("password", build.password)
"""
YAML = """
variables:
  small:
    fn::invoke: {function: "virtfusion:getPackage", arguments: {name: Small}}
resources:
  ada:
    type: virtfusion:User
    properties: {name: Ada, email: ada@example.com, extRelationId: 7}
  web:
    type: virtfusion:Server
    properties: {packageId: "${small.packageId}", userId: "${ada.id}", hypervisorGroupId: 1}
  build:
    type: virtfusion:ServerBuild
    properties: {serverId: "${web.id}", operatingSystemId: 1, triggers: {server_id: 1}}
outputs: {address: "${web.primaryIpv4}", password: "${build.password}"}
"""

TAKEOVER = """
resources:
  web:
    type: virtfusion:Server
    properties: {{packageId: 1, hypervisorGroupId: 1, userId: {owner}}}
    options: {{import: "1"}}
"""


@pytest.fixture(scope="session")
def _yaml() -> None:
    needs("pulumi-language-yaml")


def types(stack: PanelStack) -> set[str]:
    return {resource["type"].rpartition(":")[0] for resource in stack.resources().values()}


def forget_all(stack: PanelStack) -> None:
    """Take everything out of the state; at the panel it stays."""
    state = stack.export()
    state["deployment"]["resources"] = []
    restore(stack, state)


def restore(stack: PanelStack, state: dict[str, Any]) -> None:
    file = stack.folder / "state.json"
    file.write_text(json.dumps(state))
    stack.run("stack", "import", "--force", "--file", str(file))
    file.unlink()


def in_yaml(stack: PanelStack, text: str) -> None:
    """Make this the project's program, in place of the Python one."""
    (stack.project / "__main__.py").unlink(missing_ok=True)
    project = stack.project / "Pulumi.yaml"
    head = project.read_text().replace("runtime: python", "runtime: yaml").partition("\nresources:")[0]
    project.write_text(head.partition("\nvariables:")[0] + "\n" + text)


def test_a_program_lives_through_the_plug_in(program: Program) -> None:
    stack = program(SMALL)
    stack.up()
    outputs = stack.outputs()
    assert (outputs["id"], outputs["triggers"]) == (1, {"server_id": [1]})
    assert types(stack) == {"virtfusion:index"}
    assert stack.preview_steps() == []
    assert stack.asked == []
    stack.replace(("package_id=1", "package_id=2"))
    (step,) = stack.preview_steps()
    assert (step.name, step.op, set(step.detailed_diff)) == ("web", "update", {"packageId"})
    stack.up()
    assert stack.changed == ["PUT /servers/1/package/2"]
    assert stack.counts(stack.refresh()) == {"unchanged": 4}
    stack.destroy()
    assert stack.resources() == {}


@pytest.mark.usefixtures("_yaml")
def test_a_program_in_yaml_lives_as_well(program: Program) -> None:
    stack = program("")
    in_yaml(stack, YAML)
    stack.up()
    assert len(stack.outputs()["password"]) >= 8
    assert stack.preview_steps() == []
    in_yaml(stack, YAML.replace("Small", "Medium"))
    stack.up()
    assert stack.changed == ["PUT /servers/1/package/2"]
    assert stack.counts(stack.refresh()) == {"unchanged": 4}
    stack.destroy()
    assert stack.resources() == {}


@pytest.mark.usefixtures("_yaml")
def test_a_token_in_plain_is_warned_of_once_in_every_language(program: Program, running_sandbox: RunningPanel) -> None:
    stack = program("")
    plain = "marked-token-in-plain"
    running_sandbox.add_token(plain)
    for name in ("VIRTFUSION_TOKEN", "VIRTFUSION_DOOR"):
        del stack.environment[name]
    stack.config("virtfusion:token", plain)
    in_yaml(stack, YAML)
    warning = "virtfusion:token is in plain in the stack's configuration"
    made = stack.up()
    assert made.stdout.rpartition("Diagnostics:")[2].count(warning) == 1
    assert plain not in json.dumps(stack.export())
    assert plain not in str(made)
    stack.config("virtfusion:token", plain, secret=True)
    assert warning not in str(stack.preview())


def test_a_stack_of_every_kind_moves_to_the_plug_in_and_back(program: Program) -> None:
    stack = program(EVERY_KIND, door="dynamic")
    stack.up()
    before = stack.export()
    stack.environment["VIRTFUSION_DOOR"] = "native"
    stack.preview("--expect-no-changes")
    assert stack.asked == []
    stack.up("--expect-no-changes")
    assert (stack.changed, types(stack)) == ([], {"virtfusion:index"})
    # The switch forgotten: nothing is planned anew.
    stack.environment["VIRTFUSION_DOOR"] = "dynamic"
    refused = stack.preview(fails=True).stdout
    assert "The state of this resource is the plug-in's" in refused
    assert "create" not in refused
    # And back, by the state of before.
    moved = stack.export()
    restore(stack, before)
    stack.preview("--expect-no-changes")
    # Of what has moved, everything can be changed.
    restore(stack, moved)
    stack.environment["VIRTFUSION_DOOR"] = "native"
    stack.replace(("changed = False", "changed = True"))
    stack.up()
    assert stack.preview_steps() == []
    assert set(stack.counts(stack.refresh())) == {"unchanged"}


@pytest.mark.long
@pytest.mark.usefixtures("_yaml")
def test_every_kind_that_can_be_read_is_imported_and_its_code_changes_nothing(program: Program) -> None:
    stack = program(EVERY_KIND)
    stack.up()
    ids = {name: one["id"] for name, one in stack.resources().items() if name not in CANNOT_BE_READ}
    forget_all(stack)
    wanted = [
        {"type": f"virtfusion:index:{kind}", "name": kind, "id": id_} for kind, id_ in {**ids, "User": "7"}.items()
    ]
    (stack.folder / "wanted.json").write_text(json.dumps({"resources": wanted}))
    in_yaml(stack, "")
    code = stack.folder / "code.yaml"
    stack.run("import", "--yes", "--protect=false", "--file", str(stack.folder / "wanted.json"), "--out", str(code))
    assert stack.changed == []
    in_yaml(stack, code.read_text())
    for _ in range(2):
        stack.preview("--expect-no-changes")
        stack.up("--expect-no-changes")
        assert stack.changed == []
        assert set(stack.counts(stack.refresh())) == {"unchanged"}


@pytest.mark.long
def test_a_program_can_be_imported_by_the_ids_alone(program: Program) -> None:
    """`preview --import-file` asks for the ids; what the panel never tells is taken from the program."""
    stack = program(SMALL)
    stack.up()
    ids = {name: one["id"] for name, one in stack.resources().items()}
    forget_all(stack)
    file = stack.folder / "import.json"
    stack.preview("--import-file", str(file))
    wanted = json.loads(file.read_text())
    for one in wanted["resources"]:
        one["id"] = {**ids, "ada": "7"}.get(one["name"], one.get("id"))
    file.write_text(json.dumps(wanted))
    stack.run("import", "--yes", "--protect=false", "--generate-code=false", "--file", str(file))
    assert stack.changed == []
    marks = [one["inputs"].keys() & {MARK, UNMATCHED} for one in stack.resources().values()]
    assert marks == [{MARK}] * 3  # a person's import is told from a program's
    stack.preview("--expect-no-changes")
    stack.up("--expect-no-changes")
    assert stack.changed == []


def test_an_import_option_takes_over_what_the_program_describes(program: Program) -> None:
    stack = program(SMALL)
    stack.up()
    forget_all(stack)
    stack.replace(
        ("ext_relation_id=7)", 'ext_relation_id=7, opts=pulumi.ResourceOptions(import_="7"))'),
        ("hypervisor_group_id=1)", 'hypervisor_group_id=1, opts=pulumi.ResourceOptions(import_="1"))'),
        ('"build", server_id', '"build", opts=pulumi.ResourceOptions(import_="1"), server_id'),
    )
    stack.replace(('name="Ada"', 'name="Grace"'))
    assert "name is 'Ada' at the panel and 'Grace' in the program" in stack.preview(fails=True).stdout
    stack.replace(('name="Grace"', 'name="Ada"'))
    assert "takes over server 1 (made" in stack.up().stdout
    assert stack.changed == []
    assert stack.preview_steps() == []


@pytest.mark.long
@pytest.mark.usefixtures("_yaml")
def test_a_refused_import_of_a_program_in_yaml_is_refused_again(program: Program) -> None:
    stack = program(SMALL)
    stack.up()
    forget_all(stack)
    for owner, said in [(1, "user_id is 2 at the panel and 1 in the program")] * 2 + [(2, "takes over server 1 (made")]:
        in_yaml(stack, TAKEOVER.format(owner=owner))
        assert said in stack.up(fails=owner == 1).stdout
        assert stack.changed == []


def test_the_plug_in_ends_with_a_killed_cli(program: Program) -> None:
    cli = program(SMALL).start("up", "--yes", "--skip-preview")
    wait_for(lambda: bool(hosts_of(cli)))
    (plug_in,) = hosts_of(cli)
    os.killpg(cli.pid, signal.SIGKILL)
    cli.communicate()
    wait_for(lambda: not Path(f"/proc/{plug_in}").exists())


def wait_for(is_so: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.2)


BEFORE_A_MOVE = """
import pulumi
import pulumi_virtfusion as virtfusion
from pulumi import Alias, ResourceOptions

ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=7)
web = virtfusion.Server(
    "old", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, package_change={"primary_disk_size": False},
    opts=ResourceOptions(parent=ada, ignore_changes=["hypervisor_group_id", "package_change.primary_disk_size"]),
)
system = virtfusion.ServerBuild("system", server_id=web.id, operating_system_id=1, opts=ResourceOptions(parent=web))
shop = virtfusion.Vps(
    "shop", package_id=1, hypervisor_group_id=1, user_id=ada.user_id, operating_system_id=1,
    opts=ResourceOptions(ignore_changes=["operating_system_id"]),
)
deed = virtfusion.ServerAction("deed", server_id=shop.server_id, action="restart", triggers=[web.state])
got = virtfusion.Server.get("got", web.id)
pulumi.export("owner", got.user_id)
"""


@pytest.mark.long
def test_options_and_outputs_mean_the_same_after_a_move(program: Program, running_sandbox: RunningPanel) -> None:
    stack = program(BEFORE_A_MOVE, door="dynamic")
    stack.up()
    stack.environment["VIRTFUSION_DOOR"] = "native"
    stack.replace(
        ('"old", package_id', '"new", package_id'),
        ("ResourceOptions(parent=ada,", 'ResourceOptions(parent=ada, aliases=[Alias(name="old")],'),
        ("hypervisor_group_id=1, package_change", "hypervisor_group_id=2, package_change"),
        ('"primary_disk_size": False', '"primary_disk_size": True'),
        ("user_id=ada.user_id, operating_system_id=1", "user_id=ada.user_id, operating_system_id=2"),
    )
    said = stack.up("--expect-no-changes").stdout
    assert stack.changed == []
    assert "left out" not in said
    assert stack.counts(stack.refresh()).keys() == {"unchanged"}
    # What the plug-in's own state has is ignored as well, and only what the preview shows is done.
    stack.replace(('"new", package_id=1', '"new", package_id=2'))
    planned = {step.name for step in stack.preview_steps()}
    stack.up()
    (change,) = [one for one in running_sandbox.requests() if "/package/" in one["path"] and one["method"] == "PUT"]
    assert change["body"]["primaryDiskSize"] is False
    assert planned - {"got"} == {"new", "deed"}  # `web.state` was last read by the refresh


TWO_PANELS = """
import os
import pulumi
import pulumi_virtfusion as virtfusion

eu = virtfusion.Provider("eu", endpoint=os.environ["EU"], token="marked-token-eu-09", max_concurrency=4)
here = virtfusion.User("here", name="Ada", email="ada@example.com", ext_relation_id=7)
there = virtfusion.User(
    "there", name="Ada", email="ada@example.com", ext_relation_id=7, opts=pulumi.ResourceOptions(provider=eu)
)
shop = virtfusion.Vps(
    "shop", package_id=1, hypervisor_group_id=1, user_id=here.user_id, operating_system_id=1,
    opts=pulumi.ResourceOptions(ignore_changes=["package_id"]),
)
package = virtfusion.get_package_output(name="Small", opts=pulumi.InvokeOptions(provider=eu))
pulumi.export("address", shop.address)
pulumi.export("memory", package.memory)
"""


@pytest.fixture
def eu() -> Iterator[RunningPanel]:
    with running(token="marked-token-eu-09", build_seconds=0.1) as panel:
        yield panel


@pytest.mark.long
def test_two_panels_and_a_component(program: Program, eu: RunningPanel, running_sandbox: RunningPanel) -> None:
    stack = program(TWO_PANELS, EU=eu.origin)
    stack.up()
    assert [user["email"] for user in eu.state()["users"] if user["email"] == "ada@example.com"] == ["ada@example.com"]
    assert len(running_sandbox.state()["servers"]) == 1
    assert stack.outputs()["memory"] == 1024
    assert stack.files_with("marked-token-eu-09") == []
    stack.replace(("package_id=1", "package_id=2"))
    assert stack.preview_steps() == []  # the option names an argument of a part
    stack.destroy()
    assert [user for user in eu.state()["users"] if user["email"] == "ada@example.com"] == []


def test_no_run_looks_for_a_plug_in_elsewhere(program: Program) -> None:
    stack = program(SMALL)
    del stack.environment["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"]
    for door in ("native", "dynamic"):
        stack.environment["VIRTFUSION_DOOR"] = door
        # The engine's own log may tell a token: it is looked at here, and kept nowhere.
        preview = stack.start("preview", "-v=9", "--logtostderr")
        printed, log = preview.communicate(timeout=120)
        assert preview.returncode == 0, printed
        assert "virtfusion" in log
        assert re.findall(r"plugin download url|releases url|attempting to download|get\.pulumi\.com", log) == []


def test_the_cli_binds_the_schema(plugin_folder: Path, program: Program) -> None:
    stack = program("")
    told = json.loads(stack.run("package", "get-schema", str(plugin_folder / "pulumi-resource-virtfusion")).stdout)
    assert "virtfusion:index:Server" in told["resources"]


def test_a_token_of_the_environment_is_in_no_state_and_found_all_the_same(program: Program) -> None:
    """`refresh` and `destroy` take what a state holds; what is in the environment alone, they read there."""
    stack = program(SMALL)
    stack.up()
    assert TOKEN not in json.dumps(stack.export())
    assert stack.counts(stack.refresh()) == {"unchanged": 4}
    stack.destroy()
