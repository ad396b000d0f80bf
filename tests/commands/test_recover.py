"""`virtfusion recover` beside real stacks: runs that were killed, made by taking pieces of a state back."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel
from tests.commands.conftest import KEY, TOKEN, Beside, Program
from tests.doors import both_doors
from tests.engine.panel_stack import PanelStack

PROGRAM = f"""
import pulumi
import pulumi_virtfusion as virtfusion

ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001)
key = virtfusion.SshKey("key", user_id=ada.user_id, name=pulumi.Output.secret("marked-name"), public_key="{KEY}")
web = virtfusion.Server("web", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, name="web", vnc=True)
system = virtfusion.ServerBuild("web", server_id=web.id, operating_system_id=1, ssh_keys=[key.id])
more = virtfusion.ServerIpv4Addresses("more", server_id=web.id, interface="primary", quantity=2)
firewall = virtfusion.ServerFirewall("web", server_id=web.id, interface="primary", rulesets=[1], enabled=True)
entry = virtfusion.NetworkWhitelistEntry("entry", server_id=web.id, interface="primary", ip="192.0.2.1", cidr=32)
block = virtfusion.TrafficBlock("block", server_id=web.id, month=1, amount=10)
xml = virtfusion.ServerCustomXml("web", server_id=web.id, domain="<a/>", domain_enabled=True)
profile = virtfusion.HourlyGroupProfile("hourly", relation=ada.relation, profile_id=1)
pack = virtfusion.ResourcePack("pack", relation=ada.relation, pack_id=1)
"""
AGAIN = "Now run the interrupted command again."
COUNTED = ("ServerBuild", "ServerIpv4Addresses", "NetworkWhitelistEntry", "TrafficBlock")
SETTINGS = ("ServerFirewall", "ServerCustomXml", "HourlyGroupProfile")
"""What is the same when it is made again."""
LOCK = '{"pid": 1, "username": "ada", "hostname": "laptop", "timestamp": "2026-11-24T10:17:38Z"}'


def checkpoint(stack: PanelStack) -> Path:
    (found,) = (stack.folder / "state").rglob("dev.json")
    return found


def rewrite(stack: PanelStack, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the stack's state as the backend keeps it, where a CLI has no command for it."""
    file = checkpoint(stack)
    kept = json.loads(file.read_text())
    change(kept["checkpoint"]["latest"])
    file.write_text(json.dumps(kept))


def kill_while_making(stack: PanelStack, *kinds: str, traceless: bool = False) -> None:
    """As if the run had been killed after the panel had made these and before the state heard of it.

    Without a trace, as when the provider was killed, the state says nothing at all of them.
    """

    def take_back(latest: dict[str, Any]) -> None:
        lost = [one for one in latest["resources"] if one["type"].rpartition(":")[2] in kinds]
        latest["resources"] = [one for one in latest["resources"] if one not in lost]
        for one in lost:
            del one["id"], one["outputs"]
        if not traceless:
            latest["pending_operations"] = [{"type": "creating", "resource": one} for one in lost]

    rewrite(stack, take_back)


def lock(stack: PanelStack) -> None:
    (folder,) = (stack.folder / "state").rglob("stacks")
    file = folder.parent / "locks" / "organization" / "program" / "dev" / "11111111-2222-3333-4444-555555555555.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(LOCK)


@pytest.fixture
def stack(program: Program) -> PanelStack:
    stack = program(PROGRAM)
    stack.up()
    stack.environment["VIRTFUSION_REQUEST_TIMEOUT"] = "8"
    return stack


def ids(stack: PanelStack) -> dict[str, str]:
    found = stack.export()["deployment"].get("resources", [])
    return {
        f"{one['type'].rpartition(':')[2]} {one['urn'].rpartition('::')[2]}": one["id"]
        for one in found
        if not one["type"].startswith("pulumi:")
    }


