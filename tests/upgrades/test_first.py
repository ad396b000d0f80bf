"""A stack of the first version goes on with this one: nothing changes by itself, and what is not known yet is added."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_virtfusion.resources import MODULES
from pulumi_virtfusion.sandbox import RunningPanel
from tests.doors import project_of
from tests.engine.begun import Begun
from tests.upgrades.recorded import HERE, import_state, panel_of

FIRST = HERE / "first"
COMPLETED = "its state was of an earlier version; from now on it remembers who the object is, and at which panel."


@pytest.fixture(scope="module")
def begun(
    tmp_path_factory: pytest.TempPathFactory, pulumi_home: Path, plugin_folder: Path
) -> Iterator[tuple[Begun, RunningPanel]]:
    with panel_of(FIRST) as panel:
        program, folder = (FIRST / "program.py").read_text(), tmp_path_factory.mktemp("first")
        (folder / "project").mkdir()
        (folder / "project" / "Pulumi.yaml").write_text(project_of(plugin_folder))
        stack = Begun(folder, program, panel, pulumi_home=pulumi_home)
        import_state(stack, FIRST)
        stack.keep()
        yield stack, panel


@pytest.fixture
def stack(begun: tuple[Begun, RunningPanel]) -> Begun:
    begun[0].begin_again()
    return begun[0]


@pytest.fixture
def panel(begun: tuple[Begun, RunningPanel]) -> RunningPanel:
    return begun[1]


def test_nothing_changes_and_drift_that_stood_in_the_inputs_destroys_nothing(stack: Begun) -> None:
    """The first version took drift for the program's words: then nobody can tell who has changed."""
    result = stack.preview("--expect-no-changes")
    for name, argument in (("moved", "hypervisor_group_id"), ("reinstalled", "operating_system_id")):
        (said,) = stack.said_of(name, result)
        assert said.startswith(f"warning: {argument}: the panel has 2, and the program says 1. The state is of an ear")
        assert "so nothing is planned" in said
    stack.up("--expect-no-changes")
    assert stack.changed == []
    # From now on the program's words are known: what it changes is carried out, and drift still is not.
    assert stack.preview_steps() == []
    stack.replace(
        (
            '"reinstalled", server_id=moved.id, operating_system_id=1',
            '"reinstalled", server_id=moved.id, operating_system_id=3',
        )
    )
    assert {(step.name, step.op) for step in stack.preview_steps()} >= {("reinstalled", "replace")}


def test_a_refresh_adds_who_everything_is_and_the_users_own_id(stack: Begun, panel: RunningPanel) -> None:
    before = panel.state()
    assert stack.resources()["user"]["id"] == "1001"
    result = stack.refresh()
    assert stack.changed == []
    assert panel.state() == before
    resources = stack.resources()
    for name, resource in resources.items():
        assert any(line.endswith(COMPLETED) for line in stack.said_of(name, result)), name
        assert resource["outputs"]["__identity"], name
    assert (resources["user"]["id"], resources["other"]["id"]) == ("2", "3")
    stack.preview("--expect-no-changes")
    stack.refresh("--expect-no-changes")
    stack.up("--refresh", "--expect-no-changes")
    assert stack.changed == []


def test_a_change_works_at_once_and_adds_who_it_is(stack: Begun) -> None:
    stack.replace(('name="web-1"', 'name="web-2"'), ('name="Bob"', 'name="Bobby"'), ("rulesets=[1]", "rulesets=[2]"))
    result = stack.up()
    assert sorted(stack.changed) == [
        "POST /servers/1/firewall/primary/rules", "PUT /servers/1/modify/name",
        "PUT /users/pulumi-5ff860bf1190596c/byExtRelation",
    ]  # fmt: skip
    assert COMPLETED in str(stack.said_of("server", result))
    assert stack.resources()["server"]["outputs"]["__identity"]
    stack.preview("--expect-no-changes")
    stack.refresh()
    stack.replace(("user_id=user.user_id, hypervisor_group_id=1", "user_id=user.user_id, hypervisor_group_id=2"))
    replaced = {step.name for step in stack.preview_steps() if step.op == "replace"}
    assert replaced == {"server", "build", "firewall", "addresses", "whitelist", "traffic", "xml", "server-action"}


@pytest.mark.long
def test_every_kind_of_it_moves_to_the_plug_in_and_nothing_changes(stack: Begun, panel: RunningPanel) -> None:
    assert {one["type"].rpartition(":")[2] for one in stack.resources().values()} >= MODULES.keys()
    before = panel.state()
    stack.environment["VIRTFUSION_DOOR"] = "native"
    result = stack.preview("--expect-no-changes")
    for name, argument in (("moved", "hypervisor_group_id"), ("reinstalled", "operating_system_id")):
        (said,) = stack.said_of(name, result)
        assert said.startswith(f"warning: {argument}: the panel has 2, and the program says 1. The state is of an ear")
    stack.up("--expect-no-changes")
    assert {one["type"].rpartition(":")[0] for one in stack.resources().values()} == {"virtfusion:index"}
    # What was not known yet is added as through the other door, and then everything can be changed.
    stack.refresh()
    assert panel.state() == before
    stack.preview("--expect-no-changes")
    stack.replace(('name="web-1"', 'name="web-2"'), ("rulesets=[1]", "rulesets=[2]"))
    stack.up()
    assert sorted(stack.changed) == ["POST /servers/1/firewall/primary/rules", "PUT /servers/1/modify/name"]
    assert stack.resources()["server"]["outputs"]["__identity"]


def test_a_stranger_under_a_number_is_not_touched(stack: Begun, panel: RunningPanel) -> None:
    panel.mutate("servers", 1, {"uuid": "11111111-2222-4333-8444-555555555555"})
    before = panel.state()
    for old, new in (('name="web-1"', 'name="web-2"'), ("rulesets=[1]", "rulesets=[2]"), ("quantity=1", "quantity=2")):
        stack.replace((old, new))
        assert "the panel has another object there than this stack knows: the server's UUID is" in str(
            stack.up(fails=True)
        )
        stack.replace((new, old))
    assert panel.state() == before


def test_everything_can_be_destroyed(stack: Begun, panel: RunningPanel) -> None:
    stack.destroy()
    assert panel.state()["servers"] == []
    assert [user["id"] for user in panel.state()["users"]] == [1]
