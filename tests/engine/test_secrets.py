"""Passwords and the token are never in plain where somebody else might read them."""

from __future__ import annotations

import json

import pytest

from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.conftest import TOKEN, Program

PROGRAM = """
import pulumi
import pulumi_virtfusion as virtfusion

ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001)
web = virtfusion.Server("web", package_id=1, user_id=ada.user_id, hypervisor_group_id=1)
system = virtfusion.ServerBuild("system", server_id=web.id, operating_system_id=1, hostname="web.example.com")
pulumi.export("user_password", ada.password)
pulumi.export("root_password", system.password)
pulumi.export("login", pulumi.Output.concat("root:", system.password))
"""


def test_no_secret_comes_out_in_plain(program: Program, panel: RunningPanel) -> None:
    stack = program(PROGRAM, environment={})
    stack.configure()
    stack.environment["PULUMI_DEBUG_COMMANDS"] = "true"  # which make the CLI take --event-log
    events = stack.folder / "events.json"
    made = stack.up("--event-log", str(events))
    assert "resOutputsEvent" in events.read_text()

    outputs = stack.outputs()
    passwords = {outputs["user_password"], outputs["root_password"]}
    assert len(passwords) == 2
    assert all(len(password) >= 8 for password in passwords)
    assert outputs["login"] == f"root:{outputs['root_password']}"

    shown = [made, stack.run("stack", "output"), stack.run("stack", "output", "--json"), stack.run("stack", "export")]
    panel.mutate("users", 2, {"name": "Eve"})
    stack.replace(("operating_system_id=1", "operating_system_id=2"))
    shown += [stack.preview("--json", "--refresh"), stack.preview("--diff", "--refresh"), stack.refresh("--diff")]
    shown += [stack.up("--diff", "--event-log", str(events))]
    passwords.add(stack.outputs()["root_password"])
    assert len(passwords) == 3
    for password in passwords:
        assert [str(result) for result in shown if password in result.stdout + result.stderr] == []
        assert stack.files_with(password) == []
    assert stack.files_with(TOKEN) == []
    assert made.stdout.count("[secret]") == 3

    state = stack.export()["deployment"]["resources"]
    kept = {resource["urn"].rpartition("::")[2]: resource.get("outputs", {}) for resource in state}
    assert "ciphertext" in kept["system"]["password"]
    assert "ciphertext" in kept["ada"]["password"]
    (provider,) = [resource for resource in state if resource["type"] == "pulumi:providers:pulumi-python"]
    assert "ciphertext" in json.dumps(provider["inputs"]["virtfusion:token"])

    # A password outlives a refresh and an update: the panel tells it only once.
    stack.replace(('name="Ada"', 'name="Ada L."'))
    stack.up()
    stack.refresh()
    assert stack.outputs()["user_password"] in passwords


def test_an_error_shows_neither_the_token_nor_a_password(program: Program, panel: RunningPanel) -> None:
    panel.fault(path="/users", status=500, body=f"<html>Authorization: Bearer {TOKEN}</html>", times=None)
    stack = program(PROGRAM)
    failed = stack.up(fails=True)
    assert TOKEN not in failed.stdout + failed.stderr
    assert "/users" in failed.stdout + failed.stderr


@pytest.mark.long
def test_a_rotated_token_says_what_to_do(program: Program, panel: RunningPanel) -> None:
    panel.add_token("the-old-token-3c1")
    stack = program(PROGRAM, environment={})
    stack.configure(token="the-old-token-3c1")
    stack.up()
    panel.sandbox.tokens.forget_added()
    stack.config("virtfusion:token", TOKEN, secret=True)
    refused = str(stack.refresh(fails=True))
    assert "401" in refused
    assert "--run-program" in refused
    stack.refresh("--run-program")
    assert {request.status for request in stack.requests} == {200}
    # Neither is a new token a change of anything.
    assert stack.preview_steps() == []
    stack.destroy("--run-program")
    assert panel.state()["servers"] == []


def test_a_program_without_settings_says_how_to_give_them(program: Program) -> None:
    stack = program(PROGRAM, environment={})
    (error,) = stack.said_of("ada", stack.up(fails=True))
    assert "virtfusion:endpoint is not set: run `pulumi config set virtfusion:endpoint ...`" in error