@both_doors
def test_a_killed_run_is_recovered_by_one_command(stack: PanelStack, beside: Beside, panel: RunningPanel) -> None:
    before, at_panel = ids(stack), panel.state()
    kill_while_making(stack, *COUNTED, *SETTINGS)
    lock(stack)
    assert "locked" in str(stack.up(fails=True))

    refused = beside(stack, "recover")
    assert refused.returncode == 1
    assert "Takes over traffic block 1/1 as TrafficBlock 'block'." in refused.stdout
    assert "no other run of the stack may be going on" in refused.stdout
    assert refused.stdout.endswith("Nothing was done; with --yes nobody is asked.\n")
    assert "locked" in str(stack.up(fails=True))

    torn = checkpoint(stack).with_name("dev.json.attrs")
    torn.write_text("")  # what a `kill -9` at the wrong moment leaves
    assert "failed to load checkpoint: EOF" in str(stack.up(fails=True))
    refused = beside(stack, "recover")
    assert (refused.returncode, torn.exists()) == (1, True)
    assert f"{torn} is empty, since Pulumi was killed while it wrote it" in refused.stdout

    panel.clear_requests()
    done = beside(stack, "recover", "--yes")
    assert {request["method"] for request in panel.requests()} == {"GET"}
    assert done.returncode == 0, done.stdout + done.stderr
    torn_line, *lines = done.stdout.splitlines()
    assert torn_line.startswith(str(torn))
    assert sorted(lines) == [
        "Deleted it.",
        AGAIN,
        "Refreshing the stack: its state follows what the panel has.",
        "Took over IPv4 addresses 1/primary/198.51.100.3 as ServerIpv4Addresses 'more'.",
        "Took over custom XML 1 as ServerCustomXml 'web'.",
        "Took over firewall 1/primary as ServerFirewall 'web'.",
        "Took over hourly group profile 1001/1 as HourlyGroupProfile 'hourly'.",
        "Took over server 1 as ServerBuild 'web'.",
        "Took over traffic block 1/1 as TrafficBlock 'block'.",
        "Took over whitelist entry 1/primary/192.0.2.1 as NetworkWhitelistEntry 'entry'.",
        "Unlocked and refreshed the stack.",
    ]
    assert ids(stack) == before
    steps = {step.name: step.op for step in stack.preview_steps()}
    assert set(steps.values()) == {"update"}
    stack.up()
    # What the panel does not tell may not have been done.
    assert stack.changed == ["POST /servers/1/firewall/primary/rules"]
    assert stack.preview_steps() == []
    stack.destroy()
    assert panel.state()["servers"] == []
    assert at_panel["servers"]


def at_a_terminal(stack: PanelStack, answer: str) -> str:
    """What it prints when a person is asked and answers."""
    keyboard, terminal = pty.openpty()
    os.write(keyboard, f"{answer}\n".encode())
    command = [sys.executable, "-m", "pulumi_virtfusion", "recover"]
    done = subprocess.run(
        command, cwd=stack.project, env=stack.environment, stdin=terminal, capture_output=True, text=True, check=False
    )
    os.close(keyboard)
    os.close(terminal)
    return done.stdout + done.stderr


@both_doors
def test_servers_and_keys_are_recovered_and_their_secrets_stay_sealed(program: Program, panel: RunningPanel) -> None:
    lines = PROGRAM.splitlines()
    stack = program("\n".join(lines[:7]))
    stack.up()
    before = ids(stack)
    kill_while_making(stack, "Server", "SshKey")
    assert "Nothing was done" in at_a_terminal(stack, "n")
    printed = at_a_terminal(stack, "y")
    assert AGAIN in printed
    assert ids(stack) == before
    assert "marked-name" not in printed
    assert stack.files_with("marked-name") == []
    stack.up()
    assert stack.changed == ["POST /servers/1/vnc"]
    assert stack.preview_steps() == []
    assert len(panel.state()["servers"]) == 1


