"""What fails half-way is kept and repaired, what is in doubt is asked about, and nothing is made twice."""

from __future__ import annotations

import pytest

from pulumi_virtfusion.api.names import snake_case
from pulumi_virtfusion.sandbox import RunningPanel
from tests.doors import both_doors
from tests.engine.conftest import Program

PROGRAM = """
import pulumi
import pulumi_virtfusion as virtfusion

ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001)
web = virtfusion.Server(
    "web", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, name="web", cpu_throttle=10
)
system = virtfusion.ServerBuild("system", server_id=web.id, operating_system_id=1)
"""


@both_doors
def test_a_server_whose_later_step_failed_is_kept_and_repaired(program: Program, panel: RunningPanel) -> None:
    refusal = {"errors": ["The name is reserved."]}
    panel.fault(method="PUT", path="/servers/1/modify/name", status=422, body=refusal, times=None)
    stack = program(PROGRAM)
    failed = stack.up(fails=True)
    assert stack.said_of("web", failed) == [
        "error: 1 error occurred:",
        f"* name: PUT /servers/1/modify/name answered 422: The name is reserved. Panel: {panel.origin}.",
    ]
    resources = stack.resources()
    assert "name: " in resources["web"]["initErrors"][0]
    outputs = {snake_case(name): value for name, value in resources["web"]["outputs"].items()}
    assert (resources["web"]["id"], outputs["cpu_throttle"]) == ("1", 10)
    # Nothing that depends on it was begun.
    assert "system" not in resources
    assert "POST /servers/1/build" not in stack.changed

    # It fails again as long as the reason lasts, and never makes a second server.
    assert "The name is reserved." in str(stack.up(fails=True))
    assert stack.changed == ["PUT /servers/1/modify/name"]

    panel.clear_faults()
    assert ("update", "web") in [(step.op, step.name) for step in stack.preview_steps()]
    stack.up()
    assert stack.changed == ["PUT /servers/1/modify/name", "POST /servers/1/build"]
    assert "initErrors" not in stack.resources()["web"]
    (server,) = panel.state()["servers"]
    assert (server["name"], server["state"]) == ("web", "complete")
    assert stack.preview_steps() == []


@pytest.mark.long
def test_an_update_that_fails_half_way_goes_on_where_it_stopped(program: Program, panel: RunningPanel) -> None:
    stack = program(PROGRAM)
    stack.up()
    panel.fault(method="PUT", path="cpuThrottle", status=422, body={"errors": ["Not now."]})
    stack.replace(('name="web", cpu_throttle=10', 'name="shop", cpu_throttle=20'))
    text = str(stack.up(fails=True))
    assert "cpu_throttle: " in text
    assert "Not now." in text
    assert stack.changed == ["PUT /servers/1/modify/name", "PUT /servers/1/modify/cpuThrottle"]
    (step,) = stack.preview_steps()
    assert (step.op, step.name) == ("update", "web")
    stack.up()
    assert stack.changed == ["PUT /servers/1/modify/cpuThrottle"]
    assert stack.preview_steps() == []


def test_a_failed_build_fails_the_update_and_is_done_again(program: Program, panel: RunningPanel) -> None:
    stack = program(PROGRAM)
    stack.replace(("operating_system_id=1", "operating_system_id=9"))
    said = stack.said_of("system", stack.up(fails=True))
    assert said[0] == "error: 1 error occurred:"
    assert said[1].startswith("* The build of server 1 failed, with operating system 9")
    assert len(said) == 2
    assert stack.resources()["system"]["initErrors"]
    # A refresh warns of it, and does not make the next `up` forget it.
    assert "unhealthy state" in str(stack.refresh())
    (reason,) = stack.resources()["system"]["initErrors"]
    assert reason.startswith("The build of server 1 failed")
    assert [(step.op, step.name) for step in stack.preview_steps()] == [("update", "system")]
    panel.mutate("templates", 9, {"failing": False})
    stack.up()
    assert stack.changed == ["POST /servers/1/build"]
    assert panel.state()["servers"][0]["state"] == "complete"
    assert stack.preview_steps() == []


@both_doors
def test_a_lost_answer_to_a_create_is_explained_with_the_line_that_takes_the_object_over(
    program: Program, panel: RunningPanel
) -> None:
    stack = program(PROGRAM)
    panel.fault(method="POST", path="^/servers$", when="after", close=True)
    text = str(stack.up(fails=True))
    (server,) = panel.state()["servers"]
    assert [asked for asked in stack.changed if asked == "POST /servers"] == ["POST /servers"]
    line = f'opts=pulumi.ResourceOptions(import_="{server["id"]}")'
    assert f"Server {server['id']} (" in text
    assert f"may be it: to take it over, add {line}." in text

    # The line works as it stands; what the create had not come to yet is declared afterwards.
    stack.replace(('name="web", cpu_throttle=10\n', f"{line}\n"))
    stack.up()
    assert stack.changed == ["POST /servers/1/build"]
    assert len(panel.state()["servers"]) == 1


def test_a_user_and_a_key_are_recognised_after_a_lost_answer(program: Program, panel: RunningPanel) -> None:
    stack = program("""
import pulumi
import pulumi_virtfusion as virtfusion

ada = virtfusion.User("ada", name="Ada", email="ada@example.com")
key = virtfusion.SshKey(
    "key", user_id=ada.user_id, name="laptop",
    public_key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp",
)
""")
    panel.fault(method="POST", path="^/users$", when="after", close=True)
    panel.fault(method="POST", path="^/ssh_keys$", when="after", status=500, body="<html>oops</html>")
    made = stack.up()
    assert stack.changed == ["POST /users", "POST /ssh_keys"]
    assert "the generated password" in made.stdout
    state = panel.state()
    assert (len(state["users"]), len(state["ssh_keys"])) == (2, 1)
    assert stack.preview_steps() == []


def test_a_panel_that_cannot_be_reached_is_one_sentence(program: Program) -> None:
    stack = program(
        PROGRAM,
        environment={
            "VIRTFUSION_ENDPOINT": "http://127.0.0.1:9",
            "VIRTFUSION_TOKEN": "no-token-of-any-panel",
            "VIRTFUSION_OPERATION_TIMEOUT": "2",
        },
    )
    (error,) = stack.said_of("ada", stack.up(fails=True))
    assert error.startswith(
        "error: POST /users could not reach the panel http://127.0.0.1:9: Connection refused. Nothing was sent."
    )
    assert "ada" not in stack.resources()