def test_what_left_no_trace_is_recovered_by_the_program(stack: PanelStack, beside: Beside, panel: RunningPanel) -> None:
    before = ids(stack)
    kill_while_making(stack, *COUNTED, "ResourcePack", traceless=True)
    # The run had made the server itself: nothing was there before.
    done = beside(stack, "recover", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "If the last run failed to make ResourcePack 'pack', first look whether it is there" in done.stdout
    assert ids(stack) == {name: id_ for name, id_ in before.items() if name != "ResourcePack pack"}
    stack.up()
    assert stack.changed == ["POST /selfService/resourcePack/byUserExtRelationId/1001"]
    assert [len(panel.state()[kind]) for kind in ("servers", "traffic_blocks", "addresses")] == [1, 1, 3]


@pytest.mark.long
def test_a_user_that_left_no_trace_is_recovered_by_the_program(program: Program, beside: Beside) -> None:
    stack = program("\n".join(PROGRAM.splitlines()[:5]))
    stack.up()
    kill_while_making(stack, "User", traceless=True)
    assert beside(stack, "recover", "--yes").returncode == 0
    assert ids(stack) == {"User ada": "2"}
    ada = stack.resources()["ada"]
    assert ada["inputs"]["__panel"] == stack.environment["VIRTFUSION_ENDPOINT"]
    assert ada["outputs"]["__identity"].keys() == {"user_id", "user_created"}


def test_what_nobody_can_tell_is_listed_and_the_rest_is_done(
    stack: PanelStack, beside: Beside, client: VirtFusion
) -> None:
    kill_while_making(stack, "TrafficBlock", "ResourcePack", "HourlyGroupProfile", "NetworkWhitelistEntry")
    client.servers.add_traffic_block(1, month=1, amount=10)
    client.servers.remove_whitelist_entry(1, interface="primary", ip="192.0.2.1")
    rewrite(stack, lambda latest: latest["pending_operations"].append(FOREIGN))
    done = beside(stack, "recover", "--yes")
    assert done.returncode == 1, done.stdout + done.stderr
    for line in [
        "Took over hourly group profile 1001/1 as HourlyGroupProfile 'hourly'.",
        "Forgot NetworkWhitelistEntry 'entry', which was being made: the panel has nothing of it.",
        "Look for urn:pulumi:dev::program::aws:s3/bucket:Bucket::logs, which was being made too.",
        "Not taken over, since nobody knows which is whose: traffic block 1/1, traffic block 1/2, "
        "for TrafficBlock 'block'.",
        "ResourcePack 'pack' may or may not be there: the API cannot list a user's packs. "
        "If it is there, before the next `pulumi up`:",
        '  take it over: add opts=pulumi.ResourceOptions(import_="<its id>")',
        "  or delete it: DELETE /selfService/resourcePack/{packId}",
        "  or delete it: DELETE /servers/1/traffic/blocks/2",
    ]:
        assert line in done.stdout.splitlines(), done.stdout
    assert AGAIN not in done.stdout
    assert "TrafficBlock block" not in ids(stack)


@pytest.mark.long
def test_where_the_state_tells_nothing_and_the_program_fails_nothing_was_looked_for(
    program: Program, beside: Beside
) -> None:
    stack = program("\n".join(PROGRAM.splitlines()[:5]))
    stack.up()
    stack.write("raise ValueError('no such thing')")
    done = beside(stack, "recover", "--yes")
    assert (done.returncode, AGAIN in done.stdout) == (2, False), done.stdout + done.stderr
    assert "Could not be looked at: what the last run was making, for the state does not say it" in done.stdout


def test_what_needs_what_the_state_lacks_could_not_be_looked_for(program: Program, beside: Beside) -> None:
    stack = program("\n".join(PROGRAM.splitlines()[:5]))
    stack.up()
    type_ = "pulumi-python:dynamic/virtfusion:SshKey"
    provider = next(one["provider"] for one in stack.resources().values())
    making: dict[str, Any] = {
        "urn": f"urn:pulumi:dev::program::{type_}::key", "type": type_, "custom": True, "provider": provider,
        "inputs": {"user_id": 2, "name": "laptop", "public_key": KEY},
    }  # fmt: skip
    facts: list[dict[str, Any]] = [{"dependencies": ["urn:gone"]}, {"provider": provider.replace("::default", "::eu")}]
    for lacking in facts:
        operations = [{"type": "creating", "resource": {**making, **lacking}}]
        rewrite(stack, partial(dict.update, pending_operations=operations))
        done = beside(stack, "recover", "--yes")
        assert done.returncode == 2, done.stdout + done.stderr
        assert "SshKey 'key' could not be looked for: the state does not hold" in done.stdout
        assert "look for it at the panel before the next `pulumi up`" in done.stdout
        assert "nothing of it" not in done.stdout
        assert AGAIN not in done.stdout


def lose_what_one_needs(stack: PanelStack) -> None:
    """The run was killed while it made a traffic block, and a key of whose owner the state says nothing."""
    kill_while_making(stack, "TrafficBlock", "SshKey")

    def lose(latest: dict[str, Any]) -> None:
        (key,) = (one["resource"] for one in latest["pending_operations"] if "SshKey" in one["resource"]["type"])
        key["dependencies"] = ["urn:gone"]

    rewrite(stack, lose)


def pending(stack: PanelStack) -> list[str]:
    operations = stack.export()["deployment"].get("pending_operations") or []
    return sorted(one["resource"]["urn"].rpartition("::")[2] for one in operations)


@pytest.mark.long
def test_what_could_not_be_looked_for_stays_in_the_state_until_a_person_agrees(
    program: Program, beside: Beside, panel: RunningPanel
) -> None:
    """`pulumi stack import` drops every pending operation, and the next `up` would make the object anew."""
    lines = PROGRAM.splitlines()
    stack = program("\n".join([*lines[:7], lines[11]]))
    stack.up()
    lose_what_one_needs(stack)
    lock(stack)
    for _ in range(2):  # another `recover` sees it too
        done = beside(stack, "recover", "--yes")
        assert (done.returncode, AGAIN in done.stdout) == (2, False), done.stdout + done.stderr
        assert "SshKey 'key' could not be looked for: the state does not hold what it needs, urn:gone." in done.stdout
        assert "Took over" not in done.stdout
        assert "run it at a terminal without --yes, and agree to forget it" in done.stdout
        assert "locked" in str(stack.up(fails=True))
        assert pending(stack) == ["block", "key"]
    assert "Nothing was done" in at_a_terminal(stack, "n")
    assert "Nothing was done" in at_a_terminal(stack, "y\nn")
    assert pending(stack) == ["block", "key"]
    printed = at_a_terminal(stack, "y\ny")
    assert "Took over traffic block 1/1 as TrafficBlock 'block'." in printed
    assert "Forgot SshKey 'key', as you agreed" in printed
    assert AGAIN not in printed
    assert (pending(stack), ids(stack)["TrafficBlock block"]) == ([], "1/1")
    assert "marked-name" not in printed
    assert len(panel.state()["ssh_keys"]) == 1


@pytest.mark.long
def test_what_the_refresh_makes_unsearchable_is_not_forgotten_either(
    program: Program, beside: Beside, panel: RunningPanel
) -> None:
    """The server is gone from the panel, so the refresh takes it from the state, and the block has no place there."""
    lines = PROGRAM.splitlines()
    stack = program("\n".join([*lines[:5], lines[6], lines[11]]))
    stack.up()
    kill_while_making(stack, "TrafficBlock")
    panel.mutate("servers", 1, delete=True)
    done = beside(stack, "recover", "--yes")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Unlocked and refreshed the stack." in done.stdout
    assert "TrafficBlock 'block' could not be looked for: the state does not hold what it needs" in done.stdout
    assert pending(stack) == ["block"]


@pytest.mark.long
def test_where_the_program_fails_the_state_alone_tells(stack: PanelStack, beside: Beside) -> None:
    kill_while_making(stack, "TrafficBlock")
    stack.write("raise ValueError('no such thing')")
    done = beside(stack, "recover", "--yes")
    assert done.returncode == 0
    assert "Took over traffic block 1/1 as TrafficBlock 'block'." in done.stdout
    assert "The program could not be asked what it still wants: " in done.stdout


FOREIGN = {
    "type": "creating",
    "resource": {
        "urn": "urn:pulumi:dev::program::aws:s3/bucket:Bucket::logs", "type": "aws:s3/bucket:Bucket", "custom": True,
        "provider": "urn:pulumi:dev::program::pulumi:providers:aws::default::some-uuid",
    },
}  # fmt: skip


@pytest.mark.long
def test_it_waits_until_two_looks_at_the_panel_agree(program: Program, panel: RunningPanel, client: VirtFusion) -> None:
    """The last requests of a dead provider may still be under way at the panel."""
    stack = program("\n".join(PROGRAM.splitlines()[:6]))
    stack.up()
    stack.environment["VIRTFUSION_REQUEST_TIMEOUT"] = "8"
    kill_while_making(stack, "SshKey")
    client.ssh_keys.delete(1)
    panel.clear_requests()
    command = [sys.executable, "-m", "pulumi_virtfusion", "recover", "--yes"]
    running = subprocess.Popen(
        command, cwd=stack.project, env=stack.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    while not any(request["path"] == "/servers/user/2" for request in panel.requests()):  # the last of its first look
        assert running.poll() is None
    client.ssh_keys.create(user_id=2, name="marked-name", public_key=KEY)
    printed = running.communicate(timeout=120)[0]
    assert "The panel is still changing: looking again in 5 seconds." in printed
    assert "Took over SSH key 2 as SshKey 'key'." in printed
    assert running.returncode == 0


@pytest.mark.long
def test_a_replacement_that_was_cut_short_goes_on(program: Program, beside: Beside, client: VirtFusion) -> None:
    text = "\n".join(PROGRAM.splitlines()[:6]).replace('pulumi.Output.secret("marked-name")', '"laptop"')
    stack = program(text)
    stack.up()
    client.ssh_keys.create(user_id=2, name="desktop", public_key=KEY)
    stack.write(text.replace('"laptop"', '"desktop"'))
    done = beside(stack, "recover", "--yes", "--unproven")
    assert "Took over SSH key 2 as SshKey 'key'." in done.stdout, done.stdout + done.stderr
    stack.up()
    assert stack.changed == ["DELETE /ssh_keys/1"]
    assert ids(stack)["SshKey key"] == "2"


@pytest.mark.long
@both_doors
def test_a_second_panel_is_asked_with_the_settings_that_the_state_has(
    program: Program, beside: Beside, panel: RunningPanel
) -> None:
    stack = program(f"""
import pulumi
import pulumi_virtfusion as virtfusion

eu = virtfusion.Provider("default-eu", endpoint="{panel.origin}", token="{TOKEN}")
virtfusion.Server(
    "web", package_id=2, user_id=1, hypervisor_group_id=1, opts=pulumi.ResourceOptions(provider=eu)
)
""")
    stack.up()
    kill_while_making(stack, "Server")
    for name in ("VIRTFUSION_ENDPOINT", "VIRTFUSION_TOKEN"):
        stack.environment[name] = ""
    done = beside(stack, "recover", "--yes")
    assert (done.returncode, ids(stack)) == (0, {"Server web": "1"}), done.stdout + done.stderr


@pytest.mark.long
def test_a_server_that_was_there_before_the_run_is_not_taken_over(
    program: Program, beside: Beside, panel: RunningPanel, client: VirtFusion
) -> None:
    """Billing made it; our run was killed before its request arrived."""
    stack = program("\n".join(PROGRAM.splitlines()[:5]))
    stack.up()
    client.servers.create(package_id=1, user_id=2, hypervisor_group_id=1)
    stack.write("\n".join([*PROGRAM.splitlines()[:5], PROGRAM.splitlines()[6]]))
    stack.up()
    kill_while_making(stack, "Server")
    panel.mutate("servers", 2, delete=True)
    done = beside(stack, "recover", "--yes")
    assert (done.returncode, "Took over" in done.stdout) == (1, False)
    assert "Forgot Server 'web', which was being made: the panel has nothing of it." in done.stdout
    assert "server 1 ('', empty, made " in done.stdout


@both_doors
def test_a_stack_of_another_panel_is_left_alone(program: Program, beside: Beside, panel: RunningPanel) -> None:
    stack = program("\n".join(PROGRAM.splitlines()[:5]))
    stack.up()
    rewrite(stack, lambda latest: latest["resources"][-1]["inputs"].update({"__panel": "https://old.example.com"}))
    panel.clear_requests()
    done = beside(stack, "recover", "--yes")
    assert (done.returncode, done.stdout, panel.requests()) == (2, "", [])
    assert "User 'ada' of the state belongs to the panel https://old.example.com" in done.stderr


def test_elsewhere_or_without_a_panel_it_cannot(program: Program, beside: Beside, tmp_path: Path) -> None:
    stack = program("")
    nowhere = subprocess.run(
        [sys.executable, "-m", "pulumi_virtfusion", "recover", "--yes"],
        cwd=tmp_path, env=stack.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (nowhere.returncode, nowhere.stdout) == (2, "")
    assert "Traceback" not in nowhere.stderr
    assert beside(stack, "recover", "--stack", "prod", "--yes").returncode == 2
    stack.environment["VIRTFUSION_TOKEN"] = ""
    unset = beside(stack, "recover", "--yes")
    assert (unset.returncode, unset.stdout) == (2, "")
    assert "virtfusion:token is not set" in unset.stderr
